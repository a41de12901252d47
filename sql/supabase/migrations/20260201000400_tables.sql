-- What workstations push. One transaction a batch: COPY into temporary tables, then INSERT ... ON CONFLICT (primary key) DO UPDATE
-- ... WHERE ... IS DISTINCT FROM, in the order sources, events, event_sources, zones_mapping, the rest, private.sync_batches; then
-- `select private.batch_done(tenant, array of the events changed)`.
--
-- A pusher fills every column of these tables but those that are generated or have a default with a "here:" comment. How rows of
-- several sources meet, so that it does not matter who comes last:
--   events         the row with the greater (seen_at, seen_by) replaces the other; `public` is the tenant's, never pushed
--   event_sources  one row a source: only its own pusher writes it
--   zones_mapping  first_seen is the least, with its hour_before and day_before (at the same first_seen the greater of each);
--                  mapped_at is the greatest, with its display_order (at the same mapped_at the lesser); has_listings is either's
--   the others     have the source in their key: only its own pusher writes a row
-- Money is whole minor units of `currency`; medians are doubled, so that the mean of two stays exact. event_id is the UUID of
-- version 5 of platform:external_id in RFC 4122's URL namespace. A scope is (kind, scope): 0 and '*' is the whole event, 1 a
-- zone's name, 2 a section's name within the event. Times are whole milliseconds.

create table public.events (
    tenant_id   uuid not null references public.tenants on delete cascade,
    event_id    uuid not null,
    platform    text not null check (platform <> ''),
    external_id text not null check (external_id <> ''),
    name        text not null default '', -- '' where not known, as in the texts below
    venue       text not null default '',
    city        text not null default '',
    region      text not null default '', -- code of the state or province
    country     text not null default '',
    timezone    text not null default '',
    category    text not null default '',
    url         text not null default '',
    currency    text not null default 'USD',
    starts_at   timestamptz,              -- null: unknown or to be announced
    time_tbd    boolean not null default false, -- only the day of starts_at is known
    seen_at     timestamptz not null,     -- the pusher's last good snapshot of it; the epoch before the first
    seen_by     uuid not null,            -- the source that this row is from
    public      boolean not null default false, -- here: whether anyone may read it and all its numbers
    primary key (tenant_id, event_id),
    unique (tenant_id, platform, external_id)
);
create index events_by_id on public.events (event_id);
create index events_public on public.events (tenant_id, event_id) where public;

-- What one workstation does about an event. An event is active while any of them tracks it.
create table public.event_sources (
    tenant_id    uuid not null,
    event_id     uuid not null,
    source_id    uuid not null,
    tracked      boolean not null,
    last_scraped timestamptz, -- last good snapshot
    primary key (tenant_id, event_id, source_id),
    foreign key (tenant_id, event_id) references public.events on delete cascade,
    foreign key (tenant_id, source_id) references public.sources on delete cascade
);
create index event_sources_by_source on public.event_sources (tenant_id, source_id);

-- Zones (section '') and the sections in each: those that the map puts there and those where its listings lay.
create table public.zones_mapping (
    tenant_id     uuid not null,
    event_id      uuid not null,
    zone          text not null,
    section       text not null default '',
    display_order integer not null default 0, -- of the zone, as the newest map that lists it says; 0 for sections
    first_seen    timestamptz not null,       -- first good poll whose map or listings had the zone (or the section, in any zone)
    hour_before   integer not null default 0, -- good polls of the event in the hour of first_seen that came before it
    day_before    integer not null default 0, -- the same in its day
    mapped_at     timestamptz,                -- last good poll whose map listed it (a section: in this zone); null: none
    has_listings  boolean not null default false, -- sections: a listing lay there, in this zone
    primary key (tenant_id, event_id, zone, section),
    foreign key (tenant_id, event_id) references public.events on delete cascade
);
create index zones_mapping_by_section on public.zones_mapping (tenant_id, event_id, section);

-- Measures of one good poll for the event, each zone and each section with something in it (the event always has its row: it is
-- what says that there was a poll). Whoever pushes no history of snapshots pushes the event's and the zones' rows of each event's
-- last good poll: current prices are read from them.
create table public.ticket_snapshots (
    tenant_id    uuid not null,
    event_id     uuid not null,
    kind         smallint not null check (kind between 0 and 2),
    scope        text not null check (kind <> 0 or scope = '*'),
    taken_at     timestamptz not null,
    source_id    uuid not null,
    currency     text not null,
    tickets      bigint not null,
    listings     bigint not null,
    count        bigint not null, -- of listings that have a price
    sum          bigint not null, -- of their prices a ticket
    min          bigint,
    max          bigint,
    median_x2    bigint,
    min_1        bigint, -- lowest price a ticket where 1, 2, 4 may be bought
    min_2        bigint,
    min_4        bigint,
    ai_count     bigint, -- the same for prices as the buyer pays; null when no listing has one
    ai_sum       bigint,
    ai_min       bigint,
    ai_max       bigint,
    ai_median_x2 bigint,
    ai_min_1     bigint,
    ai_min_2     bigint,
    ai_min_4     bigint,
    available    boolean not null generated always as (tickets > 0) stored,
    primary key (tenant_id, event_id, kind, scope, taken_at, source_id)
) partition by range (taken_at);
create index ticket_snapshots_event_time on public.ticket_snapshots (tenant_id, event_id, taken_at);

