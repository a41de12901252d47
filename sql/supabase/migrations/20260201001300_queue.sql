-- The queue that the workstations of a tenant share (watch.queue = supabase), and the rate that they share at each host.
--
-- What is polled is what any of them tracks (event_sources.tracked, which is written when a workstation takes an event up, not only
-- when it syncs). Each such event has one job of kind 'poll' with the event's id: it waits ('queued') until due_at, is polled
-- ('running') under a lease, waits again; 'done' when the event is retired. An attempt that was the last leaves a job that is 'dead'
-- beside it, and the event goes on. An event stays with the workstation that polled it last until lease_until, which is a lease
-- longer than its due_at: who is alive and keeps up keeps its events, and what a dead one had goes on elsewhere.
--
-- All times are of this server's clock; what workstations say is how long, never when. Each of queue_offer, queue_withdraw and
-- queue_turn is one statement for them, so that it works behind a pooler in transaction mode, and takes the host's row first, so that
-- no two of them deadlock. Each is without JIT, which would take ten times as long as the rest.

alter table public.event_sources
    add column every_ms bigint,   -- from one poll to the next, as was asked for by hand there; null: not
    add column priority smallint; -- 0 low, 1 normal, 2 high; null: not offered to the queue
comment on column public.event_sources.priority is 'null: the workstation tracks it, but does not share its polls.';

create sequence private.scraper_job_numbers;
grant usage on sequence private.scraper_job_numbers to service_role;

alter table public.scraper_jobs
    add column number bigint,           -- what people call it; each poll has another
    add column holder uuid,             -- the source that has it, or had it last; null: nobody's
    add column lease_until timestamptz, -- until then only the holder may claim it
    add column rank_at timestamptz,     -- the least first: due_at, less ten minutes for each step of priority
    add column interval_ms bigint;      -- from this poll to the next, while nothing changes and the rate allows
alter table public.scraper_jobs alter column number set default nextval('private.scraper_job_numbers');
create unique index scraper_jobs_by_number on public.scraper_jobs (tenant_id, number);
create index scraper_jobs_by_rank on public.scraper_jobs (tenant_id, rank_at, job_id) where status = 'queued' and kind = 'poll';
create index scraper_jobs_by_lease on public.scraper_jobs (tenant_id, lease_until) where status = 'running';

-- A token bucket and a breaker for each host: src/core/limiter.c, but with the seconds for which a token may be on its way to a
-- workstation and unused there (QUEUE_TOKEN_MS): a minute, two seconds for that, and one for what lies between a start and its
-- arrival at the host.
create table private.scraper_hosts (
    tenant_id     uuid not null references public.tenants on delete cascade,
    host          text not null check (host <> ''),
    per_minute    bigint not null check (per_minute > 0), -- the lowest that a workstation asked for in the last ten minutes
    rate_at       timestamptz not null,                   -- when one last asked for that
    allowed       bigint not null,                        -- what refusals have left of it
    answers       integer not null default 0,             -- since `allowed` was changed
    lowered_at    timestamptz,
    credit        double precision not null,              -- requests that may start at once ...
    refilled_at   timestamptz not null,                   -- ... then
    resting_until timestamptz not null default '-infinity',
    refusals      integer not null default 0,             -- in a row
    probing_until timestamptz not null default '-infinity', -- the breaker let one request through and waits for its end
    primary key (tenant_id, host)
);
alter table private.scraper_hosts enable row level security;
grant select, insert, update, delete on private.scraper_hosts to service_role;

create function private.host_burst(p_allowed bigint) returns bigint
language sql immutable set search_path = '' as $$ select greatest(p_allowed / 10, 1) $$;

-- Requests that come back in a second.
create function private.host_refill(p_allowed bigint) returns double precision
language sql immutable set search_path = '' as $$
    select greatest(p_allowed - private.host_burst(p_allowed), 1) / 63.0::double precision
$$;

create function private.host_credit(h private.scraper_hosts, p_now timestamptz) returns double precision
language sql stable set search_path = '' as $$
    select least(private.host_burst(h.allowed), h.credit
        + least(greatest(extract(epoch from p_now - h.refilled_at), 0), 63)::double precision * private.host_refill(h.allowed))
$$;

