-- the jobs that this workstation ($2) has by the database's account, and for how long
select j.number, j.attempts, e.platform, e.external_id, (extract(epoch from clock_timestamp() - j.started_at) * 1000)::bigint,
    j.interval_ms
from public.scraper_jobs j
join public.events e on e.tenant_id = j.tenant_id and e.event_id = j.event_id
where j.tenant_id = $1::uuid and j.holder = $2::uuid and j.status = 'running' and j.kind = 'poll'
