-- The API: functions that answer what `tws events|zones|trends|groups|counts --format json` answer, in the same JSON. They only
-- read, as whoever calls them, so that row-level security holds and read replicas can serve them. An error is an HTTP status with
-- a message and a hint (PostgREST makes PT400 a 400).

create function internal.refuse(p_status text, p_message text, p_hint text default null) returns void
language plpgsql stable set search_path = '' as $$
begin
    raise exception using errcode = 'PT' || p_status, message = p_message, hint = coalesce(p_hint, '');
end $$;

-- {"data":[...],"meta":{...}} as the command line prints it; p_rows are the rows' texts.
create function internal.answer(p_rows text[], p_meta json) returns json
language sql immutable set search_path = '' as $$
    select ('{"data":[' || case when cardinality(p_rows) > 0 then E'\n' || array_to_string(p_rows, E',\n') || E'\n' else '' end
        || E'],\n"meta":' || p_meta::text || '}')::json
$$;

-- A time as RFC 3339 or a date (UTC midnight).
create function internal.time_of(p_argument text, p_text text) returns timestamptz
language plpgsql stable set search_path = '' set timezone = 'UTC' as $$
begin
    if p_text !~ '^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}(:?\d{2})?)?)?$' then
        raise datetime_field_overflow;
    end if;
    return p_text::timestamptz;
exception when datetime_field_overflow or invalid_datetime_format or invalid_time_zone_displacement_value then
    perform internal.refuse('400', format('%s: ''%s'' is not a time', p_argument, left(p_text, 60)),
        'Write it as 2026-02-09 or 2026-02-09T18:00:00Z.');
    return null;
end $$;

-- The one tenant that has the event, of those whose rows the caller may read.
create function internal.find_event(p_event uuid, p_tenant uuid) returns public.events
language plpgsql stable set search_path = '' as $$
declare
    event  public.events;
    others integer;
begin
    if p_event is null then
        perform internal.refuse('400', 'event_id is missing', 'get_events() lists them.');
    end if;
    select * into event from public.events e
    where e.event_id = p_event and (p_tenant is null or e.tenant_id = p_tenant) limit 1;
    if not found then
        perform internal.refuse('404', format('no such event: %s', p_event), 'get_events() lists those that you may read.');
    end if;
    select count(*) into others from public.events e where e.event_id = p_event and e.tenant_id <> event.tenant_id;
    if others > 0 and p_tenant is null then
        perform internal.refuse('400', format('%s tenants have this event: tenant is missing', others + 1),
            'Yours are in the table tenants.');
    end if;
    return event;
end $$;

-- A zone by its name, in any case of letters; null for the whole event.
create function internal.find_zone(p_event public.events, p_zone text) returns text
language plpgsql stable set search_path = '' as $$
declare
    zone text;
begin
    if p_zone is null or p_zone = '*' then
        return null;
    end if;
    select m.zone into zone from public.zones_mapping m
    where m.tenant_id = p_event.tenant_id and m.event_id = p_event.event_id and m.section = '' and lower(m.zone) = lower(p_zone)
    order by m.zone <> p_zone, m.display_order, m.zone collate "C" limit 1;
    if not found then
        perform internal.refuse('404', format('event ''%s:%s'' has no zone ''%s''', p_event.platform, p_event.external_id,
                left(p_zone, 200)),
            (select 'Its zones: ' || coalesce(string_agg(m.zone, ', ' order by m.display_order, m.zone collate "C"), 'none seen yet')
             from public.zones_mapping m
             where m.tenant_id = p_event.tenant_id and m.event_id = p_event.event_id and m.section = ''));
    end if;
    return zone;
end $$;

create function internal.check_word(p_argument text, p_word text, p_allowed text[]) returns text
language plpgsql stable set search_path = '' as $$
begin
    if p_word is null or p_word <> all (p_allowed) then
        perform internal.refuse('400', format('%s: ''%s'' is none of %s', p_argument, left(p_word, 60), array_to_string(p_allowed, ', ')));
    end if;
    return p_word;
end $$;

create function internal.find_scope(p_event uuid, p_tenant uuid, p_zone text, p_from text, p_to text, p_by text, p_price text)
returns internal.scope
language plpgsql stable set search_path = '' as $$
declare
    event public.events := internal.find_event(p_event, p_tenant);
    scope internal.scope;
