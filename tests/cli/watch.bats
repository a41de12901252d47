#!/usr/bin/env bats
# The collector as it is typed: one for a store, signals, settings that are read again, jobs, the schedule, numbers.
load helper

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    export TWS_DB=$BATS_TEST_TMPDIR/store.db
    unset TWS_NOW # what waits needs a clock that goes
    LOG=$BATS_TEST_TMPDIR/log
}

teardown() {
    [[ ! ${WATCH:-} ]] || kill -KILL "$WATCH" 2>/dev/null || true
    stop_simulator
}

# within SECONDS COMMAND...: waits until the command succeeds.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}

# watching [ARGUMENT...]: starts a collector and waits until it is at work.
watching() {
    "$TWS" watch "$@" 2>"$LOG" 3>&- &
    WATCH=$!
    within 10 grep -q 'watching' "$LOG"
}

# stop SIGNAL: ends it; its exit code is in STATUS.
stop() {
    STATUS=0
    kill -"$1" "$WATCH"
    wait "$WATCH" || STATUS=$?
    unset WATCH
}

is_running() {
    [ "$(sqlite3 -readonly "$TWS_DB" 'SELECT count(*) FROM job WHERE state = 1')" -gt 0 ]
}

polls() {
    sqlite3 -readonly "$TWS_DB" "SELECT count(*) FROM snapshot WHERE outcome <= 1"
}

polled() {
    [ "$(polls)" -ge "$1" ]
}

@test "once polls what is due and ends, and then nothing is due" {
    simulator --listings 40
    tws -q track 7000001 7000002 7000003
    tws watch --once
    [ "$(polls)" -eq 3 ]
    tws watch --once
    [ "$(polls)" -eq 3 ]
    [ "$(tws jobs --format json | jq -r '.data | map(.state) | unique | join(" ")')" = ended ]
}

@test "events that are tracked beside it are polled, and SIGTERM ends it well" {
    simulator --listings 40
    tws -q track 7000001
    watching
    within 10 polled 1
    tws -q track 7000002
    within 20 polled 2
    stop TERM
    [ "$STATUS" -eq 0 ]
    [ "$(sqlite3 "$TWS_DB" 'SELECT count(*) FROM job')" -eq 0 ]
}

@test "a poll that is under way when it is told to stop is finished" {
    simulator --listings 40 --fault slow:ms=1500
    tws -q track 7000001
    watching
    within 10 is_running
    stop TERM
    [ "$STATUS" -eq 0 ]
    [ "$(polls)" -eq 1 ]
}

@test "a second one for the same store is refused, others and readers are not" {
    simulator --listings 40
    tws -q track 7000001
    watching
    run -7 --separate-stderr tws watch
    [[ "$stderr" == *"another tws watch is running"* ]]
    tws -q scrape 7000001
    tws status >/dev/null
    TWS_DB=$BATS_TEST_TMPDIR/other.db tws watch --once
}

@test "SIGHUP takes new settings, and keeps the old ones when a line cannot be used" {
    simulator --listings 40
    printf '[watch]\nevery = 15min\n' >"$BATS_TEST_TMPDIR/config.ini"
    export TWS_CONFIG=$BATS_TEST_TMPDIR/config.ini
    tws -q track 7000001
    watching
    printf '[watch]\nevery = often\n' >"$TWS_CONFIG"
    kill -HUP "$WATCH"
    within 10 grep -q 'settings stay as they were: .*config.ini:2: .*often' "$LOG"
    printf '[watch]\nfastest = 30min\n' >"$TWS_CONFIG"
    kill -HUP "$WATCH"
    within 10 grep -q "'watch.fastest' (30min) is longer than 'watch.slowest'" "$LOG"
    printf '[watch]\nevery = 11min\n' >"$TWS_CONFIG"
    kill -HUP "$WATCH"
    within 10 grep -q 'settings were read again' "$LOG"
    stop INT
    [ "$STATUS" -eq 0 ]
}

@test "a killed one leaves nothing that the next does not go on with" {
    local n
    simulator --listings 40
    tws -q track 7000001 7000002 7000003 7000004 7000005
    for n in 1 2 3; do
        watching
        stop KILL
    done
    tws watch --once
    [ "$(polls)" -eq 5 ]
    [ "$(sqlite3 "$TWS_DB" 'SELECT count(*) FROM job')" -eq 0 ]
    [ "$(sqlite3 "$TWS_DB" 'SELECT count(*) FROM (SELECT event_id FROM snapshot GROUP BY 1 HAVING count(*) > 1)')" -eq 0 ]
}

