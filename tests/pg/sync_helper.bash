# What the tests of sync share: a fortnight of five made-up events in a store, and a proxy to break connections with.
load helper

export LC_ALL=C.UTF-8 TERM=dumb

# The store is made once for a file; each test works on a copy.
sync_setup_file() {
    pg_start
    export HOME=$BATS_FILE_TMPDIR/home FORTNIGHT=$BATS_FILE_TMPDIR/fortnight.db PROXY=$BATS_FILE_TMPDIR/proxy
    mkdir -p "$HOME"
    TMPDIR=$BATS_FILE_TMPDIR "$TWS" demo --keep --step 180 >/dev/null 2>&1
    cp "$BATS_FILE_TMPDIR"/tws-*/tws.db "$FORTNIGHT"
    database migrated old
    "$TWS" migrate --tenant Team >/dev/null
    ${CC:-cc} -std=c17 -D_GNU_SOURCE -Wall -Wextra -O1 -o "$PROXY" "$BATS_TEST_DIRNAME/proxy.c"
}

# A fresh copy of the store, a fresh database with the migrations and one tenant in it, no retries.
sync_setup() {
    export TWS_DB=$BATS_TEST_TMPDIR/store.db TWS_RETRIES=0
    cp "$FORTNIGHT" "$TWS_DB"
    database "test$BATS_TEST_NUMBER" migrated
}

# database NAME TEMPLATE: makes a database and points everything at it.
database() {
    psql -XqAt -U supabase_admin -d postgres -c "create database $1 template $2" -c "grant all on database $1 to postgres"
    export PGDATABASE=$1
    export TWS_DATABASE_URL=${PG_URL/\/postgres\?/\/$1?}
    DIRECT=$TWS_DATABASE_URL
}

# proxy [OPTION...]: points tws at a proxy in front of the server.
proxy() {
    local port
    stop_proxy
    exec {PROXY_FD}< <(exec "$PROXY" "$PG_PORT" "$@" 3>&-)
    PROXY_PID=$!
    read -r port <&"$PROXY_FD"
    export TWS_DATABASE_URL="postgresql://postgres:postgres@127.0.0.1:$port/$PGDATABASE?sslmode=disable"
}

stop_proxy() {
    [[ ${PROXY_PID:-} ]] || return 0
    kill "$PROXY_PID" 2>/dev/null || true
    exec {PROXY_FD}<&-
    wait "$PROXY_PID" 2>/dev/null || true
    unset PROXY_PID
}

sync_teardown() {
    stop_proxy
}

# refused STATUS WORDS [HINT]: the last run ended so, and said so.
refused() {
    [ "$status" = "$1" ] && [[ $output == *"$2"* ]] && [[ $output == *"${3:-}"* ]]
}

# same: both sides have the same hours and days, and nothing waits.
same() {
    TWS_DATABASE_URL=$DIRECT run "$TWS" sync --verify
    [ "$status" = 0 ] && [[ $output == *'no difference'* ]] || { echo "$output"; return 1; }
}

# A pooler with two server connections in front of everything, on a port that nobody else has.
pooler() {
    local folder=$BATS_TEST_TMPDIR/pooler n
    mkdir -p "$folder" && chmod 777 "$folder" "$BATS_TEST_TMPDIR"
    echo '"postgres" "postgres"' >"$folder/users"
    for n in 1 2 3 4 5; do
        POOLER_PORT=$((10000 + RANDOM % 10000))
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
        start_pooler && return
    done
    cat "$folder/log"
    return 1
}

start_pooler() {
    local folder=$BATS_TEST_TMPDIR/pooler as=()
    [ "$(id -u)" != 0 ] || as=(-u nobody)
    export TWS_DATABASE_URL="postgresql://postgres:postgres@127.0.0.1:$POOLER_PORT/$PGDATABASE?sslmode=disable"
    PATH=$PATH:/usr/sbin pgbouncer -q -d "${as[@]}" "$folder/pgbouncer.ini" || return
    for _ in $(seq 200); do
        [ -e "$folder/pid" ] && PGPASSWORD=postgres psql -Xq -h 127.0.0.1 -p "$POOLER_PORT" -U postgres -c 'select 1' >/dev/null 2>&1 && return
        sleep 0.05
    done
    return 1
}

stop_pooler() {
    [ ! -e "$BATS_TEST_TMPDIR/pooler/pid" ] || kill "$(cat "$BATS_TEST_TMPDIR/pooler/pid")" 2>/dev/null || true
}
