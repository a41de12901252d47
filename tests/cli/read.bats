#!/usr/bin/env bats
# Every reading command over a store of two events and three polls: exact keys, formats, filters.
load helper

setup_file() {
    clean_environment "$BATS_FILE_TMPDIR"
    simulator
    tws -q track 7000001 7000002
    stop_simulator
    for time in 2026-02-09T10:00:00Z 2026-02-09T10:15:00Z 2026-02-09T11:00:00Z; do
        poll_at "$time"
    done
    export TWS_DB=$HOME/.local/share/tws/tws.db
}

setup() {
    export TWS_NOW=$NOW
    no_platform
    META="event event_id currency price_basis granularity zone from to data_points"
}

# json COMMAND...: runs it with --format json and checks that it is the contract's object.
json() {
    run --separate-stderr -0 tws "$@" --format json
    [ "$(keys .)" = "data meta" ]
}

@test "trends has exactly its keys" {
    json trends 7000001
    [ "$(jq '.data | length' <<<"$output")" -eq 2 ]
    [ "$(keys '.data[0]')" = "timestamp min_price avg_price median_price max_price snapshots" ]
    [ "$(keys .meta)" = "$META trend percent_change" ]
    [ "$(jq -c '[.data[].snapshots]' <<<"$output")" = "[2,1]" ]
    [ "$(jq -r '.data[0].timestamp' <<<"$output")" = 2026-02-09T10:00:00Z ]
    [ "$(jq -r '.meta.event' <<<"$output")" = vividseats:7000001 ]
    [ "$(jq -r '.meta.granularity + .meta.price_basis' <<<"$output")" = hourbase ]
    [ "$(jq '.meta.data_points' <<<"$output")" -eq 2 ]
}

@test "money is a number with two decimals" {
    json trends 7000001
    grep -qE '"min_price":[0-9]+\.[0-9]{2},' <<<"$output"
    run ! grep -E '"(min|max|avg|median)_price":[0-9]+(\.[0-9]|\.[0-9]{3,})?[,}]' <<<"$output"
}

@test "groups has exactly its keys, for 2 and for 4 unless said" {
    json groups 7000001
    [ "$(keys '.data[0]')" = "timestamp group_size price price_per_ticket" ]
    [ "$(keys .meta)" = "$META" ]
    [ "$(jq -c '[.data[].group_size] | unique' <<<"$output")" = "[2,4]" ]
    [ "$(jq '[.data[] | select(.price != null) | (.price - .group_size * .price_per_ticket | fabs) < 0.001] | all' <<<"$output")" = true ]
    json groups 7000001 --size 3
    [ "$(jq -c '[.data[].group_size] | unique' <<<"$output")" = "[3]" ]
}

@test "counts has exactly its keys" {
    json counts 7000001
    [ "$(keys '.data[0]')" = "timestamp total_tickets total_listings lowest_tickets highest_tickets available" ]
    [ "$(keys .meta)" = "$META" ]
    [ "$(jq '.data[0].available' <<<"$output")" = true ]
}

@test "zones has exactly its keys" {
    json zones 7000001
    [ "$(keys '.data[0]')" = "zone_name sections display_order current_min_price current_max_price current_avg_price current_median_price current_min_price_2 current_min_price_4 current_total_tickets current_total_listings" ]
    [ "$(keys .meta)" = "$META" ]
    [ "$(jq '.data[0].sections | type' <<<"$output")" = '"array"' ]
}

@test "listings has exactly its keys and the types of the contract" {
    json listings 7000001
    [ "$(keys '.data[0]')" = "listing_id zone section row quantity splits price all_in_price tags first_seen last_seen" ]
    [ "$(keys .meta)" = "$META" ]
    [ "$(jq -c '.data[0] | [(.splits | type), (.splits[0] | type), (.tags | type), (.price | type)]' <<<"$output")" = '["array","number","array","number"]' ]
}

@test "events has exactly its keys, tracked ones alone unless --all" {
    json events
    [ "$(keys '.data[0]')" = "id event name venue city state date timezone category active last_scraped url" ]
    [ "$(keys .meta)" = "$META" ]
    [ "$(jq '.data | length' <<<"$output")" -eq 2 ]
    [ "$(jq -c '[.data[].active] | unique' <<<"$output")" = "[true]" ]
}

@test "compare has a column for each event" {
    json compare 7000001 7000002
    [ "$(keys '.data[0]')" = "timestamp vividseats:7000001 vividseats:7000002" ]
    json compare 7000001 7000002 --align event --index
    [ "$(keys '.data[0]')" = "days_to_event vividseats:7000001 vividseats:7000002" ]
}