begin
    scope.granularity := internal.check_word('granularity', p_by, '{snapshot,hour,day}');
    scope.price := internal.check_word('price', p_price, '{base,all-in}');
    scope.asked_from := internal.time_of('start_date', p_from);
    scope.asked_to := internal.time_of('end_date', p_to);
    if scope.asked_to < scope.asked_from then
        perform internal.refuse('400', format('end_date: ''%s'' is before start_date ''%s''', left(p_to, 60), left(p_from, 60)));
    end if;
    scope.tenant := event.tenant_id;
    scope.event := event.event_id;
    scope.name := event.platform || ':' || event.external_id;
    scope.currency := event.currency;
    scope.zone := internal.find_zone(event, p_zone);
    scope.from_at := internal.bucket_of(coalesce(scope.asked_from, '1970-01-01 00:00:00Z'), scope.granularity);
    scope.to_at := coalesce(scope.asked_to, date_trunc('milliseconds', now()) + interval '1 ms');
    return scope;
end $$;

-- A bucket as people read it, prices of the basis that was asked for.
create type internal.bucket as (
    at timestamptz, "timestamp" text, snapshots bigint, tickets bigint, listings bigint, lowest bigint, highest bigint,
    min_price numeric, avg_price numeric, median_price numeric, max_price numeric,
    min_price_1 numeric, min_price_2 numeric, min_price_4 numeric
);

create function internal.read(s internal.scope) returns setof internal.bucket
language sql stable set search_path = '' as $$
    select m.at, replace(to_char(m.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), '.000Z', 'Z'),
        m.snapshots, m.tickets, m.listings, m.lowest, m.highest, m.min * 0.01,
        sign(m.sum)::bigint * ((2 * abs(m.sum) + m.count) / nullif(2 * m.count, 0)) * 0.01,
        sign(m.median_x2)::bigint * ((abs(m.median_x2) + 1) / 2) * 0.01, m.max * 0.01, m.min_1 * 0.01, m.min_2 * 0.01, m.min_4 * 0.01
    from (select * from internal.merged(s) where s.zone is null
        union all select * from internal.completed(s) where s.zone is not null) m
$$;

create function internal.meta(p_scope internal.scope, p_rows text[]) returns json
language sql immutable set search_path = '' as $$
    select row_to_json(m) from (select p_scope.name as event, p_scope.event as event_id, p_scope.currency as currency,
        p_scope.price as price_basis, p_scope.granularity as granularity, p_scope.zone as zone,
        internal.rfc3339(p_scope.asked_from) as "from", internal.rfc3339(p_scope.asked_to) as "to",
        cardinality(p_rows) as data_points) m
$$;

-- "trend" and "percent_change" from the first to the last known lowest price; under one percent is flat.
create function internal.trend(p_first numeric, p_last numeric) returns text
language sql immutable set search_path = '' as $$
    select coalesce((select format(',"trend":"%s","percent_change":%s',
            case when c.percent >= 1 then 'increasing' when c.percent <= -1 then 'decreasing' else 'flat' end,
            to_char(c.percent, 'FM999999999999990.00'))
        from (select 100::float8 * (100 * (p_last - p_first))::float8 / nullif(100 * p_first, 0)::float8 as percent) c
        where c.percent is not null), ',"trend":null,"percent_change":null')
$$;

create function public.get_price_trends(event_id uuid, zone text default null, start_date text default null, end_date text default null,
    granularity text default 'hour', price text default 'base', tenant uuid default null)
returns json
language plpgsql stable set search_path = '' set statement_timeout = '1s' as $$
declare
    scope internal.scope := internal.find_scope($1, $7, $2, $3, $4, $5, $6);
    rows  text[];
    known numeric[]; -- lowest prices
begin
    select coalesce(array_agg(row_to_json(r)::text), '{}'), array_agg(b.min_price) filter (where b.min_price is not null)
    into rows, known
    from (select * from internal.read(scope) order by at) b,
        lateral (select b.timestamp, b.min_price, b.avg_price, b.median_price, b.max_price, b.snapshots) r;
    return internal.answer(rows, (rtrim(internal.meta(scope, rows)::text, '}') || internal.trend(known[1], known[cardinality(known)]) || '}')::json);
end $$;

create function public.get_group_prices(event_id uuid, zone text default null, start_date text default null, end_date text default null,
    granularity text default 'hour', group_size integer default null, price text default 'base', tenant uuid default null)
returns json
language plpgsql stable set search_path = '' set statement_timeout = '1s' as $$
declare
    scope internal.scope := internal.find_scope($1, $8, $2, $3, $4, $5, $7);
    rows  text[];
