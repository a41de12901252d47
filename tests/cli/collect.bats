#!/usr/bin/env bats
# Following events on a marketplace on loopback: track, search, scrape, import, and how they fail.
load helper

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
}

teardown() {
    stop_simulator
}

# count TABLE: its rows in the store, read by tws itself.
count() {
    tws sql "select count(*) from $1" --format csv | tail -n 1
}

@test "track learns an event's name, takes no snapshot, and may be repeated" {
    simulator
    run --separate-stderr -0 tws track 7000001
    [[ $output == "tracking vividseats:7000001: "* ]]
    [ "$(count snapshot)" -eq 0 ]
    run --separate-stderr -0 tws track vividseats:7000001
    [ "$output" = "vividseats:7000001 is tracked already" ]
    run --separate-stderr -0 tws events --format json
    [ "$(jq -r '.data[0] | [.event, .active, .last_scraped] | @csv' <<<"$output")" = '"vividseats:7000001",true,' ]
    [ "$(jq -r '.data[0].name' <<<"$output")" != null ]
}

@test "track takes an address on the platform's host" {
    simulator
    run --separate-stderr -0 tws track "$TWS_VIVIDSEATS_URL/some-show-tickets/production/7000002"
    [[ $output == "tracking vividseats:7000002: "* ]]
    run --separate-stderr -2 tws track https://example.com/production/1
    [[ $stderr == "tws: "*"on no platform"* ]]
}

@test "track keeps an event when the platform cannot be asked" {
    no_platform
    run --separate-stderr -0 tws track 7000001
    [[ $stderr == *"network"*"tracked all the same"* ]]
    simulator
    run --separate-stderr -0 tws scrape
    run --separate-stderr -0 tws events --format json
    [ "$(jq -r '.data[0].name' <<<"$output")" != null ]
}

@test "track does not keep what the platform does not know: exit 3" {
    simulator
    run --separate-stderr -3 tws track 9999999
    [[ $stderr == "tws: event 'vividseats:9999999': not_found: "* ]]
    [ "$(count event)" -eq 0 ]
    run --separate-stderr -3 tws track 9999999 7000001
    [ "$(count event)" -eq 1 ]
}

@test "an id that is none is refused before anything is tracked" {
    simulator
    run --separate-stderr -2 tws track 7000001 not/an/id
    [ "$(count event)" -eq 0 ]
}

@test "untrack stops following and keeps what is stored" {
    simulator
    tws -q track 7000001
    tws -q scrape
    run --separate-stderr -0 tws untrack 7000001
    [ "$(count snapshot)" -eq 1 ]
    run --separate-stderr -0 tws events
    [[ $stderr == "nothing is tracked"* ]]
    run --separate-stderr -0 tws events --all --format json
    [ "$(jq '.data[0].active' <<<"$output")" = false ]
    run --separate-stderr -0 tws trends 7000001 --format json
    [ "$(jq '.data | length' <<<"$output")" -eq 1 ]
}

@test "search shows events, --limit and --track" {
    simulator
    run --separate-stderr -0 tws search the --limit 2 --format json
    [ "$(keys '.data[0]')" = "event name venue city state date url" ]
    [ "$(jq '.data | length' <<<"$output")" -eq 2 ]
    run --separate-stderr -0 tws search the --limit 2 --track
    [ "$(wc -l <<<"$output")" -eq 2 ]
    [[ $output == "tracking vividseats:"* ]]
    run --separate-stderr -0 tws events --format json
    [ "$(jq '.data | length' <<<"$output")" -eq 2 ]
    run --separate-stderr -0 tws search xyzzy
    [ "$stderr" = "no event matches 'xyzzy'" ]
}

@test "scrape ends with a line of counts" {
    simulator
    tws -q track 7000001 7000002
    run --separate-stderr -0 tws scrape
    [[ ${lines[-1]} =~ ^2\ events:\ 2\ ok\;\ [0-9,]+\ listings,\ [0-9,]+\ changed,\ 0\ rejected\;\ [0-9.]+\ s$ ]]
    run --separate-stderr -0 tws -q scrape 7000001
    [ -z "$output$stderr" ]
}

