-- Hours and days made in the database, for sources that push snapshots only (sources.aggregated). What a push touched is queued by a
-- trigger in the push's own transaction; a job makes the queued buckets anew from all their snapshots. So a job that did not run
-- for a night catches up, running twice changes nothing, and late snapshots count like those that came in time.

create table private.touched (
    id        bigint generated always as identity primary key, -- no natural key: pushes of one bucket must not wait for each other
    tenant_id uuid not null,
    event_id  uuid not null,
    source_id uuid not null,
    grain     text not null check (grain in ('hour', 'day')),
    bucket    timestamptz not null
);
alter table private.touched enable row level security;
create index touched_by_grain on private.touched (grain, id);

create type private.due as (tenant_id uuid, event_id uuid, source_id uuid, bucket timestamptz);

create function private.touch() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    insert into private.touched (tenant_id, event_id, source_id, grain, bucket)
    select distinct c.tenant_id, c.event_id, c.source_id, g.grain, date_bin(('1 ' || g.grain)::interval, c.taken_at, '1970-01-01 00:00:00Z')
    from changed c join public.sources s on s.tenant_id = c.tenant_id and s.source_id = c.source_id and s.aggregated
    cross join (values ('hour'), ('day')) g (grain);
    return null;
end $$;
create trigger touch_inserted after insert on public.ticket_snapshots
    referencing new table as changed for each statement execute function private.touch();
create trigger touch_updated after update on public.ticket_snapshots
    referencing new table as changed for each statement execute function private.touch();
create trigger touch_deleted after delete on public.ticket_snapshots
    referencing old table as changed for each statement execute function private.touch();

-- A source that is switched to aggregation has all its snapshots before it.
create function private.touch_source() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    insert into private.touched (tenant_id, event_id, source_id, grain, bucket)
    select distinct s.tenant_id, s.event_id, s.source_id, g.grain, date_bin(('1 ' || g.grain)::interval, s.taken_at, '1970-01-01 00:00:00Z')
    from public.ticket_snapshots s cross join (values ('hour'), ('day')) g (grain)
    where s.tenant_id = new.tenant_id and s.source_id = new.source_id and s.kind = 0;
    return null;
end $$;
create trigger touch_source after update on public.sources
    for each row when (new.aggregated and not old.aggregated) execute function private.touch_source();

-- Takes what is queued. Months that were dropped are left alone: what is left of their snapshots is not all there was.
create function private.take_due(p_grain text, p_most integer) returns private.due[]
language sql volatile set search_path = '' as $$
    with taken as (
        delete from private.touched where id in
            (select t.id from private.touched t where t.grain = p_grain order by t.id limit p_most)
        returning tenant_id, event_id, source_id, bucket
    )
    select coalesce(array_agg(distinct (t.tenant_id, t.event_id, t.source_id, t.bucket)::private.due), '{}')
    from taken t
    where not exists (select from private.partition_archives a
        where a.state = 'dropped' and a.month = date_trunc('month', t.bucket at time zone 'UTC')::date)
$$;

-- Zones that nobody mapped are mapped where their snapshots first have them; and the polls before a first sighting are counted.
create function private.complete_map(p_due private.due[]) returns void
language plpgsql set search_path = '' as $$
begin
    insert into public.zones_mapping (tenant_id, event_id, zone, first_seen)
    select e.tenant_id, e.event_id, s.scope, min(s.taken_at)
    from (select distinct d.tenant_id, d.event_id from unnest(p_due) d) e
    join public.ticket_snapshots s on s.tenant_id = e.tenant_id and s.event_id = e.event_id and s.kind = 1
    where not exists (select from public.zones_mapping m
        where m.tenant_id = e.tenant_id and m.event_id = e.event_id and m.zone = s.scope and m.section = '')
    group by e.tenant_id, e.event_id, s.scope
    on conflict do nothing;

    update public.zones_mapping m set hour_before = b.hour_before, day_before = b.day_before
    from (select m.tenant_id, m.event_id, m.zone, m.section,
            count(*) filter (where p.taken_at >= date_bin('1 hour', m.first_seen, '1970-01-01 00:00:00Z')) as hour_before,
            count(p.taken_at) as day_before
        from (select distinct d.tenant_id, d.event_id from unnest(p_due) d) e
        join public.zones_mapping m on m.tenant_id = e.tenant_id and m.event_id = e.event_id
        join public.ticket_snapshots p on p.tenant_id = m.tenant_id and p.event_id = m.event_id and p.kind = 0
            and p.taken_at >= date_bin('1 day', m.first_seen, '1970-01-01 00:00:00Z') and p.taken_at < m.first_seen
        group by m.tenant_id, m.event_id, m.zone, m.section) b
    where m.tenant_id = b.tenant_id and m.event_id = b.event_id and m.zone = b.zone and m.section = b.section
        and (m.hour_before, m.day_before) is distinct from (b.hour_before::integer, b.day_before::integer);
end $$;

-- Makes buckets from their snapshots, as src/core/fold.c does: every poll of the event counts for a zone or section from its first
-- sighting on, whether or not it found something in it. Returns how many rows were written or removed.
create function private.make_buckets(p_grain text, p_due private.due[]) returns bigint
language plpgsql set search_path = '' as $$
declare
    target  text := case p_grain when 'hour' then 'aggregated_analytics' else 'daily_analytics' end;
    step    interval := ('1 ' || p_grain)::interval;
    written bigint;
    removed bigint;
