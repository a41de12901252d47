-- the events that this workstation ($2) offers and that have a job
select e.platform, e.external_id
from public.event_sources s
join public.scraper_jobs j on j.tenant_id = s.tenant_id and j.job_id = s.event_id and j.kind = 'poll' and j.status <> 'done'
join public.events e on e.tenant_id = s.tenant_id and e.event_id = s.event_id
where s.tenant_id = $1::uuid and s.source_id = $2::uuid and s.tracked and s.priority is not null
