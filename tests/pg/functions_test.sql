-- What the API's functions answer and refuse, keys and counters, and who is told of changes. That answers equal the command line's is
-- asked in answers.bats.
begin;
select plan(47);
select tests.seed();
\set a '''aaaaaaaa-0000-4000-8000-000000000001'''
\set e1 '''eeeeeeee-0000-4000-8000-000000000001'''
\set e2 '''eeeeeeee-0000-4000-8000-000000000002'''

-- one source: the whole text
select is(get_price_trends(:e1, tenant => :a)::text, '{"data":[
{"timestamp":"2026-02-09T10:00:00Z","min_price":100.00,"avg_price":150.00,"median_price":150.00,"max_price":200.00,"snapshots":1}
],
"meta":{"event":"vividseats:1","event_id":"eeeeeeee-0000-4000-8000-000000000001","currency":"USD","price_basis":"base","granularity":"hour","zone":null,"from":null,"to":null,"data_points":1,"trend":"flat","percent_change":0.00}}',
    'trends are the text that the command line prints');
select is(get_event_zones(:e1)::json #>> '{data,0,sections}', '["A"]', 'zones list their sections');
select is(get_latest_prices(tenant => :a)::json #>> '{meta,data_points}', '4', 'latest prices have the event and each zone');
select is(get_price_trends(:e1, price => 'all-in') #>> '{data,0,min_price}', null, 'an unknown all-in price is null');

-- a second source of the same hour: minima, maxima, sums and counts merge; levels are those of the later poll
insert into sources values (:a, 'aaaaaaaa-0000-4000-8000-000000000009', 'another');
insert into event_sources values (:a, :e1, 'aaaaaaaa-0000-4000-8000-000000000009', true);
insert into aggregated_analytics (tenant_id, event_id, kind, scope, bucket, source_id, currency, snapshots, last_offset, tickets, listings,
    lowest, highest, count, sum, min, max, median_x2)
values (:a, :e1, 0, '*', '2026-02-09 10:00Z', 'aaaaaaaa-0000-4000-8000-000000000009', 'USD', 2, 1800001, 1, 1, 1, 9, 4, 29998, 5000, 15000, 10001);
select is(get_price_trends(:e1) #>> '{data,0}',
    '{"timestamp":"2026-02-09T10:00:00Z","min_price":50.00,"avg_price":100.00,"median_price":50.01,"max_price":200.00,"snapshots":3}',
    'two sources merge: 59998 / 6 is 9999.67, shown as 100.00');
select is(get_ticket_counts(:e1) #>> '{data,0}',
    '{"timestamp":"2026-02-09T10:00:00Z","total_tickets":1,"total_listings":1,"lowest_tickets":1,"highest_tickets":9,"available":true}',
    'tickets are those of the later poll');
update aggregated_analytics set last_offset = 1800000 where source_id = 'aaaaaaaa-0000-4000-8000-000000000009';
select is(get_ticket_counts(:e1) #>> '{data,0,total_tickets}', '4', 'at the same time more tickets stand');
update aggregated_analytics set tickets = 4, listings = 3 where source_id = 'aaaaaaaa-0000-4000-8000-000000000009';
select is(get_ticket_counts(:e1) #>> '{data,0,total_listings}', '3', 'then more listings');
update aggregated_analytics set listings = 2 where source_id = 'aaaaaaaa-0000-4000-8000-000000000009';
select is(get_price_trends(:e1) #>> '{data,0,median_price}', '150.00', 'then the higher median');
update aggregated_analytics set median_x2 = 30001 where source_id = 'aaaaaaaa-0000-4000-8000-000000000009';
select is(get_price_trends(:e1) #>> '{data,0,median_price}', '150.01', 'whichever source has it; half a cent is rounded up');
-- the zone was not seen by the second source: its polls found nothing there
select is(get_ticket_counts(:e1, 'floor') #>> '{data,0}',
    '{"timestamp":"2026-02-09T10:00:00Z","total_tickets":4,"total_listings":2,"lowest_tickets":0,"highest_tickets":4,"available":true}',
    'polls that found nothing in a zone count as 0 tickets');
-- a day of a source that has not pushed it is made of its hours, beside the other's day
select is(get_price_trends(:e1, granularity => 'day') #>> '{data,0,snapshots}', '3', 'an open day is made of its hours');
select is(get_group_prices(:e1, group_size => 4) #>> '{data,0,price}', null, 'no price where four may not be bought');
update aggregated_analytics set min_2 = 12345 where event_id = :e1;
select is(get_group_prices(:e1, group_size => 2) #>> '{data,0}',
    '{"timestamp":"2026-02-09T10:00:00Z","group_size":2,"price":246.90,"price_per_ticket":123.45}', 'a group''s price');
select is(get_price_trends(:e1, start_date => '2026-02-09T10:59:59.5Z', end_date => '2026-02-09T11:00:00+00:00') #>> '{meta}',
    '{"event":"vividseats:1","event_id":"eeeeeeee-0000-4000-8000-000000000001","currency":"USD","price_basis":"base","granularity":"hour","zone":null,"from":"2026-02-09T10:59:59.500Z","to":"2026-02-09T11:00:00Z","data_points":1,"trend":"flat","percent_change":0.00}',
    'an hour is shown when its start lies in [floor(from), to)');
select is(get_price_trends(:e1, end_date => '2026-02-09') #>> '{data}', '[]', 'a date is midnight UTC');
set local timezone = 'Asia/Tokyo';
select is(get_price_trends(:e1, start_date => '2026-02-09') #>> '{meta,from}', '2026-02-09T00:00:00Z', 'wherever the session is');
set local timezone = 'UTC';

-- what is refused, with a status that PostgREST passes on
select throws_ok(q.query, q.code, q.message, q.message) from (values
    ($$select get_price_trends('eeeeeeee-0000-4000-8000-000000000001', granularity => 'week')$$, 'PT400', 'granularity: ''week'' is none of snapshot, hour, day'),
    ($$select get_price_trends('eeeeeeee-0000-4000-8000-000000000001', granularity => null)$$, 'PT400', null),
    ($$select get_price_trends('eeeeeeee-0000-4000-8000-000000000001', price => 'net')$$, 'PT400', 'price: ''net'' is none of base, all-in'),
    ($$select get_price_trends('eeeeeeee-0000-4000-8000-000000000001', start_date => 'yesterday')$$, 'PT400', 'start_date: ''yesterday'' is not a time'),
    ($$select get_price_trends('eeeeeeee-0000-4000-8000-000000000001', end_date => '2026-02-30')$$, 'PT400', 'end_date: ''2026-02-30'' is not a time'),
    ($$select get_price_trends('eeeeeeee-0000-4000-8000-000000000001', start_date => '2026-02-10', end_date => '2026-02-09')$$, 'PT400', 'end_date: ''2026-02-09'' is before start_date ''2026-02-10'''),
    ($$select get_group_prices('eeeeeeee-0000-4000-8000-000000000001', group_size => 3)$$, 'PT400', 'group_size: 3 is none of 1, 2, 4'),
    ($$select get_ticket_counts('eeeeeeee-0000-4000-8000-000000000001', 'Pit')$$, 'PT404', 'event ''vividseats:1'' has no zone ''Pit'''),
    ($$select get_ticket_counts('eeeeeeee-0000-4000-8000-000000000007')$$, 'PT404', 'no such event: eeeeeeee-0000-4000-8000-000000000007'),
    ($$select get_event_zones('eeeeeeee-0000-4000-8000-000000000002')$$, 'PT400', '2 tenants have this event: tenant is missing'),
    ($$select get_event_zones(null)$$, 'PT400', 'event_id is missing'),
    ($$select get_events()$$, 'PT400', 'you may read events of 2 tenants: tenant is missing'),
    ($$select get_latest_prices()$$, 'PT400', 'you may read events of 2 tenants: tenant is missing')
) q (query, code, message);

-- as everybody
select is(tests.ask('alice of A', q.query), q.answer::text, q.name) from (values
    ('select get_event_zones(''eeeeeeee-0000-4000-8000-000000000002'') #>> ''{meta,event}''', 'vividseats:2', 'a member of one tenant need not name it'),
    ('select get_events() #>> ''{meta,data_points}''', '2', 'and sees its events'),
    ('select get_ticket_counts(''eeeeeeee-0000-4000-8000-000000000003'')', 'PT404', 'another tenant''s event is no event'),
    ('select get_ticket_counts(''eeeeeeee-0000-4000-8000-000000000002'', tenant => ''bbbbbbbb-0000-4000-8000-000000000001'')', 'PT404', 'nor by naming the tenant')
) q (query, answer, name);
select is(tests.ask('anon', 'select get_ticket_counts(''eeeeeeee-0000-4000-8000-000000000003'') #>> ''{data,0,total_tickets}'''), '4', 'anon reads a public event');
select is(tests.ask('anon', 'select get_ticket_counts(''eeeeeeee-0000-4000-8000-000000000001'')'), 'PT404', 'and no other');
select is(tests.ask('key of A', 'select get_ticket_counts(''eeeeeeee-0000-4000-8000-000000000001'') #>> ''{data,0,total_tickets}'''), '4', 'a key reads its tenant''s');

-- keys
select private.create_api_key(:a, 'robot', p_writes_per_min => 2) as key \gset
select matches(:'key'::text, '^tws_[0-9a-f]{64}$', 'a key is made');
select is_empty(format('select from private.api_keys k where k::text like %L', '%' || substr(:'key', 5, 30) || '%'), 'and not kept');
select set_config('request.headers', format('{"x-api-key":"%s"}', :'key'), true) \g /dev/null
select lives_ok('select internal.pre_request(), internal.pre_request()', 'two writes of two are let through');
select throws_ok('select internal.pre_request()', 'PGRST', null, 'the third is refused');
select private.revoke_api_key(:a, 'robot') \g /dev/null
select throws_like('select internal.pre_request()', '%"PT401"%', 'a revoked key is refused, as what it is');

-- changes
select private.batch_done(:a, array[:e1, :e2, :e1]::uuid[]) as told \gset
select is(:told, 2, 'one message for each event');
select results_eq('select topic, event, private, payload ->> ''event_id'' from realtime.messages order by payload ->> ''event_id''',
    format('values (%1$L, ''event_changed'', true, %2$L), (%1$L, ''event_changed'', true, %3$L)', 'tenant:' || :a, :e1, :e2),
    'on the private channel of the tenant');
select set_config('realtime.topic', 'tenant:' || :a, true) \g /dev/null
select is(tests.ask(actor, 'select count(*) from realtime.messages'), heard, actor || ' on that channel')
from (values ('alice of A', '2'), ('bob of B', '0'), ('forger', '0')) a (actor, heard);
select * from finish();
rollback;
