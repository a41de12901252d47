-- zones of an event ($2) of a tenant ($1), then each section in the zone that the newest map puts it in
copy (
    select zone, '' as section, display_order, (extract(epoch from first_seen) * 1000)::bigint,
        coalesce((extract(epoch from mapped_at) * 1000)::bigint, -1)
    from public.zones_mapping
    where tenant_id = $1::uuid and event_id = $2::uuid and section = ''
    union all
    select zone, section, 0, first_ms, mapped_ms from (
        select distinct on (section) zone, section, (extract(epoch from first_seen) * 1000)::bigint as first_ms,
            coalesce((extract(epoch from mapped_at) * 1000)::bigint, -1) as mapped_ms
        from public.zones_mapping
        where tenant_id = $1::uuid and event_id = $2::uuid and section <> ''
        order by section, mapped_at desc nulls last, zone
    ) newest
    order by section, zone
) to stdout
