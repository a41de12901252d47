-- Everything that has to be done from time to time, as jobs of pg_cron where it is, else by `tws sync --maintain`. Each job may run
-- at any time, twice or late: one that runs already is not started again, one that has nothing to do costs nothing, and one that
-- missed its times catches up. The view maintenance_health says how they fare.

create table private.jobs (
    job        text primary key,
    schedule   text not null,     -- of pg_cron, UTC
    watermark  timestamptz,       -- all that was stored until then is taken in
    started_at timestamptz,       -- of the last run
    took_ms    bigint,
    rows       bigint,            -- that it wrote
    runs       bigint not null default 0,
    failures   bigint not null default 0,
    failed_at  timestamptz,
    error      text               -- of the last failure; null after a good run
);
alter table private.jobs enable row level security;
insert into private.jobs (job, schedule) values
    ('hours', '*/5 * * * *'), ('days', '7 * * * *'), ('views', '*/15 * * * *'), ('partitions', '13 1 * * *'), ('forget', '23 2 * * *');

-- pg_cron never forgets its runs by itself.
create function private.forget_cron_runs() returns bigint
language plpgsql set search_path = '' as $$
declare
    gone bigint := 0;
begin
    if to_regclass('cron.job_run_details') is not null then
        execute 'delete from cron.job_run_details where end_time < now() - interval ''7 days''';
        get diagnostics gone = row_count;
    end if;
    return gone;
end $$;

create function private.do_job(p_job text) returns bigint
language sql set search_path = '' as $$
    select case p_job
        when 'hours' then private.roll_up('hour')
        when 'days' then private.roll_up('day')
        when 'views' then private.refresh_views()
        when 'partitions' then private.ensure_partitions() + private.drop_partitions()
        when 'forget' then private.forget_counts() + private.forget_cron_runs()
    end
$$;

-- Buckets that are queued for a job.
create function private.waiting(p_job text) returns bigint
language sql stable security definer set search_path = '' as $$
    select count(*) from private.touched t where t.grain = case p_job when 'hours' then 'hour' when 'days' then 'day' end
$$;
revoke execute on function private.waiting(text) from public;
grant execute on function private.waiting(text) to authenticated, service_role;

-- Runs one job and notes how it went; a failure is undone, noted and returned, not raised. Null: it is running elsewhere.
create function private.run_job(p_job text) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
    begun   timestamptz := clock_timestamp();
    until   timestamptz := now();
    written bigint;
begin
    if not pg_try_advisory_xact_lock(hashtextextended('tws.job.' || p_job, 0)) then
        return null;
    end if;
    begin
        written := private.do_job(p_job);
    exception when others then
        update private.jobs set runs = runs + 1, failures = failures + 1, failed_at = now(), error = sqlerrm, started_at = begun,
            took_ms = extract(epoch from clock_timestamp() - begun) * 1000
        where job = p_job;
        return false;
    end;
    update private.jobs set runs = runs + 1, error = null, started_at = begun, rows = written,
        watermark = case when private.waiting(p_job) = 0 then until else watermark end,
        took_ms = extract(epoch from clock_timestamp() - begun) * 1000
    where job = p_job;
    return true;
end $$;

-- Runs all of them, for databases without pg_cron (and when somebody does not want to wait for it).
create function private.maintain() returns table (job text, ok boolean, rows bigint, took_ms bigint, error text)
language plpgsql security definer set search_path = '' as $$
declare
    name text;
begin
    -- months last: dropping one locks its table until the end
    foreach name in array array['hours', 'days', 'views', 'forget', 'partitions'] loop
        job := name;
        ok := private.run_job(name);
        select j.rows, j.took_ms, case when ok then null when ok is null then 'it is running elsewhere' else j.error end
        into rows, took_ms, error from private.jobs j where j.job = name;
        return next;
    end loop;
end $$;

-- Schedules the jobs with pg_cron and returns how many (0 without it). A name that is scheduled already gets its new time.
create function private.schedule_jobs() returns integer
language plpgsql security definer set search_path = '' as $$
declare
    wanted    private.jobs;
    scheduled integer := 0;
begin
    if not exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
        return 0;
    end if;
    for wanted in select * from private.jobs loop
        execute 'select cron.schedule($1, $2, $3)'
            using 'tws_' || wanted.job, wanted.schedule, format('select private.run_job(%L)', wanted.job);
        scheduled := scheduled + 1;
    end loop;
    return scheduled;
end $$;

revoke execute on all functions in schema private from public;
grant execute on function private.run_job(text), private.maintain(), private.schedule_jobs() to service_role;

-- Anybody who may sign in sees whether the numbers are kept up; there is nothing of any tenant in it.
grant select on private.jobs to authenticated, service_role;
create policy health_read on private.jobs for select to authenticated using (true);
create view public.maintenance_health with (security_invoker = true) as
select j.job, j.schedule, j.watermark, j.started_at, j.took_ms, j.rows, j.runs, j.failures, j.failed_at, j.error,
    private.waiting(j.job) as waiting
from private.jobs j;
revoke all on public.maintenance_health from public, anon, authenticated, service_role;
grant select on public.maintenance_health to authenticated, service_role;

do $$
begin
    begin
        create extension if not exists pg_cron with schema pg_catalog;
    exception when others then
        raise notice 'no pg_cron here: %; schedule `tws sync --maintain` instead', sqlerrm;
    end;
    perform private.schedule_jobs();
end $$;