begin
    execute format($gone$
        delete from public.%1$I t using unnest($1) d
        where t.tenant_id = d.tenant_id and t.event_id = d.event_id and t.source_id = d.source_id and t.bucket = d.bucket
            and not exists (select from public.ticket_snapshots s
                where s.tenant_id = t.tenant_id and s.event_id = t.event_id and s.kind = t.kind and s.scope = t.scope
                    and s.source_id = t.source_id and s.taken_at >= t.bucket and s.taken_at < t.bucket + $2
                    and (s.kind = 0 or s.tickets > 0))
    $gone$, target) using p_due, step;
    get diagnostics removed = row_count;
    execute format($put$
        with found as (
            select d.bucket, s.*, count(*) filter (where s.kind = 0) over of_bucket as polls,
                max(s.taken_at) filter (where s.kind = 0) over of_bucket as last_poll
            from unnest($1) d join public.ticket_snapshots s on s.tenant_id = d.tenant_id and s.event_id = d.event_id
                and s.source_id = d.source_id and s.taken_at >= d.bucket and s.taken_at < d.bucket + $2
                and (s.kind = 0 or s.tickets > 0)
            window of_bucket as (partition by d.tenant_id, d.event_id, d.source_id, d.bucket)
        ), made as (
            select tenant_id, event_id, kind, scope, bucket, source_id, (array_agg(currency))[1] as currency, count(*) as seen,
                max(polls) as polls, max(last_poll) as last_poll, max(taken_at) = max(last_poll) as stands,
                (array_agg(tickets))[1] as tickets, (array_agg(listings))[1] as listings, min(tickets) as lowest, max(tickets) as highest,
                sum(count)::bigint as count, sum(sum)::bigint as sum, min(min) as min, max(max) as max,
                (array_agg(median_x2))[1] as median_x2, min(min_1) as min_1, min(min_2) as min_2, min(min_4) as min_4,
                sum(ai_count)::bigint as ai_count, sum(ai_sum)::bigint as ai_sum, min(ai_min) as ai_min, max(ai_max) as ai_max,
                (array_agg(ai_median_x2))[1] as ai_median_x2, min(ai_min_1) as ai_min_1, min(ai_min_2) as ai_min_2,
                min(ai_min_4) as ai_min_4
            from (select * from found order by tenant_id, event_id, kind, scope, bucket, source_id, taken_at desc) f
            group by tenant_id, event_id, kind, scope, bucket, source_id
        ), whole as (
            select m.*, case when m.kind = 0 or f.first_seen <= m.bucket then m.polls
                else m.polls - (select count(*) from public.ticket_snapshots s
                    where s.tenant_id = m.tenant_id and s.event_id = m.event_id and s.source_id = m.source_id and s.kind = 0
                        and s.scope = '*' and s.taken_at >= m.bucket and s.taken_at < f.first_seen) end as snapshots
            from made m cross join lateral (select case m.kind
                when 1 then (select z.first_seen from public.zones_mapping z
                    where z.tenant_id = m.tenant_id and z.event_id = m.event_id and z.zone = m.scope and z.section = '')
                when 2 then coalesce((select min(z.first_seen) from public.zones_mapping z
                        where z.tenant_id = m.tenant_id and z.event_id = m.event_id and z.section = m.scope),
                    (select min(s.taken_at) from public.ticket_snapshots s where s.tenant_id = m.tenant_id
                        and s.event_id = m.event_id and s.kind = m.kind and s.scope = m.scope)) end as first_seen) f
        )
        insert into public.%1$I as t (tenant_id, event_id, kind, scope, bucket, source_id, currency, snapshots, last_offset,
            tickets, listings, lowest, highest, count, sum, min, max, median_x2, min_1, min_2, min_4,
            ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4)
        select tenant_id, event_id, kind, scope, bucket, source_id, currency, snapshots,
            extract(epoch from last_poll - bucket) * 1000,
            case when stands then tickets else 0 end, case when stands then listings else 0 end,
            case when snapshots > seen then 0 else lowest end, highest, count, sum, min, max,
            case when stands then median_x2 end, min_1, min_2, min_4,
            ai_count, ai_sum, ai_min, ai_max, case when stands then ai_median_x2 end, ai_min_1, ai_min_2, ai_min_4
        from whole where polls > 0
        on conflict (tenant_id, event_id, kind, scope, bucket, source_id) do update set (currency, snapshots, last_offset,
                tickets, listings, lowest, highest, count, sum, min, max, median_x2, min_1, min_2, min_4,
                ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4)
            = (excluded.currency, excluded.snapshots, excluded.last_offset, excluded.tickets, excluded.listings, excluded.lowest,
                excluded.highest, excluded.count, excluded.sum, excluded.min, excluded.max, excluded.median_x2,
                excluded.min_1, excluded.min_2, excluded.min_4, excluded.ai_count, excluded.ai_sum, excluded.ai_min,
                excluded.ai_max, excluded.ai_median_x2, excluded.ai_min_1, excluded.ai_min_2, excluded.ai_min_4)
        where t is distinct from excluded
    $put$, target) using p_due, step;
    get diagnostics written = row_count;
    return written + removed;
end $$;

-- Makes the buckets of a grain that were touched, for a minute at most: what is left then waits for the next run. Returns how many
-- rows changed.
create function private.roll_up(p_grain text) returns bigint
language plpgsql set search_path = '' as $$
declare
    most    constant integer := 1000; -- queued rows in one go
    due     private.due[];
    changed bigint := 0;
    until   timestamptz := clock_timestamp() + interval '1 minute';
begin
    while clock_timestamp() < until and exists (select from private.touched where grain = p_grain) loop
        due := private.take_due(p_grain, most);
        perform private.complete_map(due);
        changed := changed + private.make_buckets(p_grain, due);
        perform private.batch_done(e.tenant_id, array_agg(e.event_id))
        from (select distinct d.tenant_id, d.event_id from unnest(due) d) e group by e.tenant_id;
    end loop;
    return changed;
end $$;
