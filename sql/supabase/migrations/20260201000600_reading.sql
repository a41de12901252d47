-- How measures are read: what the API's functions share. It lives in the schema internal, which no API shows but its roles may use;
-- nothing here sees more than its caller does.
create schema internal;
revoke all on schema internal from public;
grant usage on schema internal to anon, authenticated, service_role;

-- Measures of a bucket (or a snapshot) as src/core/measures.h has them, prices of one basis; `at` is its start. The medians of both
-- bases decide which of two levels stands.
create type internal.measures as (
    at timestamptz, last_at timestamptz, snapshots bigint, tickets bigint, listings bigint, lowest bigint, highest bigint,
    count bigint, sum bigint, min bigint, max bigint, median_x2 bigint, min_1 bigint, min_2 bigint, min_4 bigint,
    base_median_x2 bigint, ai_median_x2 bigint
);

-- RFC 3339 in UTC, without a fraction when the milliseconds are 0.
create function internal.rfc3339(p_at timestamptz) returns text
language sql immutable set search_path = '' as $$
    select replace(to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z')
$$;

-- The start of the hour or day that a time is in; of a snapshot the time itself.
create function internal.bucket_of(p_at timestamptz, p_by text) returns timestamptz
language sql immutable set search_path = '' as $$
    select case p_by when 'hour' then date_bin('1 hour', p_at, '1970-01-01 00:00:00Z')
        when 'day' then date_bin('1 day', p_at, '1970-01-01 00:00:00Z') else p_at end
$$;

-- A query for the rows of one table: $1 tenant, $2 event, $3 zone (null: the whole event), [$4, $5) time. The kind is a constant in
-- it, since the covering indexes are partial.
create function internal.parts_query(p_table text, p_by text, p_zone text, p_price text) returns text
language sql immutable set search_path = '' as $$
    select format(case p_table when 'ticket_snapshots' then
            'select m.taken_at, m.taken_at, 1::bigint, m.tickets, m.listings, m.tickets, m.tickets, '
        else
            'select date_bin(%1$L, m.bucket, ''1970-01-01 00:00:00Z''), m.bucket + m.last_offset * interval ''1 ms'', m.snapshots,
                m.tickets, m.listings, m.lowest, m.highest, '
        end || 'm.%2$scount, m.%2$ssum, m.%2$smin, m.%2$smax, m.%2$smedian_x2, m.%2$smin_1, m.%2$smin_2, m.%2$smin_4,
            m.median_x2, m.ai_median_x2
        from public.%3$I m
        where m.tenant_id = $1 and m.event_id = $2 and ' || case when p_zone is null then 'm.kind = 0'
            else 'm.kind = 1 and m.scope = $3' end || ' and m.%4$I >= $4 and m.%4$I < $5',
        '1 ' || p_by, case p_price when 'base' then '' else 'ai_' end, p_table,
        case p_table when 'ticket_snapshots' then 'taken_at' else 'bucket' end)
$$;

-- What is read: a zone (null: the whole event) in the buckets that start in [from_at, to_at).
create type internal.scope as (
    tenant uuid, event uuid, name text, currency text, zone text, price text, granularity text, from_at timestamptz, to_at timestamptz,
    asked_from timestamptz, asked_to timestamptz
);

-- The rows of all sources, not merged yet. A day that a source has not pushed yet is made of its hours. Rows of one series lie far
-- apart, which the planner cannot know from the tenant, by which they are all together: with the cost of a page that a disk with
-- moving heads has, it would read them one by one instead of from the covering index.
create function internal.parts(s internal.scope) returns setof internal.measures
language plpgsql stable set search_path = '' set random_page_cost = 1.1 as $$
declare
    open_from timestamptz;
    open_to   timestamptz := internal.bucket_of(s.to_at + interval '1 day' - interval '1 us', 'day');
begin
    if s.granularity <> 'day' then
        return query execute internal.parts_query(case s.granularity when 'hour' then 'aggregated_analytics' else 'ticket_snapshots' end,
            s.granularity, s.zone, s.price) || ' order by 1' using s.tenant, s.event, s.zone, s.from_at, s.to_at;
        return;
    end if;
    return query execute internal.parts_query('daily_analytics', 'day', s.zone, s.price)
        using s.tenant, s.event, s.zone, s.from_at, s.to_at;
    select greatest(s.from_at, min(l.open)) into open_from
    from public.event_sources e, lateral (
        select coalesce((select d.bucket + interval '1 day' from public.daily_analytics d
            where d.tenant_id = s.tenant and d.event_id = s.event and d.kind = 0 and d.source_id = e.source_id
            order by d.bucket desc limit 1), '-infinity') as open) l
    where e.tenant_id = s.tenant and e.event_id = s.event;
    return query execute internal.parts_query('aggregated_analytics', 'day', s.zone, s.price) ||
        ' and not exists (select from public.daily_analytics d
            where d.tenant_id = $1 and d.event_id = $2 and d.kind = 0 and d.source_id = m.source_id
                and d.bucket = date_bin(''1 day'', m.bucket, ''1970-01-01 00:00:00Z''))'
        using s.tenant, s.event, s.zone, open_from, open_to;