-- Another rate from now on: what was saved up under the old one is no more than the new one allows.
create function private.host_allow(h private.scraper_hosts, p_allowed bigint, p_now timestamptz) returns private.scraper_hosts
language plpgsql stable set search_path = '' as $$
begin
    h.credit := least(private.host_credit(h, p_now), private.host_burst(p_allowed));
    h.refilled_at := p_now;
    h.allowed := p_allowed;
    h.answers := 0;
    return h;
end $$;

-- Takes the rate that a workstation asks for.
create function private.host_asked(h private.scraper_hosts, p_rate bigint, p_now timestamptz) returns private.scraper_hosts
language plpgsql stable set search_path = '' as $$
begin
    if p_rate < h.per_minute or p_rate > h.per_minute and h.rate_at < p_now - interval '10 minutes' then
        h.per_minute := p_rate;
        h := private.host_allow(h, p_rate, p_now);
    end if;
    if p_rate = h.per_minute then
        h.rate_at := p_now;
    end if;
    return h;
end $$;

-- Learns how an attempt ended, as limiter_finish() does.
create function private.host_ended(h private.scraper_hosts, p_refused boolean, p_retry_ms bigint, p_now timestamptz)
returns private.scraper_hosts
language plpgsql stable set search_path = '' as $$
begin
    if p_refused then
        h.refusals := h.refusals + 1;
        if h.lowered_at is null or h.lowered_at < p_now - interval '10 seconds' then
            h.lowered_at := p_now;
            h := private.host_allow(h, greatest(h.allowed / 2, 1), p_now);
        end if;
        h.credit := least(private.host_credit(h, p_now), 0);
        h.refilled_at := p_now;
        if h.refusals >= 5 then
            h.resting_until := greatest(h.resting_until, p_now + interval '15 minutes');
        end if;
    elsif h.refusals < 5 or h.resting_until <= p_now then
        h.refusals := 0;
        h.answers := h.answers + 1;
        if h.answers >= 10 and h.allowed < h.per_minute then
            h := private.host_allow(h, least(h.allowed + greatest(h.per_minute / 100, 1), h.per_minute), p_now);
        end if;
    end if;
    h.probing_until := '-infinity';
    if p_retry_ms > 0 then
        h.resting_until := greatest(h.resting_until, p_now + least(p_retry_ms, 86400000) * interval '1 millisecond');
    end if;
    return h;
end $$;

-- The row of a host, locked, with the rate that is asked for.
create function private.host_take(p_tenant uuid, p_host text, p_rate bigint) returns private.scraper_hosts
language plpgsql set search_path = '' as $$
declare
    h private.scraper_hosts;
begin
    insert into private.scraper_hosts (tenant_id, host, per_minute, rate_at, allowed, credit, refilled_at)
    values (p_tenant, p_host, p_rate, clock_timestamp(), p_rate, private.host_burst(p_rate), clock_timestamp())
    on conflict on constraint scraper_hosts_pkey do nothing;
    select * into strict h from private.scraper_hosts t where t.tenant_id = p_tenant and t.host = p_host for update;
    return private.host_asked(h, p_rate, clock_timestamp());
end $$;

create function private.host_put(h private.scraper_hosts) returns void
language sql set search_path = '' as $$
    update private.scraper_hosts t set per_minute = h.per_minute, rate_at = h.rate_at, allowed = h.allowed, answers = h.answers,
        lowered_at = h.lowered_at, credit = h.credit, refilled_at = h.refilled_at, resting_until = h.resting_until,
        refusals = h.refusals, probing_until = h.probing_until
    where t.tenant_id = h.tenant_id and t.host = h.host
$$;

create function private.job_rank(p_due timestamptz, p_priority integer) returns timestamptz
language sql stable set search_path = '' as $$ select p_due - p_priority * interval '10 minutes' $$;

-- A dead letter of a job, which goes on.
create function private.job_bury(j public.scraper_jobs, p_outcome text, p_error text) returns void
language sql set search_path = '' as $$
    insert into public.scraper_jobs (tenant_id, job_id, source_id, event_id, kind, status, priority, attempts, due_at, started_at,
        finished_at, outcome, error, number, holder, interval_ms)
    values (j.tenant_id, gen_random_uuid(), j.source_id, j.event_id, j.kind, 'dead', j.priority, j.attempts, j.due_at, j.started_at,
        clock_timestamp(), p_outcome, p_error, j.number, j.holder, j.interval_ms)