begin
    if $6 not in (1, 2, 4) then
        perform internal.refuse('400', format('group_size: %s is none of 1, 2, 4', $6), 'Without it rows are for 2 and for 4.');
    end if;
    select coalesce(array_agg(row_to_json(r)::text order by b.at, k.size), '{}') into rows
    from internal.read(scope) b cross join unnest(case when $6 is null then '{2,4}' else array[$6] end) as k (size),
        lateral (select case k.size when 1 then b.min_price_1 when 2 then b.min_price_2 else b.min_price_4 end as price) p,
        lateral (select b.timestamp, k.size as group_size, k.size * p.price as price, p.price as price_per_ticket) r;
    return internal.answer(rows, internal.meta(scope, rows));
end $$;

create function public.get_ticket_counts(event_id uuid, zone text default null, start_date text default null, end_date text default null,
    granularity text default 'hour', tenant uuid default null)
returns json
language plpgsql stable set search_path = '' set statement_timeout = '1s' as $$
declare
    scope internal.scope := internal.find_scope($1, $6, $2, $3, $4, $5, 'base');
    rows  text[];
begin
    select coalesce(array_agg(row_to_json(r)::text order by b.at), '{}') into rows
    from internal.read(scope) b, lateral (select b.timestamp, b.tickets as total_tickets,
        b.listings as total_listings, b.lowest as lowest_tickets, b.highest as highest_tickets, b.tickets > 0 as available) r;
    return internal.answer(rows, internal.meta(scope, rows));
end $$;

-- The one tenant whose events the caller may read, or that it named.
create function internal.find_tenant(p_tenant uuid) returns uuid
language plpgsql stable set search_path = '' as $$
declare
    tenants uuid[];
begin
    if p_tenant is not null then
        return p_tenant;
    end if;
    select array_agg(distinct e.tenant_id) into tenants from public.events e;
    if cardinality(tenants) > 1 then
        perform internal.refuse('400', format('you may read events of %s tenants: tenant is missing', cardinality(tenants)),
            'Yours are in the table tenants.');
    end if;
    return tenants[1];
end $$;

-- The events that are followed now, or every one that is stored, by date.
create function public.get_events(include_untracked boolean default false, tenant uuid default null) returns json
language plpgsql stable set search_path = '' set statement_timeout = '1s' as $$
declare
    wanted uuid := internal.find_tenant($2);
    rows   text[];
begin
    select coalesce(array_agg(row_to_json(r)::text order by e.starts_at nulls last, e.name collate "C", e.platform collate "C",
        e.external_id collate "C"), '{}') into rows
    from public.events e
    cross join lateral (select coalesce(bool_or(s.tracked), false) as tracked, max(s.last_scraped) as last_scraped
        from public.event_sources s where s.tenant_id = e.tenant_id and s.event_id = e.event_id) s
    cross join lateral (select e.event_id as id, e.platform || ':' || e.external_id as event, nullif(e.name, '') as name,
        nullif(e.venue, '') as venue, nullif(e.city, '') as city, nullif(e.region, '') as state,
        internal.rfc3339(e.starts_at) as date, nullif(e.timezone, '') as timezone, nullif(e.category, '') as category,
        s.tracked as active, internal.rfc3339(s.last_scraped) as last_scraped, nullif(e.url, '') as url) r
    where e.tenant_id = wanted and ($1 or s.tracked);
    return internal.answer(rows, internal.meta(null, rows));
end $$;

-- The last good snapshot of an event: its own row.
create function internal.last_snapshot(p_tenant uuid, p_event uuid) returns public.ticket_snapshots
language sql stable set search_path = '' as $$
    select * from public.ticket_snapshots s
    where s.tenant_id = p_tenant and s.event_id = p_event and s.kind = 0 and s.scope = '*'
    order by s.taken_at desc, s.tickets desc, s.listings desc, s.median_x2 desc nulls last, s.ai_median_x2 desc nulls last
    limit 1
$$;

-- Names of the sections that the map puts into a zone, and of those where its listings lay.
create function internal.sections(p_tenant uuid, p_event uuid, p_zone text) returns text[]
language sql stable set search_path = '' as $$
    select coalesce(array_agg(m.section order by m.section collate "C"), '{}')
    from public.zones_mapping m
    where m.tenant_id = p_tenant and m.event_id = p_event and m.zone = p_zone and m.section <> '' and (m.has_listings
        or m.mapped_at = (select max(o.mapped_at) from public.zones_mapping o
            where o.tenant_id = p_tenant and o.event_id = p_event and o.section = m.section))