@test "scrape with nothing tracked says what to type, exit 2" {
    no_platform
    run --separate-stderr -2 tws scrape
    [ "$stderr" = "tws: nothing is tracked
hint: tws search WORDS finds events, tws track ID follows them" ]
}

@test "one event of two that fails is exit 3 and named with its outcome" {
    simulator --fault html@7000002
    tws -q track 7000001 7000002
    run --separate-stderr -3 tws scrape
    [[ $stderr == *"event 'vividseats:7000002': "* ]]
    [[ $stderr != *"event 'vividseats:7000001'"* ]]
    [[ $output == "2 events: 1 ok, 1 "* ]]
    [[ $stderr == *"tws: 1 of 2 events failed"* ]]
}

@test "all events blocked is exit 4 with a way out, listings untouched" {
    simulator
    tws -q track 7000001 7000002
    tws -q scrape
    before=$(tws listings 7000001 --format csv)
    stop_simulator
    export TWS_NOW=2026-02-09T19:00:00Z
    simulator --fault blocked@7000001 --fault blocked@7000002
    run --separate-stderr -4 tws scrape
    [[ $output == "2 events: 2 blocked; "* ]]
    [[ $stderr == *"hint: "*"tws import FILE"* ]]
    [ "$(tws listings 7000001 --format csv)" = "$before" ]
}

@test "nobody answering is exit 4 and named network" {
    simulator
    tws -q track 7000001
    stop_simulator
    run --separate-stderr -4 tws scrape
    [[ $stderr == *"event 'vividseats:7000001': network: "* ]]
}

@test "an event named by hand is scraped once however often it is named" {
    simulator
    tws -q track 7000001
    run --separate-stderr -0 tws scrape 7000001 vividseats:7000001
    [[ $output == "1 event: 1 ok; "* ]]
}

# listings_asked: how many listings requests have reached the simulator.
listings_asked() {
    curl -s "$TWS_VIVIDSEATS_URL/simulator/stats" | jq .listings
}

@test "Ctrl-C ends a scrape within a second with 130 and what was stored" {
    simulator --fault slow@7000002:ms=60000
    tws -q track 7000001 7000002
    "$TWS" scrape >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
    pid=$!
    until [ "$(listings_asked)" -eq 2 ] && [ "$(count snapshot)" -eq 1 ]; do kill -0 "$pid"; done
    start=${EPOCHREALTIME/./}
    kill -INT "$pid"
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 130 ]
    [ $((${EPOCHREALTIME/./} - start)) -lt 1000000 ]
    [[ $(cat "$BATS_TEST_TMPDIR/out") == "2 events: 1 ok, 1 not finished; "* ]]
    [ "$(cat "$BATS_TEST_TMPDIR/err")" = "tws: stopped after 1 of 2 events; what was read is stored" ]
    [ "$(count snapshot)" -eq 1 ]
    curl -s "$TWS_VIVIDSEATS_URL/simulator/faults?clear=1" >/dev/null
    run --separate-stderr -0 tws rollup --verify
}

@test "import takes a saved answer, twice changes nothing" {
    simulator
    curl -s "$TWS_VIVIDSEATS_URL/hermes/api/v1/listings?productionId=7000003&includeIpAddress=false&currency=USD&localizeCurrency=false" \
        >"$BATS_TEST_TMPDIR/saved.json"
    stop_simulator
    run --separate-stderr -0 tws import --at 2026-02-09T12:00:00Z "$BATS_TEST_TMPDIR/saved.json"
    [[ $output == "1 answer: 1 stored, 0 known before, 0 failed; "* ]]
    before=$(tws export 7000003)
    run --separate-stderr -0 tws import --at 2026-02-09T12:00:00Z - <"$BATS_TEST_TMPDIR/saved.json"
    [[ $output == "1 answer: 0 stored, 1 known before, 0 failed; "* ]]
    [ "$(tws export 7000003)" = "$before" ]
    run --separate-stderr -0 tws events
    [[ $stderr == "nothing is tracked"* ]]
}

@test "import names a file that cannot be read and goes on with the others" {
    simulator
    curl -s "$TWS_VIVIDSEATS_URL/hermes/api/v1/listings?productionId=7000003&includeIpAddress=false" \
        >"$BATS_TEST_TMPDIR/good.json"
    echo '{' >"$BATS_TEST_TMPDIR/bad.json"
    run --separate-stderr ! tws import --at 2026-02-09 "$BATS_TEST_TMPDIR/bad.json" "$BATS_TEST_TMPDIR/good.json"
    [[ $stderr == *"bad.json"* ]]
    [ "$(count snapshot)" -eq 1 ]
    run --separate-stderr -2 tws import "$BATS_TEST_TMPDIR/missing.json"
    [[ $stderr == "tws: "*"missing.json"* ]]
    run --separate-stderr -2 tws import --at soon "$BATS_TEST_TMPDIR/good.json"
    [[ $stderr == "tws: option '--at': 'soon' is not a time"* ]]
}