$$;

-- What becomes of a job after an attempt: 'done' and 'dead' (the event's next poll is due after p_wait_ms), 'retired', 'again',
-- 'released' (there was no attempt: it keeps its place).
create function private.job_end(j public.scraper_jobs, p_what text, p_wait_ms bigint, p_interval_ms bigint, p_lease_ms bigint,
    p_outcome text, p_error text) returns void
language plpgsql set search_path = '' as $$
declare
    due timestamptz := clock_timestamp() + greatest(p_wait_ms, 0) * interval '1 millisecond';
begin
    update public.scraper_jobs t set
        status = case p_what when 'retired' then 'done' else 'queued' end,
        number = case when p_what in ('done', 'dead', 'retired') then nextval('private.scraper_job_numbers') else t.number end,
        attempts = case p_what when 'again' then t.attempts when 'released' then t.attempts - 1 else 0 end,
        due_at = due,
        rank_at = case p_what when 'released' then t.rank_at else private.job_rank(due, t.priority) end,
        holder = case when p_what in ('done', 'retired') then t.holder end,
        lease_until = case p_what when 'done' then due + p_lease_ms * interval '1 millisecond' end,
        interval_ms = case when p_interval_ms > 0 then p_interval_ms else t.interval_ms end,
        finished_at = case p_what when 'released' then t.finished_at else clock_timestamp() end,
        outcome = case p_what when 'released' then t.outcome else p_outcome end,
        error = case p_what when 'released' then t.error else nullif(p_error, '') end
    where t.tenant_id = j.tenant_id and t.job_id = j.job_id;
    if p_what = 'dead' then
        perform private.job_bury(j, p_outcome, p_error);
    end if;
end $$;

-- Jobs whose worker was lost wait again; those lost too often leave a dead letter. That are those whose lease ran out, and those that
-- p_source has by this database but not by its own account (p_held).
create function private.jobs_lost(p_tenant uuid, p_source uuid, p_held bigint[], p_attempts integer) returns void
language plpgsql set search_path = '' as $$
declare
    j public.scraper_jobs;
begin
    for j in
        select * from public.scraper_jobs t
        where t.tenant_id = p_tenant and t.status = 'running' and t.kind = 'poll'
          and (t.lease_until < clock_timestamp() or t.holder = p_source and not t.number = any (p_held))
        order by t.job_id for update skip locked
    loop
        perform private.job_end(j, case when j.attempts >= p_attempts then 'dead' else 'again' end, 0, null, 0, null,
            'its worker was lost');
    end loop;
end $$;

-- Events as workstations send them: JSON objects with columns of public.events, seen_ms and starts_ms in milliseconds, and how they
-- are to be polled; wait_ms is for one that has no job yet, since_ms is when that was last asked for by hand.
create function private.offered(p_events jsonb)
returns table (event_id uuid, platform text, external_id text, name text, venue text, city text, region text, country text,
    timezone text, category text, url text, currency text, starts_at timestamptz, time_tbd boolean, seen_at timestamptz,
    every_ms bigint, priority smallint, interval_ms bigint, due_at timestamptz, since_at timestamptz)
language sql stable set search_path = '' as $$
    select e.event_id, e.platform, e.external_id, e.name, e.venue, e.city, e.region, e.country, e.timezone, e.category, e.url,
        e.currency, to_timestamp(e.starts_ms / 1000.0), e.time_tbd, to_timestamp(e.seen_ms / 1000.0), e.every_ms, e.priority,
        e.interval_ms, clock_timestamp() + greatest(e.wait_ms, 0) * interval '1 millisecond', to_timestamp(e.since_ms / 1000.0)
    from jsonb_to_recordset(p_events) as e (event_id uuid, platform text, external_id text, name text, venue text, city text,
        region text, country text, timezone text, category text, url text, currency text, starts_ms bigint, time_tbd boolean,
        seen_ms bigint, every_ms bigint, priority smallint, interval_ms bigint, wait_ms bigint, since_ms bigint)
    order by e.event_id
$$;

-- What all who offer an event ask for together: the highest priority and the shortest interval.
create function private.job_wish(p_tenant uuid, p_event uuid) returns table (offers bigint, priority integer, every_ms bigint)
language sql stable set search_path = '' as $$
    select count(*), max(s.priority)::integer, min(s.every_ms) from public.event_sources s
    where s.tenant_id = p_tenant and s.event_id = p_event and s.tracked and s.priority is not null
$$;

-- A source offers events that it tracks: those that are new get a job; those that are asked for otherwise than before come
-- sooner if that says so; those that were retired go on when somebody asked for that since, or when who retired them thinks better of it.
create function private.queue_offer(p_tenant uuid, p_source uuid, p_host text, p_rate bigint, p_events jsonb) returns void
language plpgsql set search_path = '' set jit = off as $$
begin
    perform private.host_put(private.host_take(p_tenant, p_host, p_rate));
    insert into public.events as t (tenant_id, event_id, platform, external_id, name, venue, city, region, country, timezone, category,
        url, currency, starts_at, time_tbd, seen_at, seen_by)
    select p_tenant, o.event_id, o.platform, o.external_id, o.name, o.venue, o.city, o.region, o.country, o.timezone, o.category,
        o.url, o.currency, o.starts_at, o.time_tbd, o.seen_at, p_source
    from private.offered(p_events) o
    on conflict on constraint events_pkey do update set
        name = excluded.name, venue = excluded.venue, city = excluded.city, region = excluded.region, country = excluded.country,
        timezone = excluded.timezone, category = excluded.category, url = excluded.url, currency = excluded.currency,
        starts_at = excluded.starts_at, time_tbd = excluded.time_tbd, seen_at = excluded.seen_at, seen_by = excluded.seen_by
    where (excluded.seen_at, excluded.seen_by) > (t.seen_at, t.seen_by);
    insert into public.event_sources as t (tenant_id, event_id, source_id, tracked, every_ms, priority)
    select p_tenant, o.event_id, p_source, true, o.every_ms, o.priority
    from private.offered(p_events) o
    on conflict on constraint event_sources_pkey do update set
        tracked = true, every_ms = excluded.every_ms, priority = excluded.priority;
    insert into public.scraper_jobs as t (tenant_id, job_id, source_id, event_id, kind, status, priority, due_at, rank_at, interval_ms)
    select p_tenant, o.event_id, p_source, o.event_id, 'poll', 'queued', w.priority, o.due_at, private.job_rank(o.due_at, w.priority),
        o.interval_ms
    from private.offered(p_events) o cross join lateral private.job_wish(p_tenant, o.event_id) w
    on conflict on constraint scraper_jobs_pkey do nothing;
    update public.scraper_jobs t set
        status = case when t.status = 'done' then 'queued' else t.status end,
        priority = f.priority,
        interval_ms = f.interval_ms,
        due_at = f.due_at,
        rank_at = private.job_rank(f.due_at, f.priority)
    from (
        select j.job_id, w.priority, coalesce(w.every_ms, o.interval_ms) as interval_ms,
            case when j.status = 'running' then j.due_at
                 when j.status = 'done' then clock_timestamp()
                 else least(j.due_at, coalesce(j.finished_at, j.due_at)
                    + coalesce(w.every_ms, o.interval_ms) * interval '1 millisecond') end as due_at
        from private.offered(p_events) o
        join public.scraper_jobs j on j.tenant_id = p_tenant and j.job_id = o.event_id
        cross join lateral private.job_wish(p_tenant, o.event_id) w
        where case when j.status = 'done' then o.since_at > j.finished_at or j.holder = p_source
                   else w.priority <> j.priority or w.every_ms is not null and w.every_ms is distinct from j.interval_ms end
    ) f
    where t.tenant_id = p_tenant and t.job_id = f.job_id;
end $$;

-- Jobs of events that nobody offers any more.
create function private.jobs_unwanted(p_tenant uuid, p_events uuid[]) returns bigint
language sql set search_path = '' as $$
    with gone as (
        delete from public.scraper_jobs j using unnest(p_events) e (event_id), private.job_wish(p_tenant, e.event_id) w
        where j.tenant_id = p_tenant and j.job_id = e.event_id and j.kind = 'poll' and w.offers = 0
        returning 1
    )
    select count(*) from gone
$$;

-- A source does not track events any more. Their jobs go when nobody else offers them.
create function private.queue_withdraw(p_tenant uuid, p_source uuid, p_host text, p_rate bigint, p_events uuid[]) returns bigint
language plpgsql set search_path = '' set jit = off as $$
begin
    perform private.host_put(private.host_take(p_tenant, p_host, p_rate));
    update public.event_sources s set tracked = false, every_ms = null, priority = null
    where s.tenant_id = p_tenant and s.source_id = p_source and s.event_id = any (p_events);
    return private.jobs_unwanted(p_tenant, p_events);
end $$;

-- Claims the jobs of a platform that come first, in the order of an index: who tracks an event, and whose it is, is asked of those
-- alone, by subqueries, since a join tempts the planner to look at all.
create function private.jobs_claim(p_tenant uuid, p_source uuid, p_platform text, p_lease_ms bigint, p_most bigint) returns uuid[]
language sql set search_path = '' as $$
    with first as (
        select j.tenant_id, j.job_id from public.scraper_jobs j
        where j.tenant_id = p_tenant and j.kind = 'poll' and j.status = 'queued' and j.due_at <= clock_timestamp()
          and (j.holder is null or j.holder = p_source or j.lease_until < clock_timestamp())
          and (select e.platform from public.events e where e.tenant_id = p_tenant and e.event_id = j.event_id) = p_platform
          and (select w.offers from private.job_wish(p_tenant, j.event_id) w) > 0
        order by j.rank_at, j.job_id
        limit p_most
        for update of j skip locked
    ), taken as (
        update public.scraper_jobs j set status = 'running', holder = p_source, attempts = j.attempts + 1,
            started_at = clock_timestamp(), lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
        from first f where j.tenant_id = f.tenant_id and j.job_id = f.job_id
        returning j.job_id, j.rank_at
    )
    select coalesce(array_agg(t.job_id order by t.rank_at, t.job_id), '{}') from taken t
$$;

-- How long until a job may be claimed by a source; null: none waits for it.
create function private.job_wait_ms(p_tenant uuid, p_source uuid) returns bigint
language sql stable set search_path = '' as $$
    select greatest(ceil(extract(epoch from j.due_at - clock_timestamp()) * 1000), 0)::bigint
    from public.scraper_jobs j
    where j.tenant_id = p_tenant and j.status = 'queued' and j.kind = 'poll'
      and (j.holder is null or j.holder = p_source or j.lease_until < clock_timestamp())
    order by j.due_at limit 1
$$;

-- Tokens that a host has for p_want requests; one alone when its breaker has rested and somebody must try.
create function private.host_tokens(h private.scraper_hosts, p_want bigint, p_now timestamptz) returns bigint
language sql stable set search_path = '' as $$
    select case when h.resting_until > p_now or h.refusals >= 5 and h.probing_until > p_now then 0
                else greatest(least(p_want, floor(private.host_credit(h, p_now) + 1e-9), case when h.refusals >= 5 then 1 end), 0) end::bigint
$$;

-- How long until it has one.
create function private.host_wait_ms(h private.scraper_hosts, p_now timestamptz) returns bigint
language sql stable set search_path = '' as $$
    select ceil(greatest(
        (1 - private.host_credit(h, p_now)) / private.host_refill(h.allowed) * 1000,
        case when h.resting_until > p_now then extract(epoch from h.resting_until - p_now) * 1000 end,
        case when h.refusals >= 5 and h.probing_until > p_now then 1000 end, 0))::bigint
$$;

-- What a workstation has to say and to ask, in one: it still works at the jobs p_held; those of p_ends have ended (JSON objects: number,
-- attempts, what (see job_end), wait_ms, interval_ms, refused, retry_ms (of the host's Retry-After), outcome, error; those of polls
-- without a lease, while this database could not be reached, have an event_id instead of the first two, and 'alone' for what); it has
-- room for p_want more. An end counts once, and only for the attempt, or the event, that this source holds. A row for each job that it now has, with its
-- event; without one, a row that says how things stand all the same: the rate, how long the host allows nothing, and how long no job
-- is due that this source may claim (null: none waits). With p_ask it wants to make a request beside its jobs, and may if granted: that
-- comes out of the same rate. With p_look also the polls a minute that all jobs come to.
create function private.queue_turn(p_tenant uuid, p_source uuid, p_platform text, p_host text, p_rate bigint, p_lease_ms bigint,
    p_attempts integer, p_held bigint[], p_ends jsonb, p_want bigint, p_look boolean, p_ask boolean default false)
returns table (allowed bigint, granted boolean, held_ms bigint, due_ms bigint, demand double precision,
    number bigint, attempts integer, priority integer, every_ms bigint, external_id text, name text, venue text, city text,
    region text, country text, timezone text, category text, url text, currency text, starts_ms bigint, time_tbd boolean)
language plpgsql set search_path = '' set jit = off as $$
declare
    h      private.scraper_hosts := private.host_take(p_tenant, p_host, p_rate);
    j      public.scraper_jobs;
    e      record;
    mine   uuid[];
    moment timestamptz;
    tokens bigint;
begin
    for e in
        select * from jsonb_to_recordset(p_ends) as x (number bigint, attempts integer, event_id uuid, what text, wait_ms bigint,
            interval_ms bigint, refused boolean, retry_ms bigint, outcome text, error text)
        order by x.number, x.event_id
    loop
        if e.what = 'alone' then
            select * into j from public.scraper_jobs t
            where t.tenant_id = p_tenant and t.job_id = e.event_id and t.holder = p_source and t.status in ('queued', 'running')
            for update;
            if found then
                perform private.job_end(j, 'done', e.wait_ms, e.interval_ms, p_lease_ms, e.outcome, null);
            end if;
            continue;
        end if;
        select * into j from public.scraper_jobs t
        where t.tenant_id = p_tenant and t.number = e.number and t.attempts = e.attempts and t.holder = p_source
          and t.status = 'running' and t.kind = 'poll'
        for update;
        continue when not found;
        if e.what = 'released' then
            h.probing_until := '-infinity';
        else
            h := private.host_ended(h, e.refused, e.retry_ms, clock_timestamp());
        end if;
        perform private.job_end(j, e.what, e.wait_ms, e.interval_ms, p_lease_ms, e.outcome, e.error);
    end loop;
    perform private.jobs_lost(p_tenant, p_source, p_held, p_attempts);
    update public.scraper_jobs t set lease_until = clock_timestamp() + p_lease_ms * interval '1 millisecond'
    where t.tenant_id = p_tenant and t.status = 'running' and t.holder = p_source
      and t.lease_until < clock_timestamp() + p_lease_ms * 0.8 * interval '1 millisecond';
    moment := clock_timestamp();
    tokens := private.host_tokens(h, p_want + p_ask::integer, moment);
    granted := p_ask and tokens > 0 and h.refusals < 5; -- whose probe must be a job, which tells how it ended
    mine := private.jobs_claim(p_tenant, p_source, p_platform, p_lease_ms, least(p_want, tokens - granted::integer));
    h.credit := private.host_credit(h, moment) - cardinality(mine) - granted::integer;
    h.refilled_at := moment;
    if h.refusals >= 5 and cardinality(mine) > 0 then
        h.probing_until := moment + p_lease_ms * interval '1 millisecond';
    end if;
    perform private.host_put(h);
    allowed := h.allowed;
    held_ms := private.host_wait_ms(h, moment);
    due_ms := private.job_wait_ms(p_tenant, p_source);
    demand := case when p_look then (select sum(60000.0 / t.interval_ms) from public.scraper_jobs t
        where t.tenant_id = p_tenant and t.kind = 'poll' and t.status in ('queued', 'running')) end;
    return query
    select queue_turn.allowed, queue_turn.granted, queue_turn.held_ms, queue_turn.due_ms, queue_turn.demand, t.number, t.attempts, t.priority,
        w.every_ms, v.external_id, v.name, v.venue, v.city, v.region, v.country, v.timezone, v.category, v.url, v.currency,
        (extract(epoch from v.starts_at) * 1000)::bigint, v.time_tbd
    from (values (1)) one (row)
    left join lateral unnest(mine) with ordinality m (job_id, place) on true
    left join public.scraper_jobs t on t.tenant_id = p_tenant and t.job_id = m.job_id
    left join public.events v on v.tenant_id = p_tenant and v.event_id = t.event_id
    left join lateral private.job_wish(p_tenant, t.event_id) w on true
    order by m.place;
end $$;

-- What a person does with a job, by its number: a dead letter's event is polled once more, before all else, or the letter is thrown
-- away; a poll that waits is left out. 'ok', or why not: 'absent', 'alive' (not dead), 'busy' (it is being polled), 'polled' (its
-- event is), 'unwanted' (nobody offers its event).
create function private.queue_retry(p_tenant uuid, p_number bigint) returns text
language plpgsql set search_path = '' as $$
declare
    j public.scraper_jobs;
begin
    select * into j from public.scraper_jobs t where t.tenant_id = p_tenant and t.number = p_number for update;
    if not found then
        return 'absent';
    elsif j.status <> 'dead' then
        return 'alive';
    end if;
    update public.scraper_jobs t set status = 'queued', attempts = 0, due_at = clock_timestamp(), rank_at = '-infinity', holder = null
    where t.tenant_id = p_tenant and t.job_id = j.event_id and t.status in ('queued', 'done');
    if not found then
        return case when exists (select from public.scraper_jobs t where t.tenant_id = p_tenant and t.job_id = j.event_id)
            then 'polled' else 'unwanted' end;
    end if;
    delete from public.scraper_jobs t where t.tenant_id = p_tenant and t.job_id = j.job_id;
    return 'ok';
end $$;

create function private.queue_drop(p_tenant uuid, p_number bigint) returns text
language plpgsql set search_path = '' as $$
declare
    j   public.scraper_jobs;
    due timestamptz;
begin
    select * into j from public.scraper_jobs t where t.tenant_id = p_tenant and t.number = p_number for update;
    if not found then
        return 'absent';
    elsif j.status = 'running' then
        return 'busy';
    elsif j.status = 'dead' then
        delete from public.scraper_jobs t where t.tenant_id = p_tenant and t.job_id = j.job_id;
        return 'ok';
    end if;
    due := greatest(j.due_at, clock_timestamp()) + coalesce(j.interval_ms, 900000) * interval '1 millisecond';
    update public.scraper_jobs t set number = nextval('private.scraper_job_numbers'), attempts = 0, due_at = due,
        rank_at = private.job_rank(due, t.priority), holder = null
    where t.tenant_id = p_tenant and t.job_id = j.job_id;
    return 'ok';
end $$;

-- Dead letters of last month, and jobs of events that a workstation gave up while it did not watch.
create function private.forget_jobs() returns bigint
language sql set search_path = '' as $$
    with gone as (
        delete from public.scraper_jobs j
        where j.status = 'dead' and j.finished_at < now() - interval '30 days'
           or j.kind = 'poll' and j.status in ('queued', 'done')
              and (select w.offers from private.job_wish(j.tenant_id, j.event_id) w) = 0
        returning 1
    )
    select count(*) from gone
$$;

create or replace function private.do_job(p_job text) returns bigint
language sql set search_path = '' as $$
    select case p_job
        when 'hours' then private.roll_up('hour')
        when 'days' then private.roll_up('day')
        when 'views' then private.refresh_views()
        when 'partitions' then private.ensure_partitions() + private.drop_partitions()
        when 'forget' then private.forget_counts() + private.forget_cron_runs() + private.forget_jobs()
    end
$$;

revoke execute on all functions in schema private from public;
grant execute on function private.host_burst(bigint), private.host_refill(bigint), private.host_credit(private.scraper_hosts, timestamptz),
    private.host_allow(private.scraper_hosts, bigint, timestamptz), private.host_asked(private.scraper_hosts, bigint, timestamptz),
    private.host_ended(private.scraper_hosts, boolean, bigint, timestamptz), private.host_take(uuid, text, bigint),
    private.host_put(private.scraper_hosts), private.job_rank(timestamptz, integer),
    private.job_bury(public.scraper_jobs, text, text),
    private.job_end(public.scraper_jobs, text, bigint, bigint, bigint, text, text), private.jobs_lost(uuid, uuid, bigint[], integer),
    private.offered(jsonb), private.job_wish(uuid, uuid), private.queue_offer(uuid, uuid, text, bigint, jsonb),
    private.jobs_unwanted(uuid, uuid[]), private.queue_withdraw(uuid, uuid, text, bigint, uuid[]),
    private.jobs_claim(uuid, uuid, text, bigint, bigint), private.job_wait_ms(uuid, uuid),
    private.host_tokens(private.scraper_hosts, bigint, timestamptz), private.host_wait_ms(private.scraper_hosts, timestamptz),
    private.queue_turn(uuid, uuid, text, text, bigint, bigint, integer, bigint[], jsonb, bigint, boolean, boolean),
    private.queue_retry(uuid, bigint), private.queue_drop(uuid, bigint) to service_role;
