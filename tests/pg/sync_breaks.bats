# Whatever breaks, a batch counts once. FULL=1 breaks everywhere and a hundred times where the quick form breaks a few (make pg-soak).
load sync_helper

setup_file() { sync_setup_file; }
teardown_file() { pg_stop; }
setup() { sync_setup; }
teardown() { sync_teardown; }

# settled: nothing waits, both sides are the same, and every batch of the outbox is there once.
settled() {
    same
    [ "$(sqlite3 "$TWS_DB" 'select count(*) from outbox')" = 0 ]
    [ "$(sqlite3 "$TWS_DB" 'select count(*) from outbox_batch')" = 0 ]
    [ "$(sql -c 'select count(*) = count(distinct last_seq) and count(*) = count(distinct batch_id) from private.sync_batches')" = t ]
}

@test "cut behind every message of the server, then tried again" {
    step=4
    [ ! "${FULL:-}" ] || step=1
    for message in $(seq 1 "$step" 45); do
        proxy "down=$message"
        run "$TWS" sync --since 1d
        [[ $status == [06] ]] || { echo "$message: $output"; return 1; }
    done
    stop_proxy
    TWS_DATABASE_URL=$DIRECT "$TWS" -q sync
    settled
}

@test "cut in the middle of what is sent" {
    for bytes in 1 50 400 2000 9000 40000 100000 300000 1000000; do
        proxy "up=$bytes"
        run "$TWS" sync
        [[ $status == [06] ]] || { echo "$bytes: $output"; return 1; }
    done
    stop_proxy
    TWS_DATABASE_URL=$DIRECT "$TWS" -q sync
    settled
}

@test "a commit of which the answer is lost is not sent again" {
    proxy commit=2 # the first batch of hours; the first is that of the events
    TWS_RETRIES=3 run "$TWS" sync --format json
    [ "$status" = 0 ]
    sent=$(jq '.data[0] | .events + .hours + .days + .polls' <<<"$output")
    [ "$(sql -c 'select sum(rows) from private.sync_batches')" = "$sent" ]
    [ "$(jq '.data[0].bytes' <<<"$output")" -lt $((sent * 300)) ]
    settled
}

@test "a commit of which the answer is lost, and nobody there to ask" {
    proxy commit=2
    run "$TWS" sync
    [ "$status" = 6 ]
    [ "$(sqlite3 "$TWS_DB" 'select count(*) from outbox_batch')" = 1 ]
    stop_proxy
    before=$(sql -c 'select count(*) from private.sync_batches')
    TWS_DATABASE_URL=$DIRECT run "$TWS" sync --format json
    [ "$status" = 0 ]
    [ "$(sql -c 'select count(*) from private.sync_batches')" = $((before - 1 + $(jq '.data[0].batches' <<<"$output"))) ]
    settled
}

@test "a commit of which the answer is lost, with the next batch made already" {
    for months in 1 2 3; do
        sqlite3 "$TWS_DB" "create temp table more as select * from rollup
            where grain = 0 and bucket > (select max(bucket) from rollup where grain = 0) - 1000;
            update more set bucket = bucket - 1000 * $months;
            insert into rollup select * from more"
    done
    proxy commit=2
    run "$TWS" sync
    [ "$status" = 6 ]
    [ "$(sqlite3 "$TWS_DB" 'select count(*) from outbox_batch where topic = 1')" = 2 ]
    stop_proxy
    TWS_DATABASE_URL=$DIRECT "$TWS" -q sync
    [ "$(sql -c 'select count(*) from aggregated_analytics')" = "$(sqlite3 "$TWS_DB" 'select count(*) from rollup where grain = 0')" ]
    settled
    sql -c 'truncate aggregated_analytics'
    proxy commit=2
    TWS_RETRIES=3 "$TWS" -q sync --full
    settled
}

@test "a batch that comes twice is applied once" {
    proxy commit=2
    run "$TWS" sync
    stop_proxy
    # the server forgets nothing, so make what it has differ from what the batch says, and send the batch again
    batch=$(sqlite3 "$TWS_DB" 'select uuid from outbox_batch')
    [ "$(sql -c "select count(*) from private.sync_batches where batch_id = '$batch'")" = 1 ]
    sql -c 'update aggregated_analytics set tickets = -1'
    TWS_DATABASE_URL=$DIRECT "$TWS" -q sync
    [ "$(sql -c 'select count(*) from aggregated_analytics where tickets <> -1')" = 0 ]
}

