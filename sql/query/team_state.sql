-- the newest migration of the team's database, whether it has ours ($2), and the tenant that is meant ($1: its id, its name, or ''
-- for the only one) with whether it knows this source ($3)
select m.newest, m.ours, t.tenant_id, t.name, s.source_id is not null
from (select max(version) as newest, count(*) filter (where version = $2) as ours from supabase_migrations.schema_migrations) m
left join public.tenants t on $1 = '' or t.tenant_id::text = lower($1) or t.name = $1
left join public.sources s on s.tenant_id = t.tenant_id and s.source_id = $3::uuid
order by t.created_at, t.tenant_id
limit 2