@test "what fails for good is a dead letter that can be retried and dropped" {
    simulator --listings 40 --fault 500@7000001
    tws -q track 7000001
    TWS_WATCH_ATTEMPTS=1 tws watch --once
    [ "$(tws jobs --dead --format json | jq -r '.data[0] | .outcome + " " + .state')" = "network dead" ]
    tws jobs retry 1
    [ "$(tws -q jobs --dead --format csv | wc -l)" -eq 1 ]
    tws jobs drop 1
    run -2 --separate-stderr tws jobs drop 1
    [[ "$stderr" == *"no job 1"* ]]
    run -2 --separate-stderr tws jobs bury 1
    [[ "$stderr" == *"neither retry nor drop"* ]]
}

@test "the schedule says when and why" {
    simulator --listings 40
    tws -q track 7000001 --every 5min --priority high
    tws -q track 7000002
    [ "$(tws events --schedule --format json | jq -r '.data | map(.why) | join(" ")')" = "new new" ]
    tws watch --once
    run -0 tws events --schedule --format json
    [ "$(keys '.data[0]')" = "event name due interval_s why reason every_s priority last_poll" ]
    [ "$(jq -r '.data[0] | "\(.event) \(.why) \(.every_s) \(.priority)"' <<<"$output")" = "vividseats:7000001 every 300 high" ]
    [ "$(jq -r '.data[1].why' <<<"$output")" = interval ]
    tws -q track 7000001 --every auto
    [ "$(tws events --schedule --format json | jq '.data | map(.every_s) | unique == [null]')" = true ]
    run -2 --separate-stderr tws track 7000001 --every 5s
    [[ "$stderr" == *"not from 1min to 7d"* ]]
}

# asked: how many questions about productions the marketplace has heard.
asked() {
    curl -sf "$TWS_VIVIDSEATS_URL/simulator/stats" | jq .productions
}

# described COUNT: whether names and dates of so many events were told.
described() {
    [ "$(sqlite3 -readonly "$TWS_DB" 'SELECT count(*) FROM plan WHERE described_ms > 0')" -ge "$1" ]
}

@test "events tracked by bare numbers get their names, many of one performer in one request" {
    no_platform
    tws -q track 7000001 7000002 7000013 7000025
    simulator --listings 40 --events 36 --steady
    tws watch --once
    [ "$(tws events --format json | jq '[.data[] | select(.name != null and .date != null)] | length')" -eq 4 ]
    [ "$(asked)" -eq 4 ]
    sqlite3 "$TWS_DB" 'UPDATE plan SET described_ms = 0'
    watching
    within 10 described 4
    stop TERM
    [ "$(asked)" -eq 6 ] # one performer's three events at once, and another's one
}

@test "an event that is over goes on when the platform says another date" {
    simulator --listings 40 --steady --base "$(date -u -d '-20 days' +%F)"
    tws -q track 7000001
    tws watch --once
    [ "$(polls)" -eq 0 ]
    [ "$(tws events --schedule --format json | jq -r '.data[0].why')" = over ]
    stop_simulator
    simulator --listings 40 --steady
    sqlite3 "$TWS_DB" 'UPDATE plan SET described_ms = 0'
    watching
    within 10 polled 1
    stop TERM
    [ "$(tws events --schedule --format json | jq -r '.data[0].why')" != over ]
}

@test "questions about names that fail do not keep polls from being made" {
    no_platform
    tws -q track 7000001
    simulator --listings 40 --fault 500:on=productions --steady
    tws watch --once
    [ "$(polls)" -eq 1 ]
    [ "$(sqlite3 "$TWS_DB" 'SELECT pending FROM event')" -eq 1 ]
}

# chore NAME: how it was last run, and nothing before.
chore() {
    tws status --service --format json | jq -er --arg name "chore_$1" '.data[] | select(.name == $name) | .detail'
}

@test "it judges alerts, sends to the team and forgets what fired long ago" {
    simulator --listings 40
    tws -q track 7000001
    tws -q scrape
    sqlite3 "$TWS_DB" "INSERT INTO alert (name, rule, fired_ms, value, threshold, cleared_ms) VALUES
        ('old', 'tickets > 5', 1000, 9, 5, 2000), ('new', 'tickets > 5', strftime('%s') * 1000, 9, 5, strftime('%s') * 1000)"
    tws alerts add many 'tickets > 1'
    export TWS_DATABASE_URL=postgresql://u@127.0.0.1:1/d
    watching
    within 20 chore sync
    within 20 chore alerts
    within 20 chore maintenance
    stop TERM
    grep -q 'many' "$LOG"
    [ "$(tws alerts history --format json | jq -r '.data | map(.name) | sort | join(" ")')" = "many new" ]
    [ "$(chore alerts)" = done ]
    [ "$(chore maintenance)" = "forgot 1 alert" ]
    [[ "$(chore sync)" == *"nobody answers"* ]]
}