@test "status tells of each event" {
    json status
    [ "$(jq '.data | length' <<<"$output")" -eq 2 ]
}

@test "totals agree between counts, zones and listings" {
    json counts 7000001 --by snapshot
    tickets=$(jq '.data[-1].total_tickets' <<<"$output")
    json zones 7000001
    [ "$(jq '[.data[].current_total_tickets] | add' <<<"$output")" -eq "$tickets" ]
    json listings 7000001
    [ "$(jq '[.data[].quantity] | add' <<<"$output")" -eq "$tickets" ]
}

@test "a printed time can be given back" {
    json trends 7000001 --by snapshot
    second=$(jq -r '.data[1].timestamp' <<<"$output")
    json trends 7000001 --by snapshot --from "$second"
    [ "$(jq -r '.data[0].timestamp' <<<"$output")" = "$second" ]
    json trends 7000001 --by snapshot --to "$second"
    [ "$(jq '.data | length' <<<"$output")" -eq 1 ]
    json listings 7000001 --at "$second"
    at=$(jq '[.data[].quantity] | add' <<<"$output")
    json counts 7000001 --by snapshot
    [ "$(jq '.data[1].total_tickets' <<<"$output")" -eq "$at" ]
}

@test "a zone filters and stands in meta, several give a series each" {
    json zones 7000001
    zone=$(jq -r '.data[0].zone_name' <<<"$output")
    other=$(jq -r '[.data[] | select(.current_total_listings > 0)][-1].zone_name' <<<"$output")
    json trends 7000001 --zone "$zone"
    [ "$(jq -r '.meta.zone' <<<"$output")" = "$zone" ]
    json trends 7000001 --zone "$zone" --zone "$other"
    [ "$(keys '.data[0]')" = "zone timestamp min_price avg_price median_price max_price snapshots" ]
    [ "$(jq -c '.meta.zone' <<<"$output")" = "[\"$zone\",\"$other\"]" ]
}

@test "a zone that the event does not have is exit 2 and named" {
    run --separate-stderr -2 tws trends 7000001 --zone Nowhere
    [[ $stderr == "tws: "*"'Nowhere'"* ]]
}

@test "an all-in price that is not known is null, exit 0" {
    json trends 7000001 --price all-in
    [ "$(jq -c '[.data[].min_price] | unique' <<<"$output")" = "[null]" ]
    [ "$(jq -r '.meta.price_basis' <<<"$output")" = all-in ]
}

@test "an event may be named by its words" {
    json events
    name=$(jq -r '.data[0].name' <<<"$output")
    event=$(jq -r '.data[0].event' <<<"$output")
    json trends "$name"
    [ "$(jq -r '.meta.event' <<<"$output")" = "$event" ]
}

