-- the jobs of a tenant ($1), newest first; $2 true: dead letters alone. $3 and $4 bound them
select j.number, e.platform || ':' || e.external_id, e.name,
    case j.status when 'queued' then 'waiting' when 'done' then 'retired' else j.status end, j.attempts,
    (extract(epoch from m.moment) * 1000)::bigint, j.outcome, j.error, j.holder
from public.scraper_jobs j
join public.events e on e.tenant_id = j.tenant_id and e.event_id = j.event_id
cross join lateral (select case j.status when 'running' then j.started_at when 'queued' then j.due_at else j.finished_at end) m (moment)
where j.tenant_id = $1::uuid and (j.status = 'dead' or not $2::boolean) and m.moment >= to_timestamp($3::bigint / 1000.0)
order by m.moment desc, j.number desc
limit $4::bigint
