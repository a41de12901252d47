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

# A pooler with two server connections in front of everything.
pooler() {
    local folder=$BATS_TEST_TMPDIR/pooler
    mkdir -p "$folder" && chmod 777 "$folder" "$BATS_TEST_TMPDIR"
    POOLER_PORT=$((PG_PORT + 1000))
    cat >"$folder/pgbouncer.ini" <<END
[databases]
* = host=127.0.0.1 port=$PG_PORT
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $POOLER_PORT
unix_socket_dir =
auth_type = plain
auth_file = $folder/users
pool_mode = transaction
default_pool_size = 2
logfile = $folder/log
pidfile = $folder/pid
END
    echo '"postgres" "postgres"' >"$folder/users"
    start_pooler
}

start_pooler() {
    local folder=$BATS_TEST_TMPDIR/pooler as=()
    [ "$(id -u)" != 0 ] || as=(-u nobody)
    PATH=$PATH:/usr/sbin pgbouncer -q -d "${as[@]}" "$folder/pgbouncer.ini"
    for _ in $(seq 100); do
        PGPASSWORD=postgres psql -Xq -h 127.0.0.1 -p "$POOLER_PORT" -U postgres -c 'select 1' >/dev/null 2>&1 && break
        sleep 0.05
    done
    export TWS_DATABASE_URL="postgresql://postgres:postgres@127.0.0.1:$POOLER_PORT/$PGDATABASE?sslmode=disable"
}

stop_pooler() {
    [ ! -e "$BATS_TEST_TMPDIR/pooler/pid" ] || kill "$(cat "$BATS_TEST_TMPDIR/pooler/pid")" 2>/dev/null || true
}

@test "everything goes through a transaction pooler, and nothing of it stays there" {
    run "$TWS" sync
    [ "$status" = 0 ]
    same
    run "$TWS" sync --verify
    [ "$status" = 0 ]
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
    TWS_RETRIES=5 run "$TWS" --db "$second" sync
    [ "$status" = 0 ]
    wait "$one"
    same
    TWS_DATABASE_URL=$DIRECT run "$TWS" --db "$second" sync --verify
    [ "$status" = 0 ]
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