@test "an event that is not stored is exit 2 with what to type" {
    run --separate-stderr -2 tws trends 7000009
    [ "$stderr" = "tws: event 'vividseats:7000009' is not stored
hint: 'tws track vividseats:7000009' begins to follow it" ]
}

@test "bad values of filters are refused by name" {
    run --separate-stderr -2 tws trends 7000001 --from yesterday
    [ "${stderr_lines[0]}" = "tws: option '--from': 'yesterday' is not a time" ]
    run --separate-stderr -2 tws trends 7000001 --size 9
    [ "${stderr_lines[0]}" = "tws: option '--size': '9' is not a number from 1 to 8" ]
    run --separate-stderr -2 tws trends 7000001 --only cheap
    [[ ${stderr_lines[0]} == "tws: trends: option '--only': 'cheap' is none of obstructed, "* ]]
    run --separate-stderr -2 tws zones 7000001 --format chart
    [[ ${stderr_lines[0]} == "tws: zones: option '--format': 'chart' is none of "* ]]
}

@test "a window without rows says so on stderr, exit 0" {
    run --separate-stderr -0 tws trends 7000001 --to 2026-02-01
    [[ $stderr == *"no rows"* ]]
    run --separate-stderr -0 tws -q trends 7000001 --to 2026-02-01 --format csv
    [ -z "$stderr" ]
    [ "$output" = "timestamp,min_price,avg_price,median_price,max_price,snapshots" ]
}

@test "sql reads and only reads" {
    run --separate-stderr -0 tws sql "select 1 as one, null as none, 'a,b' as text" --format csv
    [ "$output" = 'one,none,text
1,,"a,b"' ]
    run --separate-stderr -2 tws sql "delete from event"
    run --separate-stderr -2 tws sql "selec 1"
    [[ $stderr == *syntax* ]]
    run -0 tws events --format json
    [ "$(jq '.data | length' <<<"$output")" -eq 2 ]
}

@test "ndjson, csv and json say the same" {
    run -0 tws listings 7000001 --format json
    json=$(jq -c '[.data[].listing_id]' <<<"$output")
    run -0 tws listings 7000001 --format ndjson
    [ "$(jq -sc '[.[].listing_id]' <<<"$output")" = "$json" ]
    run -0 tws listings 7000001 --format csv
    [ "$(tail -n +2 <<<"$output" | cut -d, -f1 | jq -Rsc 'split("\n") | map(select(. != ""))')" = "$json" ]
}

@test "the format does not depend on where stdout goes" {
    tws trends 7000001 >"$BATS_TEST_TMPDIR/file" 2>/dev/null
    run --separate-stderr -0 tws trends 7000001
    [ "$output" = "$(cat "$BATS_TEST_TMPDIR/file")" ]
    command -v script >/dev/null || skip "no script(1)"
    script -qec "$TWS --color never trends 7000001 2>/dev/null" /dev/null </dev/null >"$BATS_TEST_TMPDIR/terminal"
    [ "$(tr -d '\r' <"$BATS_TEST_TMPDIR/terminal")" = "$output" ]
}

@test "charts are drawn in the size and the characters asked for" {
    run --separate-stderr -0 tws trends 7000001 --format chart --width 60 --height 9 --marker ascii
    [ "${#lines[@]}" -le 9 ]
    [ -z "$(LC_ALL=C tr -d '\000-\177' <<<"$output")" ]
    for line in "${lines[@]}"; do [ "${#line}" -le 60 ]; done
    run --separate-stderr -0 tws counts 7000001 --format chart --color always
    [[ $output == *$'\033['* ]]
    LC_ALL=C run --separate-stderr -0 tws groups 7000001 --format chart
    [ -z "$(LC_ALL=C tr -d '\000-\177' <<<"$output")" ]
    run --separate-stderr -0 tws compare 7000001 7000002 --format chart --color never
    [[ $output != *$'\033'* ]]
    run --separate-stderr -2 tws trends 7000001 --format chart --width 9
}

@test "COLUMNS cuts a table's texts, a pipe does not" {
    COLUMNS=60 run --separate-stderr -0 tws status
    [[ $output == *…* ]]
    run --separate-stderr -0 tws status
    [[ $output != *…* ]]
}

@test "a full disk and a closed pipe are errors" {
    run --separate-stderr -1 bash -c "'$TWS' listings 7000001 >/dev/full"
    [ "$stderr" = "tws: stdout: No space left on device" ]
    run --separate-stderr -1 bash -c "'$TWS' export 7000001 >/dev/full"
    run --separate-stderr -1 bash -c "'$TWS' help >/dev/full"
    run --separate-stderr -1 bash -c "'$TWS' listings 7000001 >&-"
    # the reader has gone before the first byte is written
    run --separate-stderr -1 bash -c "exec 7> >(exec true); wait \$!; '$TWS' listings 7000001 >&7"
    [ "$stderr" = "tws: stdout: Broken pipe" ]
}

@test "export gives every kind of row" {
    run --separate-stderr -0 tws export 7000001
    jq -es 'all(.[]; has("kind"))' <<<"$output" >/dev/null
    [ "$(jq -rs '[.[].kind] | unique | length' <<<"$output")" -ge 3 ]
    run --separate-stderr -0 tws export 7000001 --format csv
    [[ ${lines[0]} == *kind* ]]
}

@test "rollup --verify finds no difference, --rebuild makes none" {
    run --separate-stderr -0 tws rollup --verify
    [[ $output == "2 events, "*": no difference" ]]
    cp -r "$HOME/.local/share/tws" "$BATS_TEST_TMPDIR/copy"
    run --separate-stderr -0 tws --db "$BATS_TEST_TMPDIR/copy/tws.db" rollup --rebuild 7000001
    [[ $output == "1 event, "* ]]
    run --separate-stderr -0 tws --db "$BATS_TEST_TMPDIR/copy/tws.db" rollup --verify
    run -0 --separate-stderr tws -q rollup --verify
    [ -z "$output$stderr" ]
}

@test "rollup --verify names the first difference and exits 1" {
    cp -r "$HOME/.local/share/tws" "$BATS_TEST_TMPDIR/copy"
    command -v sqlite3 >/dev/null || skip "no sqlite3"
    sqlite3 "$BATS_TEST_TMPDIR/copy/tws.db" "update metric set tickets = tickets + 1"
    run --separate-stderr -1 tws --db "$BATS_TEST_TMPDIR/copy/tws.db" rollup --verify
    [[ ${stderr_lines[0]} == "tws: "*" the first: "* ]]
    [[ ${stderr_lines[1]} == "hint: tws rollup --rebuild"* ]]
}
