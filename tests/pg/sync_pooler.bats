# Through pgbouncer in transaction mode, as Supabase's port 6543 is.
load sync_helper

setup_file() {
    command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || skip 'pgbouncer is not installed'
    sync_setup_file
}
teardown_file() { [ ! "${PG_FOLDER:-}" ] || pg_stop; }
setup() {
    sync_setup
    unset PGOPTIONS # poolers pass no options on
    pooler
}
teardown() {
    stop_pooler
    sync_teardown
}

@test "everything goes through a transaction pooler, and nothing of it stays there" {
    "$TWS" sync
    same
    "$TWS" sync --verify
    run "$TWS" --db "$BATS_TEST_TMPDIR/second.db" pull
    [ "$status" = 0 ]
    [[ $output == *'5 new; '* ]]
    [ "$(sql -c "select count(*) from pg_locks where locktype = 'advisory'")" = 0 ]
}

@test "two workstations through one pooler at once" {
    second=$BATS_TEST_TMPDIR/second.db
    cp "$FORTNIGHT" "$second"
    sqlite3 "$second" "update source set uuid = '11111111-2222-4333-8444-555555555555' where id = 1"
    TWS_RETRIES=5 "$TWS" -q sync &
    one=$!
    TWS_RETRIES=5 "$TWS" --db "$second" sync
    wait "$one"
    same
    TWS_DATABASE_URL=$DIRECT "$TWS" --db "$second" sync --verify
}

@test "the pooler is restarted in the middle" {
    export TWS_RETRIES=8
    "$TWS" -q sync >"$BATS_TEST_TMPDIR/said" 2>&1 &
    pid=$!
    sleep 0.3
    stop_pooler
    sleep 0.2
    start_pooler
    wait "$pid" || { cat "$BATS_TEST_TMPDIR/said"; return 1; }
    same
}
