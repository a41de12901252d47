-- The queue that workstations share, and their rate, with two workstations: what is said to the functions and what they answer.
-- tests/unit/queue_test.c asks through the program.
begin;
select plan(69);
select tests.seed();
\set a '''aaaaaaaa-0000-4000-8000-000000000001'''
\set one '''11111111-0000-4000-8000-000000000001'''
\set two '''22222222-0000-4000-8000-000000000002'''
insert into sources (tenant_id, source_id) values (:a, :one), (:a, :two);

create function pg_temp.id(p_event integer) returns uuid language sql as
    $$ select ('dddddddd-0000-4000-8000-0000000000' || lpad(p_event::text, 2, '0'))::uuid $$;
create function pg_temp.offer(p_source uuid, p_event integer, p_priority integer default 1, p_every bigint default null,
    p_since bigint default 0) returns void language sql as $$
    select private.queue_offer('aaaaaaaa-0000-4000-8000-000000000001', p_source, 'http://host', 1000, jsonb_build_array(jsonb_build_object(
        'event_id', pg_temp.id(p_event), 'platform', 'vividseats', 'external_id', '9' || p_event, 'name', 'Event', 'venue', '', 'city', '',
        'region', '', 'country', '', 'timezone', '', 'category', '', 'url', '', 'currency', 'USD', 'time_tbd', false, 'seen_ms', 0,
        'every_ms', p_every, 'priority', p_priority, 'interval_ms', 600000, 'since_ms', p_since)))
$$;
create function pg_temp.withdraw(p_source uuid, p_event integer) returns bigint language sql as $$
    select private.queue_withdraw('aaaaaaaa-0000-4000-8000-000000000001', p_source, 'http://host', 1000, array[pg_temp.id(p_event)])
$$;
-- the events that a turn claims, and how often each was attempted: '1 2*2'
create function pg_temp.turn(p_source uuid, p_want integer, p_ends jsonb default '[]', p_rate bigint default 1000) returns text
language sql as $$
    select coalesce(string_agg(substr(t.external_id, 2) || case when t.attempts > 1 then '*' || t.attempts else '' end, ' '), '')
    from private.queue_turn('aaaaaaaa-0000-4000-8000-000000000001', p_source, 'vividseats', 'http://host', p_rate, 120000, 3,
        array(select j.number from public.scraper_jobs j where j.holder = p_source and j.status = 'running'), p_ends, p_want, true) t
$$;
create function pg_temp.ended(p_event integer, p_what text default 'done', p_wait bigint default 600000, p_refused boolean default false)
returns jsonb language sql as $$
    select jsonb_build_array(jsonb_build_object('number', j.number, 'attempts', j.attempts, 'what', p_what, 'wait_ms', p_wait,
        'interval_ms', 600000, 'refused', p_refused, 'outcome', case when p_what = 'done' then 'ok' else 'network' end, 'error', 'no luck'))
    from public.scraper_jobs j where j.job_id = pg_temp.id(p_event)
$$;
create function pg_temp.state(p_event integer) returns text language sql as
    $$ select j.status from public.scraper_jobs j where j.job_id = pg_temp.id(p_event) $$;
-- whether a request beside the jobs is granted, and what is claimed then
create function pg_temp.asked(p_source uuid, p_want integer, p_rate bigint) returns text language sql as $$
    select bool_or(t.granted) || ':' || count(t.number)
    from private.queue_turn('aaaaaaaa-0000-4000-8000-000000000001', p_source, 'vividseats', 'http://host', p_rate, 120000, 3,
        array(select j.number from public.scraper_jobs j where j.holder = p_source and j.status = 'running'), '[]', p_want, false, true) t
$$;
-- time passes for all jobs
create function pg_temp.pass(p_span interval) returns void language sql as $$
    update public.scraper_jobs set due_at = due_at - p_span, rank_at = rank_at - p_span, lease_until = lease_until - p_span,
        started_at = started_at - p_span, finished_at = finished_at - p_span
$$;

-- one job an event, whoever offers it
select pg_temp.offer(:one, 1), pg_temp.offer(:two, 1) \g /dev/null
select is((select count(*) from scraper_jobs where kind = 'poll'), 1::bigint, 'an event has one job, however many offer it');
select is(pg_temp.turn(:one, 10), '1', 'it is claimed');
select is(pg_temp.turn(:two, 10), '', 'once');
select pg_temp.offer(:two, 1) \g /dev/null
select is(pg_temp.turn(:two, 10), '', 'also when it is offered again meanwhile');
select is(pg_temp.turn(:one, 10, pg_temp.ended(1)), '', 'after a good poll it waits');
select is(pg_temp.state(1), 'queued', 'for the next');
select pg_temp.offer(:two, 1) \g /dev/null
select is(pg_temp.turn(:two, 10), '', 'and an offer does not hasten it');

