#!/usr/bin/env bats
# Collectors that share a queue and a rate, on a real PostgreSQL. The marketplace's own count of requests and the database judge.
load sync_helper
load ../cli/helper

setup_file() {
    export PG_CLOCK=$BATS_FILE_TMPDIR/clock
    ${CC:-cc} -std=c17 -D_GNU_SOURCE -Wall -Wextra -O1 -shared -fPIC -o "$PG_CLOCK.so" "$BATS_TEST_DIRNAME/clock.c"
    pg_start
    export HOME=$BATS_FILE_TMPDIR/home
    mkdir -p "$HOME"
    database migrated old
    TWS_DB=$BATS_FILE_TMPDIR/first.db "$TWS" migrate --tenant Team >/dev/null
}
teardown_file() { [ ! "${PG_FOLDER:-}" ] || pg_stop; }

setup() {
    WATCHES=()
    unset TWS_NOW
    export TWS_WATCH_QUEUE=supabase
    database "test$BATS_TEST_NUMBER" migrated
}
teardown() {
    local pid
    rm -f "$PG_CLOCK"
    for pid in "${WATCHES[@]}"; do
        kill -CONT "$pid" 2>/dev/null || true
        kill -KILL "$pid" 2>/dev/null || true
    done
    stop_simulator
    stop_pooler
}

# within SECONDS COMMAND...: waits until the command succeeds.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || { echo "not within time: $*"; tail -n 5 "$BATS_TEST_TMPDIR"/*.log; return 1; }
        sleep 0.05
    done
}

at() { TWS_DB=$BATS_TEST_TMPDIR/$1.db "$TWS" "${@:2}"; }

# track NAME FIRST LAST: on the workstation of that name.
track() {
    local ids
    mapfile -t ids < <(seq $((7000000 + $2)) $((7000000 + $3)))
    at "$1" -q track "${ids[@]}"
}

# watching NAME: a collector on the workstation of that name; its process is in WATCH.
watching() {
    TWS_DB=$BATS_TEST_TMPDIR/$1.db "$TWS" watch -v 2>"$BATS_TEST_TMPDIR/$1.log" 3>&- &
    WATCH=$!
    WATCHES+=("$WATCH")
    within 10 grep -q watching "$BATS_TEST_TMPDIR/$1.log"
}

# The workstation's own id.
source_of() { sqlite3 -readonly "$BATS_TEST_TMPDIR/$1.db" 'SELECT uuid FROM source WHERE id = 1'; }

# says VALUE SQL: whether the database answers so.
says() { [ "$(sql -c "$2")" = "$1" ]; }

# All jobs wait for their next poll, after a good one, and no letter is dead.
all_done() {
    says "$1" "select count(*) from scraper_jobs where status = 'queued' and outcome = 'ok' and due_at > clock_timestamp()" &&
        says "$1" 'select count(*) from scraper_jobs'
}

# asked [EVENT]: what the marketplace counted: requests for listings, by event "1 1 2".
asked() { curl -s "$TWS_VIVIDSEATS_URL/simulator/stats" | jq -r '[.events[]] | map(select(. > 0)) | join(" ")'; }

# ahead MS: from now on the server's clock goes so far ahead of the machine's.
ahead() { echo "+$1" >"$PG_CLOCK.new" && mv "$PG_CLOCK.new" "$PG_CLOCK"; }

# As everywhere but on a server for tests: one that is stopped forgets no claim.
keep_claims() { psql -Xq -U supabase_admin -c "alter database $PGDATABASE set synchronous_commit = on"; }

times() { printf "$1%.0s " $(seq "$2") | sed 's/ $//'; }

# rate_holds RATE: no span of time after MARK has more requests than a bucket of that rate gives, and two seconds and a start more.
rate_holds() {
    curl -s "$TWS_VIVIDSEATS_URL/simulator/stats" | jq -e --argjson rate "$1" --argjson mark "$MARK" '
        [.arrivals_ms[] | select(. > $mark)] as $at | ($rate / 10 | floor) as $burst | (($rate - $burst) / 63) as $refill
        | all(range($at | length) as $i | range($i; $at | length) as $j
            | ($j - $i + 1) <= $burst + 1 + $refill * (($at[$j] - $at[$i]) / 1000 + 2); .)'
}

mark() { MARK=$(curl -s "$TWS_VIVIDSEATS_URL/simulator/stats" | jq '.arrivals_ms | max // 0'); }

# A marketplace whose rate counts.
market() {
    simulator --listings 20 --events 60 --steady "$@"
    export TWS_RATE=${RATE:-240}
}

@test "the cases of tests/unit/queue_test.c hold for jobs that are shared" {
    run env LD_PRELOAD="$PG_CLOCK.so" ASAN_OPTIONS=verify_asan_link_order=0 "${TWS%/*}/tests/queue_test" shared
    echo "$output"
    [ "$status" = 0 ]
}