$$;

-- The zones of an event as they were at its last good snapshot.
create function public.get_event_zones(event_id uuid, price text default 'base', tenant uuid default null) returns json
language plpgsql stable set search_path = '' set statement_timeout = '1s' as $$
declare
    scope internal.scope := internal.find_scope($1, $3, null, null, null, 'hour', $2);
    last  public.ticket_snapshots := internal.last_snapshot(scope.tenant, scope.event);
    rows  text[];
begin
    scope.granularity := null;
    select coalesce(array_agg(row_to_json(r)::text order by z.place), '{}') into rows
    from (select m.zone, m.first_seen, row_number() over (order by m.display_order, m.zone collate "C") - 1 as place
        from public.zones_mapping m
        where m.tenant_id = scope.tenant and m.event_id = scope.event and m.section = '') z
    left join internal.snapshot_prices s on s.tenant_id = scope.tenant and s.event_id = scope.event and s.kind = 1
        and s.scope = z.zone and s.taken_at = last.taken_at and s.source_id = last.source_id and s.basis = scope.price
    cross join lateral (select z.zone as zone_name, internal.sections(scope.tenant, scope.event, z.zone) as sections,
        z.place as display_order, s.min_price as current_min_price, s.max_price as current_max_price,
        s.avg_price as current_avg_price, s.median_price as current_median_price, s.min_price_2 as current_min_price_2,
        s.min_price_4 as current_min_price_4,
        coalesce(s.tickets, 0) as current_total_tickets, coalesce(s.listings, 0) as current_total_listings) r
    where z.first_seen <= last.taken_at;
    return internal.answer(rows, internal.meta(scope, rows));
end $$;

-- Each event at its last good snapshot: a row for the whole event (zone null) and one for each zone with something in it.
create function public.get_latest_prices(event_id uuid default null, price text default 'base', tenant uuid default null) returns json
language plpgsql stable set search_path = '' set statement_timeout = '1s' as $$
declare
    scope internal.scope;
    rows  text[];
begin
    if $1 is null then
        scope.tenant := internal.find_tenant($3);
        scope.price := internal.check_word('price', $2, '{base,all-in}');
    else
        scope := internal.find_scope($1, $3, null, null, null, 'hour', $2);
        scope.granularity := null;
    end if;
    select coalesce(array_agg(row_to_json(r)::text order by e.starts_at nulls last, e.event_id, s.kind, z.display_order,
        s.scope collate "C"), '{}') into rows
    from public.events e
    cross join lateral internal.last_snapshot(e.tenant_id, e.event_id) last
    join internal.snapshot_prices s on s.tenant_id = e.tenant_id and s.event_id = e.event_id and s.kind <= 1
        and s.taken_at = last.taken_at and s.source_id = last.source_id and s.basis = scope.price
    left join public.zones_mapping z on z.tenant_id = e.tenant_id and z.event_id = e.event_id and z.zone = s.scope and z.section = ''
        and s.kind = 1
    cross join lateral (select e.event_id as id, e.platform || ':' || e.external_id as event, case when s.kind = 1 then s.scope end as zone,
        internal.rfc3339(s.taken_at) as timestamp, s.currency as currency,
        s.min_price, s.avg_price, s.median_price, s.max_price, s.min_price_2, s.min_price_4,
        s.tickets as total_tickets, s.listings as total_listings, s.available as available) r
    where e.tenant_id = scope.tenant and ($1 is null or e.event_id = $1);
    return internal.answer(rows, internal.meta(scope, rows));
end $$;

revoke execute on all functions in schema internal from public;
grant execute on all functions in schema internal to anon, authenticated, service_role;
revoke execute on function
    public.get_price_trends(uuid, text, text, text, text, text, uuid),
    public.get_group_prices(uuid, text, text, text, text, integer, text, uuid),
    public.get_ticket_counts(uuid, text, text, text, text, uuid),
    public.get_events(boolean, uuid), public.get_event_zones(uuid, text, uuid), public.get_latest_prices(uuid, text, uuid)
    from public;
grant execute on function
    public.get_price_trends(uuid, text, text, text, text, text, uuid),
    public.get_group_prices(uuid, text, text, text, text, integer, text, uuid),
    public.get_ticket_counts(uuid, text, text, text, text, uuid),
    public.get_events(boolean, uuid), public.get_event_zones(uuid, text, uuid), public.get_latest_prices(uuid, text, uuid)
    to anon, authenticated, service_role;
