-- a new tenant, unless there is one of that name
insert into public.tenants (name) select $1 where not exists (select from public.tenants where name = $1)