-- who polled it last keeps it while it keeps up
select pg_temp.pass('10 min') \g /dev/null
select is(pg_temp.turn(:two, 10), '', 'it stays with who polled it last');
select is(pg_temp.turn(:one, 10), '1', 'who gets it');
select pg_temp.turn(:one, 0, pg_temp.ended(1)) \g /dev/null
select pg_temp.pass('11 min 59 s') \g /dev/null
select is(pg_temp.turn(:two, 10), '', 'until it is two minutes late');
select pg_temp.pass('2 s') \g /dev/null
select is(pg_temp.turn(:two, 10), '1', 'then another takes it');

-- who polled it last may poll it without a lease while this database cannot be reached
create function pg_temp.alone(p_event integer, p_wait bigint default 600000) returns jsonb language sql as $$
    select jsonb_build_array(jsonb_build_object('event_id', pg_temp.id(p_event), 'what', 'alone', 'wait_ms', p_wait, 'interval_ms', 600000,
        'outcome', 'ok'))
$$;
create function pg_temp.due_s(p_event integer) returns integer language sql as
    $$ select ceil(extract(epoch from due_at - clock_timestamp())) from public.scraper_jobs where job_id = pg_temp.id(p_event) $$;
select pg_temp.turn(:two, 0, pg_temp.ended(1)) \g /dev/null
select pg_temp.pass('11 min') \g /dev/null
select is(pg_temp.turn(:one, 5, pg_temp.alone(1)), '', 'what one polls that is another''s');
select is(pg_temp.due_s(1), -60, 'does not count');
select is(pg_temp.turn(:two, 5, pg_temp.alone(1, 500000)), '', 'what its own does is done');
select is(pg_temp.due_s(1), 500, 'until it is due again');
select is((select attempts || outcome || (lease_until > due_at)::text from scraper_jobs where job_id = pg_temp.id(1)), '0oktrue', 'and stays with it');
select pg_temp.pass('500 s') \g /dev/null
select is(pg_temp.turn(:two, 5), '1', 'a claim whose answer was lost');
select is(pg_temp.turn(:two, 5, pg_temp.alone(1)), '', 'is no other poll');
select is(pg_temp.state(1), 'queued', 'than the one without a lease');
select pg_temp.pass('10 min') \g /dev/null
select pg_temp.turn(:two, 1) \g /dev/null

-- a worker that is lost, and comes back
select pg_temp.pass('119 s') \g /dev/null
select is(pg_temp.turn(:one, 10), '', 'a lease holds for two minutes');
select pg_temp.turn(:two, 0) \g /dev/null
select pg_temp.pass('119 s') \g /dev/null
select is(pg_temp.turn(:one, 10), '', 'and two more with every heartbeat');
create temp table late as select pg_temp.ended(1) as ends;
select pg_temp.pass('121 s') \g /dev/null
select is(pg_temp.turn(:one, 10), '1*2', 'without one another takes over');
select pg_temp.turn(:two, 0, (select ends from late)) \g /dev/null
select is(pg_temp.state(1), 'running', 'an end of an attempt that was taken over does not count');
select pg_temp.turn(:two, 0, pg_temp.ended(1)) \g /dev/null
select is(pg_temp.state(1), 'running', 'nor does one in the name of another');
select results_eq(format('select count(*) from private.queue_turn(%L, %L, ''vividseats'', ''http://host'', 1000, 120000, 3, ''{}'', ''[]'', 0, false)', :a, :one),
    'values (1::bigint)', 'a worker that does not know what it has says so');
select is(pg_temp.state(1), 'queued', 'and gives it back');
select is(pg_temp.turn(:two, 1), '1*3', 'for others');
select pg_temp.pass('121 s') \g /dev/null
select pg_temp.turn(:one, 0) \g /dev/null
select results_eq('select attempts, error from scraper_jobs where status = ''dead''', $$values (3, 'its worker was lost')$$,
    'one whose worker was lost too often leaves a dead letter');
select is(pg_temp.turn(:one, 1), '1', 'and its event goes on');
select pg_temp.turn(:one, 0, pg_temp.ended(1)) \g /dev/null
delete from scraper_jobs where status = 'dead';

