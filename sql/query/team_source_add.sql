-- makes this workstation known to a tenant
insert into public.sources (tenant_id, source_id) values ($1::uuid, $2::uuid) on conflict do nothing
