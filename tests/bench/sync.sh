#!/bin/sh
# Pushes rollup rows to a PostgreSQL of its own, by turns with psql \copy and with what a Node script would do, and prints
# `name milliseconds`: sh tests/bench/sync.sh FOLDER TWS NODE_MODULES [ROWS]. Without node and its package pg their lines are missing.
set -eu
folder=$1 tws=$2 modules=$3 rows=${4:-1000000}
here=$(dirname "$0")
pg=$folder/pg
mkdir -p "$folder"
chmod a+rx "$folder" "$(dirname "$folder")"
export HOME="$folder" LC_ALL=C.UTF-8

stop() {
    [ -z "${proxy:-}" ] || kill "$proxy" 2>/dev/null || true
    sh "$here/../pg/server.sh" stop "$pg" 2>/dev/null || true
}
trap stop EXIT
port=$(sh "$here/../pg/server.sh" start "$pg")
export PGHOST="$pg" PGPORT="$port" PGUSER=postgres PGDATABASE=postgres PGPASSWORD=postgres
direct="postgresql://postgres:postgres@127.0.0.1:$port/postgres?sslmode=disable"
psql -XqAt -U supabase_admin -c "alter system set max_wal_size = '4GB'" -c 'select pg_reload_conf()' >/dev/null
TWS_DATABASE_URL=$direct "$tws" -q migrate --tenant Bench >/dev/null

sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }
empty() {
    sql -c 'truncate events, event_sources, zones_mapping, aggregated_analytics, daily_analytics, scraper_logs, private.sync_batches' \
        -c 'drop table if exists peer' \
        -c 'create table peer (like aggregated_analytics, primary key (tenant_id, event_id, kind, scope, bucket, source_id))' 2>/dev/null
    sql -U supabase_admin -c checkpoint
}

# timed NAME COMMAND...: says how long it took.
timed() {
    name=$1
    shift
    start=$(date +%s%N)
    "$@" >"$folder/said" 2>&1 || { cat "$folder/said" >&2; exit 1; }
    echo "$name $((($(date +%s%N) - start) / 1000000))"
}

# store FILE ROWS: 100 events with 8 zones and 32 sections, hour by hour.
store() {
    TWS_VIVIDSEATS_URL=http://127.0.0.1:1 TWS_RATE=0 TWS_RETRIES=0 "$tws" -q --db "$1" track 1 2>/dev/null || true
    sqlite3 "$1" "pragma synchronous = off; delete from event; delete from outbox;
        with recursive n (i) as (values (1) union all select i + 1 from n where i < 100)
        insert into event (id, platform, external_id, name, state) select i, 'vividseats', 8000000 + i, 'Event ' || i, 0 from n;
        insert into zone (event_id, name, display_order, first_ms, mapped_ms)
            select e.id, 'Zone ' || z.value, z.value, 1767225600000, -1 from event e, json_each('[1,2,3,4,5,6,7,8]') z;
        with recursive n (i) as (values (1) union all select i + 1 from n where i < 32)
        insert into section (event_id, name, zone_id, first_ms, mapped_ms)
            select e.id, 'Section ' || (100 + i), (select min(id) from zone where event_id = e.id) + i % 8, 1767225600000, -1 from event e, n;
        with recursive h (i) as (values (0) union all select i + 1 from h where i < $2 / 4100 - 1),
        scopes (event_id, kind, id) as (select id, 0, 0 from event union all select event_id, 1, id from zone
            union all select event_id, 2, id from section)
        insert into rollup (event_id, grain, kind, bucket, scope_id, source_id, snapshots, last_offset, tickets, listings, lowest,
            highest, count, sum, min, max, median_x2, min_1, min_2, min_4)
        select s.event_id, 0, s.kind, 490896 + h.i, s.id, 1, 4, 2700000, 500 + (h.i * 7 + s.id) % 90, 200, 480, 620,
            800, 9000000 + (h.i * 31 + s.id * 17) % 100000, 4500 + s.id % 900, 98000, 21000 + (h.i * 3 + s.id) % 5000, 4600, 4500, 5200
        from h, scopes s order by s.event_id, s.kind, h.i, s.id"
}

# behind_proxy: the server, 40 ms away.
behind_proxy() {
    ${CC:-cc} -std=c17 -D_GNU_SOURCE -O1 -o "$folder/proxy" "$here/../pg/proxy.c"
    : >"$folder/port"
    "$folder/proxy" "$port" delay=20 times=0 >"$folder/port" &
    proxy=$!
    while ! read -r far <"$folder/port"; do sleep 0.05; done
    distant="postgresql://postgres:postgres@127.0.0.1:$far/postgres?sslmode=disable"
}

node_pg() { node "$here/sync.mjs" "$folder/rows" "$modules" "$1" "$2"; }

for size in near far; do
    [ "$size" = near ] || { rows=$((rows / 10)); behind_proxy; direct=$distant; }
    store "$folder/$size.db" "$rows"
    empty
    timed "$size-tws" env TWS_DATABASE_URL="$direct" "$tws" -q --db "$folder/$size.db" sync
    echo "$size-rows $(sql -c 'select count(*) from aggregated_analytics')"
    sql -c "\\copy aggregated_analytics to '$folder/rows'"
    written=$(sql -c "select sum(xmin::text::bigint) from aggregated_analytics")
    timed "$size-again" env TWS_DATABASE_URL="$direct" "$tws" -q --db "$folder/$size.db" sync --full
    [ "$written" = "$(sql -c "select sum(xmin::text::bigint) from aggregated_analytics")" ] || { echo "a row was written again" >&2; exit 1; }
    timed "$size-verify" env TWS_DATABASE_URL="$direct" "$tws" -q --db "$folder/$size.db" sync --verify
    empty
    if [ "$size" = near ]; then
        timed near-copy psql -Xq -c "\\copy peer from '$folder/rows'"
        timed near-floor psql -Xq -c "\\copy aggregated_analytics from '$folder/rows'"
    fi
    if [ -d "$modules/pg" ] && command -v node >/dev/null; then
        for how in values unnest; do
            empty
            timed "$size-$how" node_pg "$direct" "$how"
        done
    fi
done
