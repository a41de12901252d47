-- the events of a tenant ($1)
copy (
    select e.platform, e.external_id, e.name, e.venue, e.city, e.region, e.country, e.timezone, e.category, e.url, e.currency,
        (extract(epoch from e.starts_at) * 1000)::bigint, e.time_tbd::integer
    from public.events e
    where e.tenant_id = $1::uuid
    order by e.platform, e.external_id
) to stdout