@test "bad settings name what is allowed" {
    TWS_WATCH_EVERY=soon run -2 --separate-stderr tws watch --once
    [[ "$stderr" == *TWS_WATCH_EVERY*soon* ]]
    TWS_WATCH_FASTEST=30s run -2 --separate-stderr tws watch --once
    [[ "$stderr" == *"'30s' is not a length of time from 1min to 7d"* ]]
    TWS_WATCH_ATTEMPTS=0 run -2 --separate-stderr tws watch --once
    [[ "$stderr" == *"from 1 to 20"* ]]
    run -2 --separate-stderr tws watch --metrics 0.0.0.0:9464
    [[ "$stderr" == *"--metrics"* ]]
}

@test "numbers for Prometheus, as a page and as a file" {
    simulator --listings 40
    tws -q track 7000001
    watching --metrics 127.0.0.1:0 --metrics-file "$BATS_TEST_TMPDIR/tws.prom"
    within 10 polled 1
    local port
    port=$(ss -ltnp | sed -n "s/.*127.0.0.1:\([0-9]*\) .*pid=$WATCH,.*/\1/p")
    scraped() {
        curl -sf -H 'Accept: application/openmetrics-text' "http://127.0.0.1:$port/metrics" | grep -q '^tws_polls_total{outcome="ok"} 1$'
    }
    within 20 scraped
    curl -sfi "http://127.0.0.1:$port/metrics" | grep -qi '^content-type: application/openmetrics-text; version=1.0.0'
    [ "$(curl -sf "http://127.0.0.1:$port/metrics" | tail -n 1)" = "# EOF" ]
    run ! curl -sf "http://127.0.0.1:$port/other"
    [ -s "$BATS_TEST_TMPDIR/tws.prom" ]
}

@test "promtool has no objection to the numbers" {
    local promtool
    promtool=$(command -v promtool || echo "$BATS_TEST_DIRNAME/../../build/promtool")
    [ -x "$promtool" ] || skip "promtool is not there; make deps takes it out of Debian's prometheus"
    simulator --listings 40
    tws -q track 7000001 7000002
    export TWS_DATABASE_URL=postgresql://u@127.0.0.1:1/d # what lags is told, too
    watching --metrics-file "$BATS_TEST_TMPDIR/tws.prom"
    within 10 polled 2
    within 20 grep -q '^tws_event_failed_polls' "$BATS_TEST_TMPDIR/tws.prom"
    grep -q '^tws_sync_lag_seconds' "$BATS_TEST_TMPDIR/tws.prom"
    run -0 "$promtool" check metrics <"$BATS_TEST_TMPDIR/tws.prom"
    [ -z "$output" ]
}

@test "lines for a machine are JSON, and those for the journal have priorities" {
    simulator --listings 40 --fault 500@7000001
    tws -q track 7000001
    tws watch --once --log json 2>"$LOG"
    [ "$(jq -r .level "$LOG" | sort -u | xargs)" = "info warning" ]
    tws track 7000002
    tws watch --once --log journal -v 2>"$LOG"
    grep -q '^<7>event .vividseats:7000002.: ok' "$LOG"
    grep -q '^<6>watching' "$LOG"
}

@test "systemd hears when it is ready, how it does and that it stops" {
    command -v socat >/dev/null || skip "socat is not installed"
    simulator --listings 40
    tws -q track 7000001
    export NOTIFY_SOCKET=$BATS_TEST_TMPDIR/notify WATCHDOG_USEC=400000
    socat -u "UNIX-RECV:$NOTIFY_SOCKET" "OPEN:$BATS_TEST_TMPDIR/heard,creat" 3>&- &
    local listener=$!
    within 5 test -S "$NOTIFY_SOCKET"
    watching
    within 10 grep -q WATCHDOG=1 "$BATS_TEST_TMPDIR/heard"
    stop TERM
    within 5 grep -q STOPPING=1 "$BATS_TEST_TMPDIR/heard"
    kill "$listener" 2>/dev/null || true
    grep -q READY=1 "$BATS_TEST_TMPDIR/heard"
    grep -q 'STATUS=1 events' "$BATS_TEST_TMPDIR/heard"
}
