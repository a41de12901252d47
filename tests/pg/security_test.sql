-- Row-level security: every table and view as everybody, what is beside the tables, and writing.
begin;
select plan(46);
select tests.seed();

\set all '{tenants,members,sources,events,event_sources,zones_mapping,ticket_snapshots,aggregated_analytics,daily_analytics,scraper_jobs,scraper_logs,latest_prices,daily_price_trends,hourly_prices,maintenance_health}'
select is(cardinality(:'all'::text[])::bigint, (select count(*) from pg_class c where c.relnamespace = 'public'::regnamespace
    and c.relkind in ('r', 'p', 'v')), 'every table and view of public is asked for below');

-- of tenant A: 1 tenant, 2 members, 1 source, 2 events, each in 2 mapping rows, 3 measures, 2 bases of 2 latest prices, ...
select is(tests.counts(actor, :'all'), sees, actor) from (values
    ('alice of A',       '1 2 1 2 2 4 6 6 6 1 2 8 4 6 5'),
    ('bob of B',         '1 2 1 2 2 4 6 6 6 1 2 8 4 6 5'),
    ('carol of both',    '2 4 2 4 4 8 12 12 12 2 4 16 8 12 5'),
    ('stranger',         '0 0 0 0 0 0 0 0 0 0 0 0 0 0 5'),
    ('forger',           '0 0 0 0 0 0 0 0 0 0 0 0 0 0 5'),
    ('no claims',        '0 0 0 0 0 0 0 0 0 0 0 0 0 0 5'),
    ('anon',             '- - - 1 1 2 3 3 3 - - 4 2 3 -'),
    ('key of A',         '- - - 3 3 6 9 9 9 - - 12 6 9 -'),
    ('revoked key of A', '- - - 1 1 2 3 3 3 - - 4 2 3 -'),
    ('expired key of A', '- - - 1 1 2 3 3 3 - - 4 2 3 -'),
    ('wrong key',        '- - - 1 1 2 3 3 3 - - 4 2 3 -'),
    ('service_role',     '2 4 2 4 4 8 12 12 12 2 4 16 8 12 5')
) t (actor, sees);

-- whose rows they are, not only how many
select is(tests.ask(a.actor, $$select string_agg(distinct tenant_id::text, ' ') from ticket_snapshots$$), a.tenant, a.actor || ' sees no other tenant''s')
from (values ('alice of A', 'aaaaaaaa-0000-4000-8000-000000000001'), ('bob of B', 'bbbbbbbb-0000-4000-8000-000000000001')) a (actor, tenant);
select is(tests.ask('anon', 'select string_agg(distinct event_id::text, '' '') from daily_price_trends'),
    'eeeeeeee-0000-4000-8000-000000000003', 'anon sees the public event');

-- a member who leaves is gone at once, whatever its token says
delete from members where user_id = 'aaaaaaaa-0000-4000-8000-00000000000a';
select is(tests.counts('alice of A', '{events,ticket_snapshots,latest_prices}'), '0 0 0', 'a member who left sees nothing');

-- the ways past the tables
select is(tests.ask(a.actor, q.query), '42501', a.actor || ': ' || q.query)
from (values ('anon'), ('alice of A')) a (actor), (values
    ('select count(*) from private.ticket_snapshots_2026_02'), ('select count(*) from private.mv_latest_prices'),
    ('select count(*) from private.api_keys'), ('select count(*) from private.sync_batches'),
    ('select private.create_api_key(gen_random_uuid(), ''x'')'), ('select private.maintain()'),
    ('select private.ensure_partitions()'), ('select count(*) from private.scraper_hosts'),
    ('select private.queue_drop(gen_random_uuid(), 1)'),
    ('select private.queue_offer(gen_random_uuid(), gen_random_uuid(), ''h'', 1, ''[]'')')) q (query);

-- writing
select is(tests.ask(a.actor, q.query), '42501', a.actor || ' may not ' || left(q.query, 30))
from (values ('carol of both')) a (actor), (values
    ('update events set public = true'), ('delete from aggregated_analytics'),
    ('insert into members values (''aaaaaaaa-0000-4000-8000-000000000001'', ''dddddddd-0000-4000-8000-00000000000d'')')) q (query);
select is(tests.ask('stranger', 'insert into tenants (name) values (''mine'')'), '42501', 'stranger may not make a tenant');
select is(tests.ask('anon', 'update events set public = true'), '42501', 'anon may not make events public');
select is(tests.ask('service_role', 'with w as (update events set public = true where external_id = ''1'' returning 1) select count(*) from w'),
    '1', 'the service role may');
select is(tests.counts('anon', '{events,aggregated_analytics}'), '2 6', 'and then anon sees it');
select is(tests.ask('service_role', 'select private.ensure_partitions()'), '0', 'the service role makes partitions');

-- an event that is deleted takes its measures along
delete from events where external_id = '1';
select is(tests.counts('service_role', '{events,ticket_snapshots,aggregated_analytics,daily_analytics,zones_mapping}'), '3 9 9 9 6',
    'an event that is deleted takes its measures along');
select * from finish();
rollback;
