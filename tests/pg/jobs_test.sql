-- Aggregation in the database, its catching up, months and their archives, and how the jobs fare. That the numbers equal those of the
-- command line is asked in answers.bats.
begin;
select plan(35);
select tests.seed();
select private.ensure_partitions('2025-06-01', '2025-06-01') \g /dev/null
\set a '''aaaaaaaa-0000-4000-8000-000000000001'''
\set b '''bbbbbbbb-0000-4000-8000-000000000001'''
\set e '''eeeeeeee-0000-4000-8000-000000000002'''
\set raw '''ffffffff-0000-4000-8000-00000000000f'''
update private.jobs set watermark = null, runs = 0;
insert into sources values (:a, :raw, 'raw', true), (:b, :raw, 'raw', true);

-- 60 polls, 25 minutes apart, of the event, of two zones that come and go, and of sections; the second zone is seen late
create function pg_temp.polls(p_tenant uuid, p_from integer, p_to integer) returns void language sql as $$
    insert into public.ticket_snapshots (tenant_id, event_id, kind, scope, taken_at, source_id, currency, tickets, listings, count, sum, min,
        max, median_x2, min_2)
    select p_tenant, 'eeeeeeee-0000-4000-8000-000000000002', s.kind, s.scope, '2026-02-10 00:05Z'::timestamptz + n * interval '25 min',
        'ffffffff-0000-4000-8000-00000000000f', 'USD', (n * 7 + s.kind) % 40 + 1, n % 9 + 1, n % 9 + 1, (n % 9 + 1) * 1000 + n, 900 - n, 2000 + n,
        2000 + n % 5, nullif(n % 4, 0) * 100
    from generate_series(p_from, p_to) n, (values (0, '*', 1, 0), (1, 'Floor', 2, 0), (1, 'Balcony', 3, 20), (2, 'B1', 3, 20), (2, 'F1', 2, 0))
        s (kind, scope, every, since)
    where n >= s.since and n % s.every = 0
$$;
create temp view made as
    select tenant_id, 'hour' as grain, event_id, kind, scope, bucket, source_id, snapshots, last_offset, tickets, listings, lowest, highest, count,
        sum, min, max, median_x2, min_1, min_2, min_4, ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4
    from aggregated_analytics where source_id = 'ffffffff-0000-4000-8000-00000000000f'
    union all
    select tenant_id, 'day', event_id, kind, scope, bucket, source_id, snapshots, last_offset, tickets, listings, lowest, highest, count,
        sum, min, max, median_x2, min_1, min_2, min_4, ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4
    from daily_analytics where source_id = 'ffffffff-0000-4000-8000-00000000000f';
create function pg_temp.same() returns setof text language sql as $$
    select is_empty(format('select %1$s from made where tenant_id = %2$L except select %1$s from made where tenant_id = %3$L', c, x, y), 'nothing of ' || x || ' differs')
    from (select string_agg(attname, ', ') as c from pg_attribute where attrelid = 'made'::regclass and attnum > 1) c,
        (values ('aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000001'),
            ('bbbbbbbb-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000001')) v (x, y)
$$;

-- A: the jobs run after every poll. B: they miss a night, and then its polls came in the wrong order
do $$
begin
    for n in 0..59 loop
        perform pg_temp.polls('aaaaaaaa-0000-4000-8000-000000000001', n, n);
        perform private.run_job('hours'), private.run_job('days');
    end loop;
end $$;
select ok((select count(*) from made where tenant_id = :a) > 60, 'hours and days are made');
select is((select snapshots from made where tenant_id = :a and grain = 'day' and kind = 0 and bucket = '2026-02-10'), 58::bigint, 'every poll of the day counts');
-- the first sighting of the balcony is poll 21, the next 24: until the day's end 37 polls count, of which it was in 13
select results_eq($$select snapshots, lowest, count from made where tenant_id = 'aaaaaaaa-0000-4000-8000-000000000001' and grain = 'day' and scope = 'Balcony'
    and bucket = '2026-02-10'$$, $$values (37::bigint, 0::bigint, (select sum(n % 9 + 1) from generate_series(21, 57, 3) n))$$,
    'a zone counts from its first sighting on, empty or not');
select pg_temp.polls(:b, 40, 59) \g /dev/null
select pg_temp.polls(:b, 0, 39) \g /dev/null
select is(private.waiting('hours'), 26::bigint, 'what the jobs have not seen waits');
select ok(private.run_job('hours'), 'a run of the hours');
select ok(private.run_job('days'), 'and of the days');
select is(private.waiting('hours') + private.waiting('days'), 0::bigint, 'leave nothing waiting');
select is((select watermark from maintenance_health where job = 'hours'), now(), 'and move the watermark');
select pg_temp.same();

-- again and again
select is(private.roll_up('hour') + private.roll_up('day'), 0::bigint, 'a run without news writes nothing');
update ticket_snapshots set tickets = tickets where source_id = :raw;
select is(private.roll_up('hour') + private.roll_up('day'), 0::bigint, 'nor does one over snapshots that did not change');

