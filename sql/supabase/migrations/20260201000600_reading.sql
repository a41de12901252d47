-- How measures are read: what the API's functions share. It lives in the schema internal, which no API shows but its roles may use;
-- nothing here sees more than its caller does.
create schema internal;
revoke all on schema internal from public;
grant usage on schema internal to anon, authenticated, service_role;

-- Measures of a bucket (or a snapshot) as src/core/measures.h has them, `at` being its start.
create type internal.measures as (
    at timestamptz, source_id uuid, last_at timestamptz, snapshots bigint, tickets bigint, listings bigint,
    lowest bigint, highest bigint, count bigint, sum bigint, min bigint, max bigint, median_x2 bigint,
    min_1 bigint, min_2 bigint, min_4 bigint,
    ai_count bigint, ai_sum bigint, ai_min bigint, ai_max bigint, ai_median_x2 bigint,
    ai_min_1 bigint, ai_min_2 bigint, ai_min_4 bigint
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
create function internal.parts_query(p_table text, p_by text, p_zone text) returns text
language sql immutable set search_path = '' as $$
    select format(case p_table when 'ticket_snapshots' then
            'select m.taken_at, m.source_id, m.taken_at, 1::bigint, m.tickets, m.listings, m.tickets, m.tickets, '
        else
            'select date_bin(%1$L, m.bucket, ''1970-01-01 00:00:00Z''), m.source_id, m.bucket + m.last_offset * interval ''1 ms'', m.snapshots,
                m.tickets, m.listings, m.lowest, m.highest, '
        end || 'm.count, m.sum, m.min, m.max, m.median_x2, m.min_1, m.min_2, m.min_4,
            m.ai_count, m.ai_sum, m.ai_min, m.ai_max, m.ai_median_x2, m.ai_min_1, m.ai_min_2, m.ai_min_4
        from public.%2$I m
        where m.tenant_id = $1 and m.event_id = $2 and ' || case when p_zone is null then 'm.kind = 0'
            else 'm.kind = 1 and m.scope = $3' end || ' and m.%3$I >= $4 and m.%3$I < $5',
        '1 ' || p_by, p_table, case p_table when 'ticket_snapshots' then 'taken_at' else 'bucket' end)
$$;

-- The rows of all sources, not merged yet, of the buckets that start in [p_from, p_to). A day that a source has not pushed yet is
-- made of its hours.
create function internal.parts(p_tenant uuid, p_event uuid, p_zone text, p_by text, p_from timestamptz, p_to timestamptz)
returns setof internal.measures
language plpgsql stable set search_path = '' as $$
declare
    open_from timestamptz;
    open_to   timestamptz := internal.bucket_of(p_to + interval '1 day' - interval '1 us', 'day');
begin
    if p_by <> 'day' then
        return query execute internal.parts_query(case p_by when 'hour' then 'aggregated_analytics' else 'ticket_snapshots' end,
            p_by, p_zone) using p_tenant, p_event, p_zone, p_from, p_to;
        return;
    end if;
    return query execute internal.parts_query('daily_analytics', p_by, p_zone) using p_tenant, p_event, p_zone, p_from, p_to;
    select greatest(p_from, min(l.open)) into open_from
    from public.event_sources s, lateral (
        select coalesce((select d.bucket + interval '1 day' from public.daily_analytics d
            where d.tenant_id = p_tenant and d.event_id = p_event and d.kind = 0 and d.source_id = s.source_id
            order by d.bucket desc limit 1), '-infinity') as open) l
    where s.tenant_id = p_tenant and s.event_id = p_event;
    return query execute internal.parts_query('aggregated_analytics', p_by, p_zone) ||
        ' and not exists (select from public.daily_analytics d
            where d.tenant_id = $1 and d.event_id = $2 and d.kind = 0 and d.source_id = m.source_id
                and d.bucket = date_bin(''1 day'', m.bucket, ''1970-01-01 00:00:00Z''))'
        using p_tenant, p_event, p_zone, open_from, open_to;
end $$;

-- Merges the rows of each bucket: minima, maxima, sums and counts merge; tickets, listings and medians are those of the row with
-- the latest poll (at the same time of that with more tickets, more listings, the higher medians).
create function internal.merged(p_tenant uuid, p_event uuid, p_zone text, p_by text, p_from timestamptz, p_to timestamptz)
returns setof internal.measures
language sql stable set search_path = '' as $$
    select p.at, null::uuid, max(p.last_at), sum(p.snapshots)::bigint, (array_agg(p.tickets))[1], (array_agg(p.listings))[1],
        min(p.lowest), max(p.highest), sum(p.count)::bigint, sum(p.sum)::bigint, min(p.min), max(p.max),
        (array_agg(p.median_x2))[1], min(p.min_1), min(p.min_2), min(p.min_4),
        sum(p.ai_count)::bigint, sum(p.ai_sum)::bigint, min(p.ai_min), max(p.ai_max), (array_agg(p.ai_median_x2))[1],
        min(p.ai_min_1), min(p.ai_min_2), min(p.ai_min_4)
    from (select * from internal.parts(p_tenant, p_event, p_zone, p_by, p_from, p_to)
        order by at, last_at desc, tickets desc, listings desc, median_x2 desc nulls last, ai_median_x2 desc nulls last) p
    group by p.at
    order by p.at
$$;

-- Merged rows of a zone, completed: polls that found nothing in it left no row, but count from its first sighting on.
create function internal.series(p_tenant uuid, p_event uuid, p_zone text, p_by text, p_from timestamptz, p_to timestamptz)
returns setof internal.measures
language plpgsql stable set search_path = '' as $$
begin
    if p_zone is null then
        return query select * from internal.merged(p_tenant, p_event, null, p_by, p_from, p_to);
        return;
    end if;
    return query
    select e.at, null::uuid, e.last_at, coalesce(z.snapshots, 0) + c.missing,
        case when c.stands then z.tickets else 0 end, case when c.stands then z.listings else 0 end,
        case when c.missing > 0 then 0 else z.lowest end, coalesce(z.highest, 0),
        coalesce(z.count, 0), coalesce(z.sum, 0), z.min, z.max, case when c.stands then z.median_x2 end, z.min_1, z.min_2, z.min_4,
        z.ai_count, z.ai_sum, z.ai_min, z.ai_max, case when c.stands then z.ai_median_x2 end, z.ai_min_1, z.ai_min_2, z.ai_min_4
    from internal.merged(p_tenant, p_event, null, p_by, p_from, p_to) e
    left join internal.merged(p_tenant, p_event, p_zone, p_by, p_from, p_to) z on z.at = e.at
    cross join (select m.first_seen, internal.bucket_of(m.first_seen, p_by) as first_at,
            case p_by when 'hour' then m.hour_before when 'day' then m.day_before else 0 end as before
        from public.zones_mapping m
        where m.tenant_id = p_tenant and m.event_id = p_event and m.zone = p_zone and m.section = '') f
    cross join lateral (select greatest(e.snapshots - coalesce(z.snapshots, 0)
            - case when f.first_at = e.at then f.before else 0 end, 0) as missing) m
    -- an empty poll at the same time as another one does not stand
    cross join lateral (select m.missing, z.at is not null and (m.missing = 0 or z.last_at >= e.last_at) as stands) c
    where z.at is not null or f.first_seen <= e.last_at
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
