load sync_helper

setup_file() { sync_setup_file; }
teardown_file() { pg_stop; }
setup() { sync_setup; }
teardown() { sync_teardown; }

@test "a pass sends everything, the next nothing, and both sides are the same" {
    run "$TWS" sync --format json
    [ "$status" = 0 ]
    [ "$(jq '.data[0].hours' <<<"$output")" = "$(sqlite3 "$TWS_DB" 'select count(*) from rollup where grain = 0')" ]
    [ "$(sql -c 'select count(*) from aggregated_analytics')" = "$(jq '.data[0].hours' <<<"$output")" ]
    [ "$(sql -c 'select count(*) from scraper_logs')" = "$(sqlite3 "$TWS_DB" 'select count(*) from snapshot')" ]
    same
    run "$TWS" sync
    [[ $output == *'nothing; 0 rows new or other'* ]]
    [ "$(sqlite3 "$TWS_DB" 'select count(*) from outbox')" = 0 ]
}

@test "sending everything again writes no row" {
    "$TWS" -q sync
    before=$(sql -c 'select sum(xmin::text::bigint) from aggregated_analytics')
    run "$TWS" sync --full
    [[ $output == *' 0 rows new or other'* ]]
    [ "$(sql -c 'select sum(xmin::text::bigint) from aggregated_analytics')" = "$before" ]
}

@test "rows without all-in prices, and with some of them, are told apart and the same on both sides" {
    sqlite3 "$TWS_DB" 'update rollup set ai_min_4 = null where event_id = 1;
        update rollup set ai_count = null, ai_sum = null, ai_min = null, ai_max = null, ai_median_x2 = null, ai_min_1 = null,
            ai_min_2 = null, ai_min_4 = null where event_id = 2'
    "$TWS" -q sync
    same
    sql -c 'update aggregated_analytics set ai_count = 0 where ctid = (select min(ctid) from aggregated_analytics where ai_count is null)'
    run "$TWS" sync --verify
    refused 6 'the first: vividseats:' 'tws sync --full'
}

@test "a dry run asks nobody and marks nothing" {
    TWS_DATABASE_URL=postgresql://nobody@127.0.0.1:1/x run "$TWS" sync --dry-run --full
    [ "$status" = 0 ]
    [[ $output == '5 events, '*' would be sent' ]]
    "$TWS" -q sync
    run "$TWS" sync --dry-run
    [ "$output" = 'nothing would be sent' ]
}

@test "prices, texts and times arrive as they are" {
    "$TWS" -q sync
    run sql -c "select name, venue, currency, (extract(epoch from starts_at) * 1000)::bigint from events order by external_id"
    [ "$output" = "$(sqlite3 "$TWS_DB" 'select name, venue, currency, date_ms from event order by external_id')" ]
    [ "$(sql -c "select sum(sum), sum(min), sum(median_x2), count(*) from aggregated_analytics where kind = 1")" = \
        "$(sqlite3 "$TWS_DB" "select sum(sum), sum(min), sum(median_x2), count(*) from rollup where grain = 0 and kind = 1")" ]
    [ "$(sql -c 'select count(*) from ticket_snapshots where kind = 0')" = 5 ]
}

@test "what differs there is found, named, and put right" {
    "$TWS" -q sync
    sql -c "update aggregated_analytics set sum = sum + 1 where ctid = (select min(ctid) from aggregated_analytics)" \
        -c "delete from daily_analytics where ctid = (select min(ctid) from daily_analytics)" \
        -c "insert into daily_analytics select (jsonb_populate_record(d, '{\"scope\": \"Nowhere\", \"kind\": 1}'::jsonb)).*
            from daily_analytics d where kind = 0 limit 1"
    run "$TWS" sync --verify
    refused 6 'the first: vividseats:' 'tws sync --full'
    run "$TWS" sync --full
    [ "$status" = 0 ]
    same
}

@test "what goes away here goes away there" {
    "$TWS" -q sync
    sqlite3 "$TWS_DB" "delete from rollup where grain = 0 and event_id = 1 and bucket = (select max(bucket) from rollup
        where grain = 0 and event_id = 1 and kind = 0)"
    run "$TWS" sync
    [ "$status" = 0 ]
    same
}

@test "measures of every snapshot on demand, in months that are made when they are missing" {
    export TWS_SYNC_SNAPSHOTS=on
    sqlite3 "$TWS_DB" "update outbox set batch = null"
    for month in $(sql -c "select name from private.partitions()"); do sql -c "drop table private.$month"; done
    run "$TWS" sync
    [ "$status" = 0 ]
    polls=$(sqlite3 "$TWS_DB" 'select count(*) from snapshot where outcome <= 1')
    [ "$(sql -c 'select count(*) from ticket_snapshots where kind = 0')" = "$polls" ]
    [ "$(sql -c 'select sum(tickets), sum(sum) from ticket_snapshots where kind = 1')" = \
        "$(sql -c 'select sum(tickets), sum(sum) from ticket_snapshots where kind = 2')" ]
}

@test "a budget of bytes is kept to, and what waits goes the next day" {
    export TWS_SYNC_DAILY_BYTES=1000000
    TWS_NOW=2026-11-20T10:00:00Z run "$TWS" sync
    [ "$status" = 0 ]
    [[ $output == *'the bytes of today are spent'* ]]
    TWS_NOW=2026-11-20T23:00:00Z run "$TWS" sync
    [[ $output == *'nothing; 0 rows'* ]]
    for day in 21 22 23 24 25 26 27 28 29 30; do
        TWS_NOW=2026-11-${day}T10:00:00Z "$TWS" -q sync
    done
    same
}