-- attempts
select pg_temp.offer(:one, 2) \g /dev/null
select is(pg_temp.turn(:one, 5), '2', 'a first attempt');
select pg_temp.turn(:one, 0, pg_temp.ended(2, 'again', 60000)) \g /dev/null
select is(pg_temp.turn(:two, 5), '', 'what failed waits');
select pg_temp.pass('1 min') \g /dev/null
select is(pg_temp.turn(:two, 5), '2*2', 'and is anybody''s then');
select pg_temp.turn(:two, 0, pg_temp.ended(2, 'released', 0)) \g /dev/null
select is(pg_temp.turn(:two, 5), '2*2', 'what was released was not attempted');
select pg_temp.turn(:two, 0, pg_temp.ended(2, 'dead')) \g /dev/null
select results_eq('select attempts, outcome, error from scraper_jobs where status = ''dead''', $$values (2, 'network', 'no luck')$$, 'a dead letter');
select number as letter from scraper_jobs where status = 'dead' \gset
select is(private.queue_retry(:a, :letter), 'ok', 'which can be tried again');
select is(pg_temp.turn(:two, 5), '2', 'with all attempts');
select is((select count(*) from scraper_jobs where status = 'dead'), 0::bigint, 'and is no letter any more');
select number as running from scraper_jobs where job_id = pg_temp.id(2) \gset
select is(private.queue_retry(:a, :running) || ' ' || private.queue_drop(:a, :running) || ' ' || private.queue_drop(:a, 999999),
    'alive busy absent', 'what cannot be retried or dropped');
select pg_temp.turn(:two, 0, pg_temp.ended(2, 'dead')) \g /dev/null
select number as letter from scraper_jobs where status = 'dead' \gset
select is(private.queue_drop(:a, :letter), 'ok', 'a dead letter is dropped');
select is(pg_temp.turn(:two, 0, pg_temp.ended(2)), '', 'an end that comes twice does not count');

-- priorities, wishes, retirement
select pg_temp.offer(:one, 3, 0), pg_temp.offer(:one, 4, 1), pg_temp.offer(:one, 5, 2) \g /dev/null
update scraper_jobs set due_at = due_at - interval '21 min', rank_at = rank_at - interval '21 min' where job_id = pg_temp.id(3);
select is(pg_temp.turn(:one, 1) || pg_temp.turn(:one, 1) || pg_temp.turn(:one, 1), '354', 'the higher comes first until the other has waited longer');
select pg_temp.turn(:one, 0, pg_temp.ended(e)) from generate_series(3, 5) e \g /dev/null
select pg_temp.offer(:two, 3, 2, 120000) \g /dev/null
select results_eq('select priority, due_at < clock_timestamp() + interval ''121 s'' from scraper_jobs where job_id = pg_temp.id(3)',
    'values (2, true)', 'who asks for more gets it');
select pg_temp.withdraw(:one, 3), pg_temp.withdraw(:one, 4) \g /dev/null
select is(pg_temp.state(3) || coalesce(pg_temp.state(4), ' gone'), 'queued gone', 'a job goes when nobody offers its event any more');
select pg_temp.pass('10 min'), pg_temp.turn(:one, 5) \g /dev/null
select pg_temp.turn(:one, 0, pg_temp.ended(5, 'retired')) \g /dev/null
select pg_temp.pass('1 day'), pg_temp.offer(:two, 5) \g /dev/null
select is(pg_temp.state(5), 'done', 'a retired event is not polled');
select pg_temp.offer(:two, 5, 1, null, (extract(epoch from clock_timestamp() - interval '1 hour') * 1000)::bigint) \g /dev/null
select is(pg_temp.state(5), 'queued', 'until somebody asks for it again');
update event_sources set tracked = false where event_id = pg_temp.id(5);
delete from scraper_jobs where job_id <> pg_temp.id(5);
select is(pg_temp.turn(:one, 5), '', 'an event that was given up by a sync is not claimed');
select is(private.forget_jobs(), 1::bigint, 'and its job is forgotten');

-- who may
grant execute on all functions in schema pg_temp to service_role;
set local role service_role;
select is(pg_temp.turn(:one, 0) || private.queue_drop(:a, 0), 'absent', 'the service role may take part');
reset role;

-- another tenant
insert into sources (tenant_id, source_id) values ('bbbbbbbb-0000-4000-8000-000000000001', :one);
select pg_temp.offer(:one, 6) \g /dev/null
select is((select count(t.number) from private.queue_turn('bbbbbbbb-0000-4000-8000-000000000001', :one, 'vividseats', 'http://host', 1000, 120000, 3,
    '{}', '[]', 9, true) t), 0::bigint, 'another tenant has other jobs');

-- the rate: whatever is asked for, in no minute more than is allowed, though a token may be used two seconds after it was given
create function pg_temp.densest(p_rate bigint, p_seconds integer, p_late double precision) returns bigint language plpgsql as $$
declare
    h private.scraper_hosts := row('aaaaaaaa-0000-4000-8000-000000000001', 'x', p_rate, '2026-01-01', p_rate, 0, null,
        private.host_burst(p_rate), '2026-01-01', '-infinity', 0, '-infinity');
    moment timestamptz;
    given bigint;
