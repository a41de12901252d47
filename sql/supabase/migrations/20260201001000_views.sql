-- What people read without the API's functions: prices as decimals. Row-level security cannot hold for materialised views: they lie in
-- the schema private, and a view that joins them with events (whose security does hold) shows them.

create materialized view private.mv_latest_prices as
select s.tenant_id, s.event_id, s.kind, s.scope, s.basis, s.taken_at, s.currency, s.min_price, s.avg_price, s.median_price,
    s.max_price, s.min_price_2, s.min_price_4, s.tickets, s.listings
from public.events e
cross join lateral internal.last_snapshot(e.tenant_id, e.event_id) last
join internal.snapshot_prices s on s.tenant_id = e.tenant_id and s.event_id = e.event_id and s.kind <= 1
    and s.taken_at = last.taken_at and s.source_id = last.source_id
with no data;
create unique index mv_latest_prices_key on private.mv_latest_prices (tenant_id, event_id, kind, scope, basis);

-- Days of the event and of its zones, sources merged as in internal.merged().
create materialized view private.mv_daily_price_trends as
select m.tenant_id, m.event_id, m.kind, m.scope, m.bucket, m.currency, m.snapshots,
    m.min * 0.01 as min_price, sign(m.sum)::bigint * ((2 * abs(m.sum) + m.count) / nullif(2 * m.count, 0)) * 0.01 as avg_price,
    sign(m.median_x2)::bigint * ((abs(m.median_x2) + 1) / 2) * 0.01 as median_price, m.max * 0.01 as max_price,
    m.min_2 * 0.01 as min_price_2, m.min_4 * 0.01 as min_price_4, m.tickets, m.listings
from (select d.tenant_id, d.event_id, d.kind, d.scope, d.bucket, (array_agg(d.currency))[1] as currency,
        sum(d.snapshots)::bigint as snapshots, sum(d.count)::bigint as count, sum(d.sum)::bigint as sum, min(d.min) as min,
        max(d.max) as max, (array_agg(d.median_x2))[1] as median_x2, min(d.min_2) as min_2, min(d.min_4) as min_4,
        (array_agg(d.tickets))[1] as tickets, (array_agg(d.listings))[1] as listings
    from (select * from public.daily_analytics where kind <= 1
        order by tenant_id, event_id, kind, scope, bucket, last_offset desc, tickets desc, listings desc,
            median_x2 desc nulls last, ai_median_x2 desc nulls last) d
    group by d.tenant_id, d.event_id, d.kind, d.scope, d.bucket) m
with no data;
create unique index mv_daily_price_trends_key on private.mv_daily_price_trends (tenant_id, event_id, kind, scope, bucket);

revoke all on private.mv_latest_prices, private.mv_daily_price_trends from public, anon, authenticated, service_role;
grant select on private.mv_latest_prices, private.mv_daily_price_trends to anon, authenticated, service_role;

create view public.latest_prices with (security_invoker = true, security_barrier = true) as
select m.tenant_id, m.event_id, e.platform || ':' || e.external_id as event, e.name, case m.kind when 1 then m.scope end as zone,
    m.taken_at, m.currency, m.basis as price_basis, m.min_price, m.avg_price, m.median_price, m.max_price, m.min_price_2,
    m.min_price_4, m.tickets as total_tickets, m.listings as total_listings
from private.mv_latest_prices m join public.events e on e.tenant_id = m.tenant_id and e.event_id = m.event_id;

create view public.daily_price_trends with (security_invoker = true, security_barrier = true) as
select m.tenant_id, m.event_id, e.platform || ':' || e.external_id as event, e.name, case m.kind when 1 then m.scope end as zone,
    (m.bucket at time zone 'UTC')::date as day, m.currency, m.snapshots, m.min_price, m.avg_price, m.median_price, m.max_price,
    m.min_price_2, m.min_price_4, m.tickets as total_tickets, m.listings as total_listings
from private.mv_daily_price_trends m join public.events e on e.tenant_id = m.tenant_id and e.event_id = m.event_id;

-- Hours as they were pushed, a row for each source.
create view public.hourly_prices with (security_invoker = true) as
select h.tenant_id, h.event_id, case h.kind when 1 then h.scope end as zone, case h.kind when 2 then h.scope end as section,
    h.bucket, h.source_id, h.currency, h.snapshots, h.min * 0.01 as min_price,
    sign(h.sum)::bigint * ((2 * abs(h.sum) + h.count) / nullif(2 * h.count, 0)) * 0.01 as avg_price,
    sign(h.median_x2)::bigint * ((abs(h.median_x2) + 1) / 2) * 0.01 as median_price, h.max * 0.01 as max_price,
    h.min_1 * 0.01 as min_price_1, h.min_2 * 0.01 as min_price_2, h.min_4 * 0.01 as min_price_4,
    h.tickets as total_tickets, h.listings as total_listings, h.lowest as lowest_tickets, h.highest as highest_tickets
from public.aggregated_analytics h;

revoke all on public.latest_prices, public.daily_price_trends, public.hourly_prices from public, anon, authenticated, service_role;
grant select on public.latest_prices, public.daily_price_trends, public.hourly_prices to anon, authenticated, service_role;

-- A first refresh fills and locks out readers, who find nothing yet; later ones do not lock them out. Returns the rows that there are.
create function private.refresh_views() returns bigint
language plpgsql set search_path = '' as $$
declare
    view  record;
    rows  bigint;
    total bigint := 0;
begin
    for view in select m.matviewname as name, m.ispopulated as filled from pg_catalog.pg_matviews m
        where m.schemaname = 'private' and m.matviewname in ('mv_latest_prices', 'mv_daily_price_trends') order by 1
    loop
        execute format('refresh materialized view %s private.%I', case when view.filled then 'concurrently' else '' end, view.name);
        execute format('select count(*) from private.%I', view.name) into rows;
        total := total + rows;
    end loop;
    return total;
end $$;
revoke execute on function private.refresh_views() from public;
select private.refresh_views();
