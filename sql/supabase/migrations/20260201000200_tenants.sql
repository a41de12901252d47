-- Who shares data: a tenant is a team, its members are people who sign in, its sources are the workstations that push.
create table public.tenants (
    tenant_id  uuid primary key default gen_random_uuid(),
    name       text not null check (name <> ''),
    created_at timestamptz not null default now()
);

create table public.members (
    tenant_id  uuid not null references public.tenants on delete cascade,
    user_id    uuid not null, -- auth.users.id; no foreign key: a plain PostgreSQL has no such table
    created_at timestamptz not null default now(),
    primary key (tenant_id, user_id)
);
create index members_by_user on public.members (user_id);

create table public.sources (
    tenant_id  uuid not null references public.tenants on delete cascade,
    source_id  uuid not null,                  -- the workstation's own
    name       text not null default '',
    aggregated boolean not null default false, -- its hours and days are made here, from the snapshots that it pushes
    created_at timestamptz not null default now(),
    primary key (tenant_id, source_id)
);
comment on column public.sources.aggregated is
    'false: the source pushes hours and days itself. true: they are made in the database from its ticket_snapshots.';
