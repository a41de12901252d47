-- Whose rows a request may read. A person who signed in is known by auth.uid() and reads what its tenants have, by the rows of
-- members as they are now, not by claims that go stale. A machine without a login sends the header x-api-key (as role anon). Both
-- are looked up here, by functions that see more than their callers and live where no API shows them.

-- Only the SHA-256 of a key is kept: whoever reads this table cannot use it.
create table private.api_keys (
    sha256         bytea primary key check (octet_length(sha256) = 32),
    tenant_id      uuid not null references public.tenants on delete cascade,
    name           text not null default '',
    writes_per_min integer not null default 60 check (writes_per_min >= 0), -- requests that are no GET
    created_at     timestamptz not null default now(),
    expires_at     timestamptz,
    revoked_at     timestamptz
);
create index api_keys_by_tenant on private.api_keys (tenant_id);
alter table private.api_keys enable row level security;

create function private.member_tenants() returns uuid[]
language sql stable security definer set search_path = '' as $$
    select coalesce(array_agg(m.tenant_id), '{}') from public.members m where m.user_id = (select auth.uid())
$$;

-- The hash of the key that came with the request; null without one.
create function private.request_key() returns bytea
language sql stable set search_path = '' as $$
    select sha256(convert_to(nullif(current_setting('request.headers', true), '')::json ->> 'x-api-key', 'UTF8'))
$$;

create function private.key_tenants() returns uuid[]
language sql stable security definer set search_path = '' as $$
    select coalesce(array_agg(k.tenant_id), '{}') from private.api_keys k
    where k.sha256 = private.request_key() and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
$$;

revoke execute on all functions in schema private from public;
grant execute on function private.member_tenants() to authenticated;
grant execute on function private.key_tenants() to anon;

alter table public.tenants enable row level security;
alter table public.members enable row level security;
alter table public.sources enable row level security;
revoke all on public.tenants, public.members, public.sources from public, anon, authenticated, service_role;
grant select on public.tenants, public.members, public.sources to authenticated;
grant select, insert, update, delete on public.tenants, public.members, public.sources, private.api_keys to service_role;
create policy members_read on public.tenants for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
create policy members_read on public.members for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
create policy members_read on public.sources for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