@test "broken off by a signal at any moment" {
    proxy delay=20
    for pause in 0.02 0.1 0.2 0.3 0.5 0.7; do
        "$TWS" -q sync --full >"$BATS_TEST_TMPDIR/said" 2>&1 &
        pid=$!
        sleep "$pause"
        kill -INT "$pid" 2>/dev/null || true
        status=0
        wait "$pid" || status=$?
        [[ $status == 0 || $status == 130 ]] || { cat "$BATS_TEST_TMPDIR/said"; return 1; }
    done
    for pause in 0.05 0.2 0.4; do
        "$TWS" -q sync --full >/dev/null 2>&1 &
        pid=$!
        sleep "$pause"
        kill -KILL "$pid"
        wait "$pid" 2>/dev/null || true
    done
    stop_proxy
    TWS_DATABASE_URL=$DIRECT "$TWS" -q sync
    settled
}

@test "a second pass of the same store is refused while one is under way" {
    proxy delay=100
    "$TWS" -q sync --full &
    pid=$!
    for _ in $(seq 100); do [ ! -e "$TWS_DB.sync" ] || break; sleep 0.02; done
    run "$TWS" sync
    wait "$pid"
    [ "$status" = 7 ] && [[ $output == *'another sync of this store is running'* ]]
    stop_proxy
    TWS_DATABASE_URL=$DIRECT "$TWS" -q sync
    settled
}

@test "the server goes down in the middle and comes back" {
    export TWS_RETRIES=8
    # the tests' servers are quick, not safe; this one is to keep what it said it has
    psql -XqAt -U supabase_admin -c 'alter system set synchronous_commit = on' -c 'select pg_reload_conf()' >/dev/null
    proxy delay=50
    "$TWS" -q sync >"$BATS_TEST_TMPDIR/said" 2>&1 &
    pid=$!
    sleep 0.5
    sh "$BATS_TEST_DIRNAME/server.sh" stop "$PG_FOLDER"
    as_owner=(runuser -u nobody -- env LC_ALL=C)
    [ "$(id -u)" = 0 ] || as_owner=(env LC_ALL=C)
    "${as_owner[@]}" "${PGBIN:-/usr/lib/postgresql/15/bin}/pg_ctl" -D "$PG_FOLDER/data" -l "$PG_FOLDER/log" -w -o "-p $PG_PORT" start >/dev/null
    wait "$pid" || { cat "$BATS_TEST_TMPDIR/said"; return 1; }
    stop_proxy
    export TWS_DATABASE_URL=$DIRECT
    settled
}

@test "backends are terminated under it" {
    export TWS_RETRIES=8
    proxy delay=20
    "$TWS" -q sync >"$BATS_TEST_TMPDIR/said" 2>&1 &
    pid=$!
    for _ in 1 2 3 4; do
        sleep 0.3
        sql -c "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tws'" >/dev/null
    done
    wait "$pid" || { cat "$BATS_TEST_TMPDIR/said"; return 1; }
    stop_proxy
    export TWS_DATABASE_URL=$DIRECT
    settled
}

@test "a table that is locked is waited for, then given up" {
    exec {hold}> >(psql -Xq -U postgres >/dev/null 2>&1 3>&-)
    echo 'begin; lock table aggregated_analytics;' >&"$hold"
    for _ in $(seq 100); do
        [ "$(sql -c "select count(*) from pg_locks l where relation = 'aggregated_analytics'::regclass and granted")" = 0 ] || break
        sleep 0.05
    done
    (sleep 1; echo 'rollback;' >&"$hold") &
    run "$TWS" sync
    [ "$status" = 0 ]
    exec {hold}>&-
    settled
}

@test "random breaks, then no difference and nothing twice" {
    breaks=8
    [ ! "${FULL:-}" ] || breaks=100
    for seed in $(seq "$breaks"); do
        proxy "random=$seed" most=1500000 times=1
        if [ $((seed % 3)) = 0 ]; then run "$TWS" sync --full; else run "$TWS" sync --since 3d; fi
        [[ $status == [06] ]] || { echo "$seed: $output"; return 1; }
    done
    stop_proxy
    TWS_DATABASE_URL=$DIRECT "$TWS" -q sync
    settled
}

@test "a day without the server" {
    "$TWS" -q sync
    for event in 1 2 3; do
        sqlite3 "$TWS_DB" "update rollup set snapshots = snapshots + 1 where event_id = $event and grain = 0;
            insert into outbox (topic, event_id, bucket) select 1, event_id, bucket from rollup
            where event_id = $event and grain = 0 and kind = 0 on conflict do nothing"
        TWS_DATABASE_URL=postgresql://postgres@127.0.0.1:1/x run "$TWS" sync
        [ "$status" = 6 ]
    done
    run "$TWS" status
    [[ $output == *'changes waiting'* ]]
    "$TWS" -q sync
    settled
}