-- Hours, UTC, named by their start: what src/core/measures.h merges. A bucket without a good poll has no row, and neither has a
-- zone or section that was empty throughout.
create table public.aggregated_analytics (
    tenant_id    uuid not null,
    event_id     uuid not null,
    kind         smallint not null check (kind between 0 and 2),
    scope        text not null check (kind <> 0 or scope = '*'),
    bucket       timestamptz not null check (date_bin('1 hour', bucket, '1970-01-01 00:00:00Z') = bucket),
    source_id    uuid not null,
    currency     text not null,
    snapshots    bigint not null,  -- good polls
    last_offset  integer not null, -- milliseconds from the start to the last of them
    tickets      bigint not null,  -- at the last of them, like listings and medians
    listings     bigint not null,
    lowest       bigint not null,  -- tickets
    highest      bigint not null,
    count        bigint not null,
    sum          bigint not null,
    min          bigint,
    max          bigint,
    median_x2    bigint,
    min_1        bigint,
    min_2        bigint,
    min_4        bigint,
    ai_count     bigint,
    ai_sum       bigint,
    ai_min       bigint,
    ai_max       bigint,
    ai_median_x2 bigint,
    ai_min_1     bigint,
    ai_min_2     bigint,
    ai_min_4     bigint,
    primary key (tenant_id, event_id, kind, scope, bucket, source_id)
);
-- The series of an event and of a zone are read from these alone, however far apart their rows came in.
create index aggregated_analytics_event_time on public.aggregated_analytics (tenant_id, event_id, bucket, source_id)
    include (snapshots, last_offset, tickets, listings, lowest, highest, count, sum, min, max, median_x2, min_1, min_2, min_4,
             ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4)
    where kind = 0;
create index aggregated_analytics_zone_time on public.aggregated_analytics (tenant_id, event_id, scope, bucket, source_id)
    include (snapshots, last_offset, tickets, listings, lowest, highest, count, sum, min, max, median_x2, min_1, min_2, min_4,
             ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4)
    where kind = 1;

-- Days, UTC, likewise.
create table public.daily_analytics (
    like public.aggregated_analytics including all excluding constraints,
    check (kind between 0 and 2),
    check (kind <> 0 or scope = '*'),
    check (date_bin('1 day', bucket, '1970-01-01 00:00:00Z') = bucket)
);

-- Work that was to be done and what became of it.
create table public.scraper_jobs (
    tenant_id   uuid not null references public.tenants on delete cascade,
    job_id      uuid not null,
    source_id   uuid not null, -- who made it
    event_id    uuid,          -- null: about no one event
    kind        text not null check (kind <> ''),
    status      text not null check (status in ('queued', 'running', 'done', 'failed', 'dead')),
    priority    integer not null default 0,
    attempts    integer not null default 0,
    due_at      timestamptz not null,
    started_at  timestamptz,
    finished_at timestamptz,
    outcome     text,
    error       text,
    primary key (tenant_id, job_id)
);
create index scraper_jobs_by_due on public.scraper_jobs (tenant_id, status, due_at);
create index scraper_jobs_by_event on public.scraper_jobs (tenant_id, event_id, due_at);

-- Each poll, good or not. Outcomes are the words of src/core/outcome.def.
create table public.scraper_logs (
    tenant_id uuid not null references public.tenants on delete cascade,
    event_id  uuid not null,
    polled_at timestamptz not null,
    source_id uuid not null,
    outcome   text not null check (outcome in ('ok', 'empty', 'not_found', 'blocked', 'rate_limited', 'bad_payload',
                                               'wrong_event', 'network', 'partial')),
    rejected  integer not null default 0, -- listings that could not be read
    took_ms   integer,
    bytes     bigint,
    reason    text,
    primary key (tenant_id, event_id, polled_at, source_id)
);
create index scraper_logs_by_time on public.scraper_logs (tenant_id, polled_at);

-- Batches that are applied. Inserted in the batch's own transaction, so that one that is sent again is known.
create table private.sync_batches (
    tenant_id  uuid not null references public.tenants on delete cascade,
    source_id  uuid not null,
    batch_id   uuid not null,
    last_seq   bigint not null, -- of the source's outbox
    rows       bigint not null,
    sha256     bytea not null check (octet_length(sha256) = 32),
    applied_at timestamptz not null default now(), -- here
    primary key (tenant_id, source_id, batch_id)
);
create index sync_batches_by_seq on private.sync_batches (tenant_id, source_id, last_seq);