end $$;

-- Merges the rows of each bucket: minima, maxima, sums and counts merge; tickets, listings and medians are those of the row with
-- the latest poll (at the same time of that with more tickets, more listings, the higher medians). By `at`.
create function internal.merged(s internal.scope) returns setof internal.measures
language plpgsql stable set search_path = '' as $$
begin
    if s.granularity <> 'day'
        and (select count(*) from public.event_sources e where e.tenant_id = s.tenant and e.event_id = s.event) = 1
    then
        return query select * from internal.parts(s); -- the usual case has nothing to merge
        return;
    end if;
    return query select p.at, max(p.last_at), sum(p.snapshots)::bigint, (array_agg(p.tickets))[1], (array_agg(p.listings))[1],
        min(p.lowest), max(p.highest), sum(p.count)::bigint, sum(p.sum)::bigint, min(p.min), max(p.max),
        (array_agg(p.median_x2))[1], min(p.min_1), min(p.min_2), min(p.min_4), null::bigint, null::bigint
    from (select * from internal.parts(s)
        order by at, last_at desc, tickets desc, listings desc, base_median_x2 desc nulls last, ai_median_x2 desc nulls last) p
    group by p.at
    order by p.at;
end $$;

-- The same of a zone, completed: polls that found nothing in it left no row, but count from its first sighting on.
create function internal.completed(s internal.scope) returns setof internal.measures
language plpgsql stable set search_path = '' as $$
declare
    event  internal.scope := s;
    first  timestamptz; -- sighting
    within timestamptz; -- the bucket of it
    before integer;     -- polls in that bucket that came before it
begin
    event.zone := null;
    select m.first_seen, internal.bucket_of(m.first_seen, s.granularity),
        case s.granularity when 'hour' then m.hour_before when 'day' then m.day_before else 0 end
    into first, within, before
    from public.zones_mapping m
    where m.tenant_id = s.tenant and m.event_id = s.event and m.zone = s.zone and m.section = '';
    return query
    select e.at, e.last_at, coalesce(z.snapshots, 0) + c.missing,
        case when c.stands then z.tickets else 0 end, case when c.stands then z.listings else 0 end,
        case when c.missing > 0 then 0 else z.lowest end, coalesce(z.highest, 0),
        coalesce(z.count, 0), coalesce(z.sum, 0), z.min, z.max, case when c.stands then z.median_x2 end, z.min_1, z.min_2, z.min_4,
        null::bigint, null::bigint
    from internal.merged(event) e
    left join internal.merged(s) z on z.at = e.at
    cross join lateral (select greatest(e.snapshots - coalesce(z.snapshots, 0) - case when e.at = within then before else 0 end, 0)
        as missing) m
    -- an empty poll at the same time as another one does not stand
    cross join lateral (select m.missing, z.at is not null and (m.missing = 0 or z.last_at >= e.last_at) as stands) c
    where z.at is not null or first <= e.last_at
    order by e.at;
end $$;

-- A snapshot's prices as people write them, a row for each basis. Quotients are rounded half away from zero.
create view internal.snapshot_prices with (security_invoker = true) as
select s.tenant_id, s.event_id, s.kind, s.scope, s.taken_at, s.source_id, s.currency, s.tickets, s.listings, s.available, p.basis,
    p.min * 0.01 as min_price, sign(p.sum)::bigint * ((2 * abs(p.sum) + p.count) / nullif(2 * p.count, 0)) * 0.01 as avg_price,
    sign(p.median_x2)::bigint * ((abs(p.median_x2) + 1) / 2) * 0.01 as median_price, p.max * 0.01 as max_price,
    p.min_1 * 0.01 as min_price_1, p.min_2 * 0.01 as min_price_2, p.min_4 * 0.01 as min_price_4
from public.ticket_snapshots s cross join lateral (values
    ('base', s.count, s.sum, s.min, s.max, s.median_x2, s.min_1, s.min_2, s.min_4),
    ('all-in', s.ai_count, s.ai_sum, s.ai_min, s.ai_max, s.ai_median_x2, s.ai_min_1, s.ai_min_2, s.ai_min_4)
) p (basis, count, sum, min, max, median_x2, min_1, min_2, min_4);
grant select on internal.snapshot_prices to anon, authenticated, service_role;

revoke execute on all functions in schema internal from public;
grant execute on all functions in schema internal to anon, authenticated, service_role;