-- corrections: a poll that comes late, one that is taken back, one that is changed
select pg_temp.polls(t.tenant, 60, 60) from (values (:a::uuid), (:b)) t (tenant) \g /dev/null
delete from ticket_snapshots where source_id = :raw and taken_at = '2026-02-10 00:05Z'::timestamptz + 30 * interval '25 min';
update ticket_snapshots set min = 1 where source_id = :raw and kind = 0 and taken_at = '2026-02-10 00:05Z';
select ok(private.run_job('hours') and private.run_job('days'), 'corrections are taken in');
select is((select min from made where tenant_id = :a and grain = 'hour' and kind = 0 and bucket = '2026-02-10 00:00Z'), 1::bigint, 'the changed one');
select is((select snapshots from made where tenant_id = :b and grain = 'day' and kind = 0 and bucket = '2026-02-10'), 57::bigint, 'the one taken back');
select pg_temp.same();
delete from ticket_snapshots where source_id = :raw and tenant_id = :b;
select ok(private.run_job('hours') and private.run_job('days'), 'snapshots that are all taken back');
select is((select count(*) from made where tenant_id = :b), 0::bigint, 'leave no bucket');
select is((select count(*) from aggregated_analytics where source_id <> :raw), 12::bigint, 'what others pushed is as it was');

-- a source that is switched over
insert into ticket_snapshots (tenant_id, event_id, kind, scope, taken_at, source_id, currency, tickets, listings, count, sum)
values (:a, :e, 0, '*', '2026-02-11 07:00Z', :a, 'USD', 5, 1, 0, 0);
select is(private.roll_up('hour'), 0::bigint, 'a source that pushes its hours is left alone');
update sources set aggregated = true where tenant_id = :a and source_id = :a;
select ok(private.roll_up('hour') > 0, 'until it is switched over');

-- months: ready, archived, dropped; and rows that come after that
insert into ticket_snapshots (tenant_id, event_id, kind, scope, taken_at, source_id, currency, tickets, listings, count, sum)
values (:a, :e, 0, '*', '2025-06-15 07:00Z', :raw, 'USD', 5, 1, 0, 0), (:a, :e, 0, '*', '2025-06-15 07:30Z', :raw, 'USD', 7, 1, 0, 0);
select private.run_job('hours') \g /dev/null
select results_eq('select name, state from private.partitions(''2026-11-01'') where month < ''2026-03-01'' order by month',
    $$values ('ticket_snapshots_2025_06', 'ready'), ('ticket_snapshots_2026_02', 'ready')$$, 'months older than four are ready');
select is((select state from private.partitions('2026-06-30 23:59:59Z') where month = '2026-02-01'), 'live', 'four months are counted from its end');
select throws_ok($$select private.partition_archived('2025-06-01', 's3://cold/2025-06', 3, sha256('x'))$$, '55000',
    'the month 2025-06 has 2 rows, its archive 3', 'an archive that lacks rows is none');
select private.partition_archived('2025-06-01', 's3://cold/2025-06', 2, sha256('x')) \g /dev/null
select is((select state from private.partitions() where month = '2025-06-01'), 'archived', 'one that has them all is noted');
insert into ticket_snapshots (tenant_id, event_id, kind, scope, taken_at, source_id, currency, tickets, listings, count, sum)
values (:a, :e, 0, '*', '2025-06-16 07:00Z', :raw, 'USD', 5, 1, 0, 0);
select is(private.drop_partitions(), 0, 'a month that got rows since is not dropped');
select is((select state from private.partitions() where month = '2025-06-01'), 'ready', 'but ready again');
select private.partition_archived('2025-06-01', 's3://cold/2025-06b', 3, sha256('y')) \g /dev/null
select is(private.drop_partitions(), 1, 'an archived month is dropped');
select is((select state from private.partition_archives where month = '2025-06-01'), 'dropped', 'and known');
select private.ensure_partitions('2025-06-01', '2025-06-01') \g /dev/null
insert into ticket_snapshots (tenant_id, event_id, kind, scope, taken_at, source_id, currency, tickets, listings, count, sum)
values (:a, :e, 0, '*', '2025-06-15 07:45Z', :raw, 'USD', 5, 1, 0, 0);
select private.run_job('hours') \g /dev/null
select is((select snapshots from made where tenant_id = :a and grain = 'hour' and kind = 0 and bucket = '2025-06-15 07:00Z'), 2::bigint,
    'stragglers of a dropped month do not replace what was made of all of it');

-- how the jobs fare
alter function private.forget_counts() rename to away;
select is(private.run_job('forget'), false, 'a job that fails says so');
select ok((select error from maintenance_health where job = 'forget') like '%forget_counts%', 'and why');
alter function private.away() rename to forget_counts;
select ok((select bool_and(ok) from private.maintain()), 'maintenance runs all of them');
select is((select error from maintenance_health where job = 'forget'), null, 'and a good run clears the error');
select * from finish();
rollback;