-- The measures of events that are gone go with them; they have no foreign keys, which would double the cost of a push.
create function private.forget_measures() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    delete from public.ticket_snapshots s using gone where s.tenant_id = gone.tenant_id and s.event_id = gone.event_id;
    delete from public.aggregated_analytics a using gone where a.tenant_id = gone.tenant_id and a.event_id = gone.event_id;
    delete from public.daily_analytics d using gone where d.tenant_id = gone.tenant_id and d.event_id = gone.event_id;
    return null;
end $$;
revoke execute on function private.forget_measures() from public;
create trigger forget_measures after delete on public.events
    referencing old table as gone for each statement execute function private.forget_measures();

-- The events that anyone may read.
create function private.public_events() returns table (tenant_id uuid, event_id uuid)
language sql stable security definer set search_path = '' as $$
    select e.tenant_id, e.event_id from public.events e where e.public
$$;
revoke execute on function private.public_events() from public;
grant execute on function private.public_events() to anon;

alter table private.sync_batches enable row level security;
grant select, insert, update, delete on private.sync_batches to service_role;

alter table public.events enable row level security;
revoke all on public.events from public, anon, authenticated, service_role;
grant select on public.events to anon, authenticated;
grant select, insert, update, delete on public.events to service_role;
create policy members_read on public.events for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
create policy keys_and_public_read on public.events for select to anon
    using (tenant_id = any ((select private.key_tenants())::uuid[])
        or (tenant_id, event_id) in (select p.tenant_id, p.event_id from private.public_events() p));

alter table public.event_sources enable row level security;
revoke all on public.event_sources from public, anon, authenticated, service_role;
grant select on public.event_sources to anon, authenticated;
grant select, insert, update, delete on public.event_sources to service_role;
create policy members_read on public.event_sources for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
create policy keys_and_public_read on public.event_sources for select to anon
    using (tenant_id = any ((select private.key_tenants())::uuid[])
        or (tenant_id, event_id) in (select p.tenant_id, p.event_id from private.public_events() p));

alter table public.zones_mapping enable row level security;
revoke all on public.zones_mapping from public, anon, authenticated, service_role;
grant select on public.zones_mapping to anon, authenticated;
grant select, insert, update, delete on public.zones_mapping to service_role;
create policy members_read on public.zones_mapping for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
create policy keys_and_public_read on public.zones_mapping for select to anon
    using (tenant_id = any ((select private.key_tenants())::uuid[])
        or (tenant_id, event_id) in (select p.tenant_id, p.event_id from private.public_events() p));

alter table public.ticket_snapshots enable row level security;
revoke all on public.ticket_snapshots from public, anon, authenticated, service_role;
grant select on public.ticket_snapshots to anon, authenticated;
grant select, insert, update, delete on public.ticket_snapshots to service_role;
create policy members_read on public.ticket_snapshots for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
create policy keys_and_public_read on public.ticket_snapshots for select to anon
    using (tenant_id = any ((select private.key_tenants())::uuid[])
        or (tenant_id, event_id) in (select p.tenant_id, p.event_id from private.public_events() p));

alter table public.aggregated_analytics enable row level security;
revoke all on public.aggregated_analytics from public, anon, authenticated, service_role;
grant select on public.aggregated_analytics to anon, authenticated;
grant select, insert, update, delete on public.aggregated_analytics to service_role;
create policy members_read on public.aggregated_analytics for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
create policy keys_and_public_read on public.aggregated_analytics for select to anon
    using (tenant_id = any ((select private.key_tenants())::uuid[])
        or (tenant_id, event_id) in (select p.tenant_id, p.event_id from private.public_events() p));

alter table public.daily_analytics enable row level security;
revoke all on public.daily_analytics from public, anon, authenticated, service_role;
grant select on public.daily_analytics to anon, authenticated;
grant select, insert, update, delete on public.daily_analytics to service_role;
create policy members_read on public.daily_analytics for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
create policy keys_and_public_read on public.daily_analytics for select to anon
    using (tenant_id = any ((select private.key_tenants())::uuid[])
        or (tenant_id, event_id) in (select p.tenant_id, p.event_id from private.public_events() p));

alter table public.scraper_jobs enable row level security;
revoke all on public.scraper_jobs from public, anon, authenticated, service_role;
grant select on public.scraper_jobs to authenticated;
grant select, insert, update, delete on public.scraper_jobs to service_role;
create policy members_read on public.scraper_jobs for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));

alter table public.scraper_logs enable row level security;
revoke all on public.scraper_logs from public, anon, authenticated, service_role;
grant select on public.scraper_logs to authenticated;
grant select, insert, update, delete on public.scraper_logs to service_role;
create policy members_read on public.scraper_logs for select to authenticated
    using (tenant_id = any ((select private.member_tenants())::uuid[]));