@test "a value that the server does not accept holds up nothing else" {
    bucket=$(sqlite3 "$TWS_DB" 'select bucket from rollup where grain = 0 and kind = 0 and event_id = 2 limit 1 offset 9')
    sql -c "alter table aggregated_analytics add constraint poison check (bucket <> '$(date -u -d @$((bucket * 3600)) +%FT%TZ)')"
    run "$TWS" sync
    refused 6 'marks of the outbox cannot be sent, the first'
    [ "$(sqlite3 "$TWS_DB" "select count(*), count(distinct bucket), min(bucket) from outbox")" = "5|1|$bucket" ]
    sql -c 'alter table aggregated_analytics drop constraint poison'
    "$TWS" -q sync
    same
}

@test "two workstations meet in the same rows, whoever comes first" {
    sql -c "insert into tenants (name) values ('Other')"
    second=$BATS_TEST_TMPDIR/second.db
    cp "$FORTNIGHT" "$second"
    sqlite3 "$second" "update source set uuid = '11111111-2222-4333-8444-555555555555' where id = 1;
        update event set name = name || ' (moved)', venue = 'Elsewhere', folded_ms = folded_ms where id = 1;
        delete from snapshot where event_id = 1 and at_ms = (select max(at_ms) from snapshot where event_id = 1);
        update zone set display_order = 9 - display_order where event_id = 2;
        update zone set first_ms = first_ms - 1000 where event_id = 3"
    "$TWS" -q sync --tenant Team
    "$TWS" -q --db "$second" sync --tenant Team
    "$TWS" -q --db "$second" sync --tenant Other
    "$TWS" -q sync --tenant Other
    for table in events zones_mapping event_sources aggregated_analytics daily_analytics scraper_logs ticket_snapshots; do
        run sql -c "select count(*) from (
            (select to_jsonb(t) - 'tenant_id' from $table t where tenant_id = (select tenant_id from tenants where name = 'Team')
             except select to_jsonb(t) - 'tenant_id' from $table t where tenant_id = (select tenant_id from tenants where name = 'Other'))
            union all
            (select to_jsonb(t) - 'tenant_id' from $table t where tenant_id = (select tenant_id from tenants where name = 'Other')
             except select to_jsonb(t) - 'tenant_id' from $table t where tenant_id = (select tenant_id from tenants where name = 'Team'))) x"
        [ "$output" = 0 ] || { echo "$table: $output"; return 1; }
    done
    [ "$(sql -c "select count(distinct source_id) from aggregated_analytics")" = 2 ]
    [ "$(sql -c "select count(*) from events where venue = 'Elsewhere'")" = 0 ]
}

@test "a second analyst pulls and reads the same numbers, and pushes none of them" {
    "$TWS" -q sync
    second=$BATS_TEST_TMPDIR/second.db
    run "$TWS" --db "$second" pull
    [ "$status" = 0 ]
    [[ $output == 'Team: 5 events, 5 new; '* ]]
    last=$(sqlite3 "$TWS_DB" "select strftime('%Y-%m-%dT%H:00:00Z', min(folded_ms) / 1000, 'unixepoch') from event")
    zone=$(sqlite3 "$TWS_DB" 'select name from zone where event_id = 1 order by name limit 1')
    for question in 'trends 7000001' 'groups 7000001' 'counts 7000001' "trends 7000003 --by day" 'trends 7000002'; do
        for filter in '' "--zone"; do
            # shellcheck disable=SC2086
            set -- $question --format csv --to "$last" ${filter:+--zone "$zone"}
            [[ ! $filter || $question == *7000001* ]] || continue
            [ "$("$TWS" "$@")" = "$("$TWS" --db "$second" "$@")" ] || { echo "$*"; return 1; }
        done
    done
    run "$TWS" --db "$second" pull
    [[ $output == *'0 new; 0 hours and days new or other' ]]
    run "$TWS" --db "$second" sync --dry-run
    [ "$output" = 'nothing would be sent' ]
    run "$TWS" --db "$second" pull 7000009
    refused 2 "the team has no event '7000009'"
}

@test "a pull that was broken off goes on where it was, and follows what changes" {
    "$TWS" -q sync
    second=$BATS_TEST_TMPDIR/second.db
    for cut in 20 60 200 1000 20000; do
        proxy down=$cut
        run "$TWS" --db "$second" pull
    done
    stop_proxy
    TWS_DATABASE_URL=$DIRECT "$TWS" --db "$second" -q pull
    [ "$(sqlite3 "$second" 'select count(*), sum(sum), sum(tickets) from rollup')" = \
        "$(sqlite3 "$TWS_DB" 'select count(*), sum(sum), sum(tickets) from rollup')" ]
    sql -c "update daily_analytics set tickets = tickets + 1 where scope = '*'"
    TWS_DATABASE_URL=$DIRECT "$TWS" --db "$second" -q pull 7000001
    [ "$(sqlite3 "$second" 'select sum(tickets) from rollup where grain = 1 and kind = 0')" -gt \
        "$(sqlite3 "$TWS_DB" 'select sum(tickets) from rollup where grain = 1 and kind = 0')" ]
}

@test "maintenance by hand, and a plan of migrations that both tools read" {
    run "$TWS" sync --maintain
    [ "$status" = 0 ]
    run "$TWS" migrate --dry-run --format csv
    [ "$(grep -c ',applied$' <<<"$output")" = "$(find "$PG_SOURCES/migrations" -name '*.sql' | wc -l)" ]
    [ "$(sql -c "select bool_and(cardinality(statements) > 0 and name <> '') from supabase_migrations.schema_migrations")" = t ]
}

@test "two migrations at once: one applies, the other finds it done" {
    database twice old
    "$TWS" migrate >"$BATS_TEST_TMPDIR/one" 2>&1 &
    one=$!
    run "$TWS" migrate
    [ "$status" = 0 ]
    wait "$one"
}