begin
    create temp table if not exists starts (at timestamptz);
    delete from starts;
    for i in 0..p_seconds * 2 loop
        moment := '2026-01-01'::timestamptz + i * interval '500 ms';
        continue when i % 400 between 120 and 240; -- a minute in which nobody asks: tokens are saved up
        given := private.host_tokens(h, 64, moment);
        h.credit := private.host_credit(h, moment) - given;
        h.refilled_at := moment;
        -- the worst: those after a pause are used late, the others at once
        insert into starts select moment + case when i % 400 = 241 then p_late * interval '1 s' else interval '0' end from generate_series(1, given);
    end loop;
    return (select max(n) from (select count(*) over (order by at range between current row and interval '60 s' following) as n from starts) w);
end $$;
select cmp_ok(pg_temp.densest(r, 1200, 2), '<=', r, 'no minute has more than ' || r) from (values (1::bigint), (2), (7), (60), (120), (997)) v (r);
select cmp_ok(pg_temp.densest(60, 1200, 0), '>=', 50::bigint, 'and not much less');

delete from private.scraper_hosts;
select pg_temp.offer(:one, e) from generate_series(10, 14) e \g /dev/null
select is((select count(*) from regexp_split_to_table(pg_temp.turn(:one, 9, '[]', 20), ' ') t where t <> ''), 2::bigint, 'who claims gets no more than there are tokens');
select is(pg_temp.turn(:two, 9, '[]', 20), '', 'and they are gone for all');
delete from scraper_jobs where job_id in (select pg_temp.id(e) from generate_series(10, 14) e);

-- requests beside the jobs
delete from private.scraper_hosts;
select pg_temp.offer(:one, e) from generate_series(10, 14) e \g /dev/null
select is(pg_temp.asked(:one, 9, 20), 'true:1', 'a request beside the jobs takes one of their tokens');
select is(pg_temp.asked(:two, 0, 20), 'false:0', 'which are gone for it, too');
update private.scraper_hosts set credit = 2, refilled_at = clock_timestamp();
select is(pg_temp.asked(:two, 0, 20), 'true:0', 'it needs no job beside it');
update private.scraper_hosts set credit = 2, refilled_at = clock_timestamp(), refusals = 5;
select is(pg_temp.asked(:two, 0, 20), 'false:0', 'it is not what tries a host that has rested');
delete from scraper_jobs where job_id in (select pg_temp.id(e) from generate_series(10, 14) e);

-- refusals
delete from private.scraper_hosts;
select pg_temp.turn(:one, 1, '[]', 100) \g /dev/null
select pg_temp.turn(:one, 0, pg_temp.ended(6, 'again', 0, true), 100) \g /dev/null
select results_eq('select allowed, floor(credit) from private.scraper_hosts', 'values (50::bigint, 0::double precision)', 'a refusal halves the rate of all, and leaves no burst');
select is((private.host_ended(h, true, null, clock_timestamp())).allowed, 50::bigint, 'one more at the same time does not') from private.scraper_hosts h;
select results_eq($$with recursive r as (
    select 0 as n, h from private.scraper_hosts h
    union all
    select n + 1, private.host_ended(h, false, null, clock_timestamp()) from r where n < 20
) select (h).allowed, (h).refusals from r where n in (9, 10, 20)$$, 'values (50::bigint, 0), (51, 0), (52, 0)', 'ten answers raise it by a hundredth');
select results_eq($$with recursive r as (
    select 1 as n, h from private.scraper_hosts h
    union all
    select n + 1, private.host_ended(h, true, null, '2100-01-01'::timestamptz + n * interval '20 s') from r where n < 5
) select (h).allowed, extract(epoch from (h).resting_until - '2100-01-01')::integer,
    private.host_tokens(h, 9, '2100-01-01 00:16'), private.host_tokens(h, 9, '2100-01-01 00:17') from r where n = 5$$,
    'values (3::bigint, 980, 0::bigint, 1::bigint)', 'five in a row rest the host');
select is(private.host_tokens(private.host_ended(h, true, 5000, clock_timestamp()), 9, clock_timestamp()), 0::bigint, 'Retry-After holds it') from private.scraper_hosts h;
update private.scraper_hosts set refusals = 5, resting_until = clock_timestamp() - interval '1 s', credit = 5;
select pg_temp.offer(:one, 7), pg_temp.offer(:one, 8) \g /dev/null
select is(pg_temp.turn(:two, 9, '[]', 100) || '|' || pg_temp.turn(:one, 9, '[]', 100), '6*2|', 'after the rest one alone tries');
select is(pg_temp.turn(:two, 9, pg_temp.ended(6, 'done'), 100) <> '', true, 'and when it is answered all go on');
select * from finish();
rollback;