@test "two poll what either tracks, each event once, at one rate" {
    market
    track a 1 20
    track b 11 30
    mark
    watching a
    watching b
    within 20 all_done 30
    [ "$(asked)" = "$(times 1 30)" ]
    rate_holds 240
    # each has some, and the names of what it never tracked
    [ "$(sql -c "select count(distinct holder) from scraper_jobs")" = 2 ]
    [ "$(sqlite3 "$BATS_TEST_TMPDIR/a.db" "SELECT count(*) FROM event WHERE name = ''")" = 0 ]
    # which sync leaves as it is
    for name in a b; do at $name -q sync && at $name sync --verify; done
    all_done 30
    # what the stores have is what was asked
    [ "$(for s in a b; do sqlite3 "$BATS_TEST_TMPDIR/$s.db" 'SELECT count(*) FROM snapshot WHERE outcome = 0'; done | jq -s add)" = 30 ]
}

@test "five, of which one is killed and one is frozen: nothing is lost or done twice, and the rate holds" {
    local name killed frozen busiest
    local -A pids
    market --fault slow:ms=1500
    track a 1 12
    track c 8 20
    track e 16 30
    mark
    for name in a b c d e; do watching $name && pids[$name]=$WATCH; done
    killed=${pids[a]} frozen=${pids[e]}
    in_hand() { sql -c "select count(*) from scraper_jobs where status = 'running' and holder = '$(source_of "$1")'"; }
    holds() { [ "$(in_hand "$1")" -gt 0 ]; }
    within 10 holds a
    kill -KILL "$killed"
    within 10 holds e
    kill -STOP "$frozen"
    lost=$(($(in_hand a) + $(in_hand e)))
    [ "$lost" -gt 0 ]
    # the others do the rest, and after two minutes what these two had
    within 20 says "$lost" "select count(*) from scraper_jobs where status = 'running' or outcome is null"
    rate_holds 240
    mark
    ahead 121000
    within 20 all_done 30
    before=$(sql -c 'select md5(string_agg(number || holder::text, $$ $$ order by job_id)) from scraper_jobs')
    kill -CONT "$frozen"
    within 10 grep -q 'vividseats' "$BATS_TEST_TMPDIR/e.log"
    sleep 1.2 # for what it had to say
    [ "$(sql -c 'select md5(string_agg(number || holder::text, $$ $$ order by job_id)) from scraper_jobs')" = "$before" ]
    [ "$(asked | tr ' ' '\n' | grep -cv '^[12]$')" = 0 ]
    [ "$(asked | tr ' ' '\n' | grep -c 2)" -le "$lost" ]
    rate_holds 240
    # one more is killed: its next polls are made elsewhere
    polled() { sql -c "select count(*) from scraper_jobs where holder = '$(source_of "$1")'"; }
    busiest=$(for name in b c d; do echo "$(polled $name) $name"; done | sort -rn | head -n 1)
    [ "${busiest% *}" -gt 0 ]
    kill -KILL "${pids[${busiest#* }]}"
    requests=$(asked | tr ' ' '\n' | jq -s add)
    mark
    ahead 1500000
    within 30 all_done 30
    [ "$(asked | tr ' ' '\n' | jq -s add)" = $((requests + 30)) ]
    rate_holds 240
    [ "$(polled a) $(polled "${busiest#* }")" = '0 0' ]
}

@test "the database is away in the middle: polls under way are stored and told later, what nobody polled yet waits" {
    market --fault slow:ms=1500
    keep_claims
    track a 1 20
    watching a
    watching b
    under_way() { [ "$(sql -c "select count(*) from scraper_jobs where status = 'running'")" -ge 8 ]; }
    within 10 under_way
    pg_stop
    within 15 grep -q 'polled here last go on' "$BATS_TEST_TMPDIR/a.log"
    sleep 2
    asked_then=$(asked)
    sleep 1
    [ "$(asked)" = "$asked_then" ]
    pg_again
    within 20 all_done 20
    grep -q 'answers again' "$BATS_TEST_TMPDIR/a.log"
    [ "$(asked)" = "$(times 1 20)" ]
}

@test "the database is away for long: each goes on with the events that it polled last, at its share of the rate" {
    RATE=60 market --fault slow:ms=1500
    keep_claims
    export TWS_WATCH_EVERY=1min TWS_WATCH_FASTEST=1min TWS_WATCH_SLOWEST=1min LD_PRELOAD=$PG_CLOCK.so
    track a 1 8
    track b 5 12
    watching a
    watching b
    unset LD_PRELOAD
    within 30 all_done 12
    holders() { sql -c 'select string_agg(external_id || holder, $$ $$ order by external_id) from scraper_jobs join events using (tenant_id, event_id)'; }
    twice() { [ "$(asked)" = "$(times 2 12)" ]; }
    local before
    before=$(holders)
    mark
    # some of the second polls are under way
    ahead 61000
    within 10 says 6 "select count(*) from scraper_jobs where status = 'running'"
    pg_stop
    within 40 twice
    rate_holds 60
    pg_again
    for name in a b; do within 70 grep -q 'answers again' "$BATS_TEST_TMPDIR/$name.log"; done # the pauses have grown
    within 10 all_done 12
    # nothing is polled for a third time, and every event stays where it was
    sleep 3
    twice
    [ "$(holders)" = "$before" ]
    for name in a b; do
        [ "$(sqlite3 "$BATS_TEST_TMPDIR/$name.db" 'SELECT group_concat(DISTINCT n) FROM (SELECT count(*) AS n FROM snapshot WHERE outcome = 0 GROUP BY event_id)')" = 2 ]
    done
}

@test "through a pooler in transaction mode" {
    command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || skip 'pgbouncer is not installed'
    market
    unset PGOPTIONS # poolers pass no options on
    pooler
    track a 1 15
    watching a
    watching b
    within 20 all_done 15
    [ "$(asked)" = "$(times 1 15)" ]
    says 0 "select count(*) from pg_locks where locktype = 'advisory'"
}

@test "what was stored when the collector was killed is not polled again" {
    RATE=0 market
    track a 1 3
    at a -q watch --once
    all_done 3
    sql -c "update scraper_jobs set status = 'running', attempts = 1, started_at = finished_at - interval '5 s'"
    at a -q watch --once
    all_done 3
    [ "$(asked)" = '1 1 1' ]
    # but what was not is
    sql -c "update scraper_jobs set status = 'running', attempts = 1, started_at = clock_timestamp(), due_at = clock_timestamp()"
    at a -q watch --once
    [ "$(asked)" = '2 2 2' ]
}

@test "refusals slow all down, and dead letters are listed, retried and dropped anywhere" {
    RATE=100 market --fault 429@7000001 --fault 500@7000002
    export TWS_WATCH_ATTEMPTS=1
    track a 1 3
    at a watch --once 2>/dev/null
    [ "$(sql -c 'select allowed from private.scraper_hosts')" = 50 ]
    track b 3 3
    run -0 at b jobs --dead --format json
    [ "$(jq -r '.data | map(.event + " " + .outcome + " " + .state) | sort | join(", ")' <<<"$output")" = \
        'vividseats:7000001 rate_limited dead, vividseats:7000002 network dead' ]
    one=$(jq -r '.data[] | select(.event == "vividseats:7000001") | .job' <<<"$output")
    two=$(jq -r '.data[] | select(.event == "vividseats:7000002") | .job' <<<"$output")
    curl -s "$TWS_VIVIDSEATS_URL/simulator/faults?clear=1" >/dev/null
    at b jobs retry "$two"
    at b jobs drop "$one"
    run -2 at b jobs drop "$one"
    run -0 at b jobs --dead --format csv
    [ "$(wc -l <<<"$output")" = 1 ] || [[ $output == *'no dead letters'* ]]
    within 15 once_ok
    [ "$(sql -c "select outcome from scraper_jobs j join events e using (tenant_id, event_id) where external_id = '7000002'")" = ok ]
}
once_ok() {
    at b -q watch --once && says ok "select outcome from scraper_jobs j join events e using (tenant_id, event_id) where external_id = '7000002'"
}

@test "a host that refuses rests for all" {
    RATE=600 market --fault blocked
    track a 1 12
    at a -q watch --once
    refusals=$(sql -c 'select refusals from private.scraper_hosts')
    [ "$refusals" -ge 5 ]
    track b 12 12
    at b -q watch --once
    [ "$(asked | tr ' ' '\n' | jq -s add)" = "$refusals" ]
}

@test "an event is polled until nobody tracks it" {
    RATE=0 market
    track a 1 2
    track b 2 3
    at b -q watch --once
    watching a
    within 10 all_done 3
    # what is asked for otherwise, and what is given up, is told while it runs
    at a -q track 7000002 --every 5min --priority high
    at a -q untrack 7000001
    at b -q untrack 7000002
    within 10 says '7000002 7000003' "select string_agg(external_id, ' ' order by external_id) from scraper_jobs join events using (tenant_id, event_id)"
    within 10 says 2 "select priority from scraper_jobs join events using (tenant_id, event_id) where external_id = '7000002'"
    says t "select due_at < clock_timestamp() + interval '5 min' from scraper_jobs where priority = 2"
    # and what was given up while it did not
    at b -q watch --once
    says 1 "select count(*) from event_sources where tracked and priority is not null and event_id = (select event_id from events where external_id = '7000002')"
    [ "$(asked)" = '1 1 1' ]
}

@test "what must be there for it" {
    RATE=0 market
    track a 1 1
    TWS_DATABASE_URL='' run -2 at a watch --once
    [[ $output == *"watch.queue"*"no team database is configured"*"TWS_DATABASE_URL"* ]]
    TWS_DATABASE_URL=${TWS_DATABASE_URL/:$PG_PORT/:1} run -6 at a watch --once
    sql -c "delete from supabase_migrations.schema_migrations where version = '20260201001300'"
    run -6 at a watch --once
    [[ $output == *'tws migrate'* ]]
    TWS_WATCH_QUEUE=postgres run -2 at a watch --once
    [[ $output == *'sqlite, supabase'* ]]
}
