-- The shape of the team's database: what every table, function and view must have, asked of the catalogue so that what is added
-- later is asked too.
begin;
select plan(26);

create temp view ours as select c.oid, n.nspname, c.relname, c.relkind, c.relrowsecurity, c.reloptions, c.relispartition
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'private', 'internal');
create temp view functions as select p.oid, n.nspname, p.proname, p.prosecdef, p.proconfig, p.provolatile, p.proacl, p.prorettype, p.prosrc, l.lanname
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
    where n.nspname in ('public', 'private', 'internal');

select tables_are('public', array['tenants', 'members', 'sources', 'events', 'event_sources', 'zones_mapping', 'ticket_snapshots',
    'aggregated_analytics', 'daily_analytics', 'scraper_jobs', 'scraper_logs'], 'public has these tables and no others');
select views_are('public', array['latest_prices', 'daily_price_trends', 'hourly_prices', 'maintenance_health'],
    'public has these views and no others');
select functions_are('public', array['get_price_trends', 'get_group_prices', 'get_ticket_counts', 'get_events', 'get_event_zones',
    'get_latest_prices'], 'public has these functions and no others');
select is_empty('select nspname, relname from ours where relkind in (''r'', ''p'') and not relrowsecurity',
    'every table, partitioned parent and partition has row-level security');
select is_empty('select relname from ours where nspname = ''public'' and (relkind = ''m'' or relispartition)',
    'no materialised view and no partition is in public');
select is_empty('select relname from ours where relkind = ''v'' and not coalesce(reloptions, ''{}'') @> array[''security_invoker=true'']',
    'every view asks as its caller');
select is_empty('select nspname, proname from functions where not exists (select from unnest(proconfig) c where c like ''search_path=%'')',
    'every function has a fixed search_path');
select is_empty('select proname from functions where prosecdef and nspname = ''public''', 'no function in public sees more than its caller');
select is_empty($$select nspname, proname from functions f where f.proacl is null or exists (select from aclexplode(f.proacl) a where a.grantee = 0)$$,
    'no function is everybody''s');
select set_eq($$select proname from functions f where nspname = 'private' and exists (select from aclexplode(f.proacl) a
        where a.grantee in ('anon'::regrole, 'authenticated'::regrole))$$,
    array['member_tenants', 'key_tenants', 'public_events', 'waiting'], 'of private, the API''s roles may call only these');
select set_eq($$select p.proname from functions p where p.prosecdef and nspname = 'internal'$$, array['count_write', 'key_is_valid'],
    'of what the API''s roles may call by themselves, only these see more');
select is_empty('select proname from functions where nspname = ''public'' and (provolatile <> ''s'' or not proconfig @> array[''statement_timeout=1s''])',
    'the functions of the API only read, for a second at most');
select is_empty($$select grantee, table_name, privilege_type from information_schema.role_table_grants
        where table_schema in ('public', 'private', 'internal') and grantee in ('anon', 'authenticated', 'PUBLIC') and privilege_type <> 'SELECT'$$,
    'nobody but the service role writes');
select set_eq($$select o.relname::text from ours o join pg_class c using (oid), aclexplode(c.relacl) a
        where o.nspname in ('public', 'private') and a.grantee = 'anon'::regrole$$,
    array['events', 'event_sources', 'zones_mapping', 'ticket_snapshots', 'aggregated_analytics', 'daily_analytics', 'latest_prices',
        'daily_price_trends', 'hourly_prices', 'mv_latest_prices', 'mv_daily_price_trends'], 'anon may ask these and no others');
select ok(not has_schema_privilege(r.role, 'private', 'usage'), r.role || ' may not look into private')
    from (values ('anon'), ('authenticated')) r (role);
select is_empty($$select relname from ours where relkind in ('r', 'p') and nspname = 'public' and relname <> 'tenants' and not exists
        (select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
         where i.indrelid = ours.oid and i.indisprimary and a.attname = 'tenant_id')$$, 'tenant_id is first in every key');
select is_empty($$select conrelid::regclass, conname from pg_constraint c where contype = 'f' and connamespace = 'public'::regnamespace
        and not exists (select from pg_index i where i.indrelid = c.conrelid and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)$$,
    'every foreign key has an index');
select has_index('public', t.name, t.name || '_event_time', t.name || ' has an index by event and time')
    from (values ('ticket_snapshots'), ('aggregated_analytics')) t (name);
select ok(exists (select from pg_indexes where tablename = 'daily_analytics' and indexdef like '%(tenant_id, event_id, scope, bucket, source_id)%kind = 1%'),
    'days have one by zone and time');
select is_empty($$select relid from pg_partition_tree('public.ticket_snapshots') t join pg_class c on c.oid = t.relid
        where pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT'$$, 'there is no default partition');
select is((select count(*) from private.partitions()), 4::bigint, 'the months from now to three ahead are there');
select is_empty($$select table_name, column_name from information_schema.columns where table_schema = 'public' and data_type in ('real', 'double precision', 'money')$$,
    'no money is a float');
select exists (select from pg_extension where extname = 'plpgsql_check') as checks \gset
\if :checks
select is_empty($$select f.nspname, f.proname, c.* from functions f, lateral extensions.plpgsql_check_function(f.oid,
        case f.proname when 'touch' then 'public.ticket_snapshots'::regclass when 'touch_source' then 'public.sources'::regclass
            when 'forget_measures' then 'public.events'::regclass else 0::oid::regclass end, oldtable := case f.proname when 'forget_measures' then 'gone' end,
        newtable := case f.proname when 'touch' then 'changed' end) c where f.lanname = 'plpgsql'
        and (f.prosrc not like '%cron.%' or exists (select from pg_extension where extname = 'pg_cron'))$$, 'plpgsql_check finds nothing');
\else
select skip('no plpgsql_check', 1);
\endif
select lives_ok('select private.maintain()', 'maintenance runs in an empty database');
select * from finish();
rollback;
