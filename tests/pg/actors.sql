-- For the pgTAP tests: who asks, and what they get. Two tenants with the same kinds of rows; event 3 of tenant B is public.
create extension if not exists pgtap with schema extensions;
select exists (select from pg_available_extensions where name = 'plpgsql_check') as checks \gset
\if :checks
create extension if not exists plpgsql_check with schema extensions;
\endif
create schema if not exists tests;
grant usage, create on schema tests to postgres;

-- The claims and headers that PostgREST would set for an actor, and its role.
create or replace function tests.actors() returns table (actor text, role text, claims text, headers text)
language sql immutable as $$
    values ('anon', 'anon', '{"role":"anon"}', '{}'),
        ('key of A', 'anon', '{"role":"anon"}', '{"x-api-key":"tws_key_of_a"}'),
        ('revoked key of A', 'anon', '{"role":"anon"}', '{"x-api-key":"tws_revoked"}'),
        ('expired key of A', 'anon', '{"role":"anon"}', '{"x-api-key":"tws_expired"}'),
        ('wrong key', 'anon', '{"role":"anon"}', '{"x-api-key":"tws_wrong"}'),
        ('alice of A', 'authenticated', '{"sub":"aaaaaaaa-0000-4000-8000-00000000000a","role":"authenticated"}', '{}'),
        ('bob of B', 'authenticated', '{"sub":"bbbbbbbb-0000-4000-8000-00000000000b","role":"authenticated"}', '{}'),
        ('carol of both', 'authenticated', '{"sub":"cccccccc-0000-4000-8000-00000000000c","role":"authenticated"}', '{}'),
        ('stranger', 'authenticated', '{"sub":"dddddddd-0000-4000-8000-00000000000d","role":"authenticated"}', '{}'),
        ('forger', 'authenticated', '{"sub":"dddddddd-0000-4000-8000-00000000000d","role":"service_role","tenant_id":"aaaaaaaa-0000-4000-8000-000000000001",
            "app_metadata":{"tenant_id":"aaaaaaaa-0000-4000-8000-000000000001","role":"service_role"},"user_metadata":{"tenant_id":"aaaaaaaa-0000-4000-8000-000000000001"}}', '{}'),
        ('no claims', 'authenticated', '', ''),
        ('service_role', 'service_role', '{"role":"service_role"}', '{}')
$$;

-- What a query answers an actor: its first column of the first row, or the SQLSTATE of its error. As PostgREST runs it: role and
-- claims are the transaction's.
create or replace function tests.ask(p_actor text, p_query text) returns text
language plpgsql as $$
declare
    who    record;
    answer text;
begin
    select * into strict who from tests.actors() a where a.actor = p_actor;
    begin
        perform set_config('request.jwt.claims', who.claims, true), set_config('request.headers', who.headers, true);
        perform set_config('role', who.role, true);
        execute p_query into answer;
        perform set_config('role', 'none', true);
    exception when others then
        answer := sqlstate;
    end;
    perform set_config('request.jwt.claims', '', true), set_config('request.headers', '', true);
    return answer;
end $$;

-- How many rows of a relation an actor sees, with "-" for one that it may not ask.
create or replace function tests.counts(p_actor text, p_relations text[]) returns text
language sql as $$
    select string_agg(replace(tests.ask(p_actor, 'select count(*) from ' || r.name), '42501', '-'), ' ' order by r.place)
    from unnest(p_relations) with ordinality r (name, place)
$$;

create or replace function tests.seed() returns void
language plpgsql as $$
declare
    tenant uuid;
    letter text;
    n      integer;
    id     uuid;
begin
    perform private.ensure_partitions('2026-02-01', '2026-03-01');
    foreach letter in array '{a,b}'::text[] loop
        tenant := case letter when 'a' then 'aaaaaaaa-0000-4000-8000-000000000001' else 'bbbbbbbb-0000-4000-8000-000000000001' end;
        insert into public.tenants values (tenant, 'Tenant ' || letter);
        insert into public.members values (tenant, (repeat(letter, 8) || '-0000-4000-8000-00000000000' || letter)::uuid),
            (tenant, 'cccccccc-0000-4000-8000-00000000000c');
        insert into public.sources values (tenant, tenant, 'workstation', false);
        foreach n in array case letter when 'a' then '{1,2}' else '{2,3}' end::integer[] loop
            id := ('eeeeeeee-0000-4000-8000-00000000000' || n)::uuid;
            insert into public.events (tenant_id, event_id, platform, external_id, name, starts_at, seen_at, seen_by, public)
            values (tenant, id, 'vividseats', n, 'Event ' || n, '2026-03-01', '2026-02-09 10:30Z', tenant, n = 3);
            insert into public.event_sources values (tenant, id, tenant, true, '2026-02-09 10:30Z');
            insert into public.zones_mapping (tenant_id, event_id, zone, section, first_seen, has_listings) values
                (tenant, id, 'Floor', '', '2026-02-09 09:30Z', false), (tenant, id, 'Floor', 'A', '2026-02-09 09:30Z', true);
            insert into public.ticket_snapshots (tenant_id, event_id, kind, scope, taken_at, source_id, currency, tickets, listings, count, sum,
                min, max, median_x2)
            select tenant, id, k.kind, k.scope, '2026-02-09 10:30Z', tenant, 'USD', 4, 2, 2, 30000, 10000, 20000, 30000
            from (values (0, '*'), (1, 'Floor'), (2, 'A')) k (kind, scope);
            insert into public.aggregated_analytics (tenant_id, event_id, kind, scope, bucket, source_id, currency, snapshots, last_offset,
                tickets, listings, lowest, highest, count, sum, min, max, median_x2)
            select tenant, id, k.kind, k.scope, '2026-02-09 10:00Z', tenant, 'USD', 1, 1800000, 4, 2, 4, 4, 2, 30000, 10000, 20000, 30000
            from (values (0, '*'), (1, 'Floor'), (2, 'A')) k (kind, scope);
            insert into public.daily_analytics (tenant_id, event_id, kind, scope, bucket, source_id, currency, snapshots, last_offset,
                tickets, listings, lowest, highest, count, sum, min, max, median_x2)
            select tenant, id, k.kind, k.scope, '2026-02-09', tenant, 'USD', 1, 37800000, 4, 2, 4, 4, 2, 30000, 10000, 20000, 30000
            from (values (0, '*'), (1, 'Floor'), (2, 'A')) k (kind, scope);
            insert into public.scraper_logs (tenant_id, event_id, polled_at, source_id, outcome) values (tenant, id, '2026-02-09 10:30Z', tenant, 'ok');
        end loop;
        insert into public.scraper_jobs (tenant_id, job_id, source_id, kind, status, due_at) values (tenant, tenant, tenant, 'scrape', 'done', '2026-02-09');
    end loop;
    insert into private.api_keys (sha256, tenant_id, name, revoked_at, expires_at)
    select sha256(k.key::bytea), 'aaaaaaaa-0000-4000-8000-000000000001', k.key, k.revoked, k.expires
    from (values ('tws_key_of_a', null, '2100-01-01'), ('tws_revoked', '2026-01-01'::timestamptz, null),
        ('tws_expired', null, '2026-01-01'::timestamptz)) k (key, revoked, expires);
    perform private.refresh_views();
end $$;
grant execute on all functions in schema tests to public;
