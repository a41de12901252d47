#!/usr/bin/env bats
# What polls did, what the collector will do and has given up, its rules and what they found.

load play

setup_file() {
    export STORE=$BATS_FILE_TMPDIR/tws.db
    play_store "$STORE"
    "$TWS" -q --db "$STORE" alerts add cheap 'price < 10000'
    "$TWS" -q --db "$STORE" alerts add failing 'failures >= 1'
    "$TWS" -q --db "$STORE" alerts run >/dev/null 2>&1
    sqlite3 -cmd '.timeout 5000' "$STORE" "INSERT INTO job (event_id, state, priority, attempts, added_ms, due_ms, rank_ms, ended_ms, outcome, reason)
        SELECT id, 2, 1, 5, 1, 1, 1, 1770652800000 - id * 60000, 8, 'gave up on ' || external_id FROM event LIMIT 3" >/dev/null
}

# asked SQL: rows of the view of snapshots, as tws sql has them.
asked() { "$TWS" --db "$STORE" sql --format json "$1" | jq -cS .data; }

@test "what is listed is what tws sql says" {
    local wanted
    wanted=$(asked "SELECT replace(timestamp, '.000Z', 'Z') AS timestamp, event, outcome, took_ms, bytes, rejected, reason
        FROM snapshots ORDER BY timestamp DESC, event")
    [ "$(exported jobs '}' | jq -cS 'map(del(.name)) | sort_by(.event) | sort_by(.timestamp) | map(del(.timestamp) + {timestamp})')" = \
        "$(jq -cS 'sort_by(.event) | sort_by(.timestamp)' <<<"$wanted")" ]
    [ "$(exported jobs ':from 2026-02-05<Enter>:to 2026-02-06<Enter>' | jq length)" = \
        "$(asked "SELECT count(*) AS n FROM snapshots WHERE timestamp >= '2026-02-05' AND timestamp < '2026-02-06'" | jq '.[0].n')" ]
}

@test "the summary counts and ranks" {
    local good failed sorted
    good=$(asked "SELECT count(*) AS n FROM snapshots WHERE outcome IN ('ok', 'empty')" | jq '.[0].n')
    failed=$(asked "SELECT count(*) AS n FROM snapshots WHERE outcome NOT IN ('ok', 'empty')" | jq '.[0].n')
    sorted=$(asked "SELECT took_ms FROM snapshots WHERE took_ms IS NOT NULL ORDER BY took_ms" | jq -c 'map(.took_ms)')
    play jobs '}'
    shows "$good good, $failed failed: $(jq -n "$good * 1000 / ($good + $failed) | round / 10")% good" \
        "median $(jq '.[((length * 50 + 99) / 100 | floor) - 1]' <<<"$sorted") ms, p95 $(jq '.[((length * 95 + 99) / 100 | floor) - 1]' <<<"$sorted") ms"
}

@test "! leaves only failures, and their reasons" {
    play jobs '!'
    [ "$(grep -c '! network' <<<"$output")" = 6 ]
    lacks ' ok '
    shows '1/6' 'network: Failed to connect to'
    play jobs '!!'
    shows ' ok ' '1/91'
}

@test "Enter goes to the trend of the event" {
    play jobs 'j<Enter>'
    shows 'Harbor City Gulls at Indiana Comets: price'
    play jobs 'jjjjj<Enter>'
    shows '9999999' 'no data in this window'
}

@test "windows without polls say so" {
    play jobs ':to 2020-01-02<Enter>:from 2020-01-01<Enter>:to 2020-01-02<Enter>'
    shows 'no poll in this window'
}

@test "linear mode tells the polls" {
    run env TWS_NOW="$NOW" "$TWS" --db "$STORE" tui --linear --screen jobs <<<'failures'
    [ "$status" = 0 ]
    shows '85 good, 6 failed' '6: Feb 9 18:00, vividseats:9999999, network: Failed to connect'
}

@test "each list is what the command line says" {
    [ "$(exported jobs ':show schedule<Enter>')" = "$(told events --schedule)" ]
    [ "$(exported jobs 'mm')" = "$(told jobs --dead)" ]
    [ "$(exported jobs '<Left><Left>')" = "$(told alerts list)" ]
    [ "$(exported jobs ':show fired<Enter>}')" = "$(told alerts history --from 2020-01-01)" ]
    [ "$(exported jobs 'mm' | jq length)" = 3 ]
    [ "$(exported jobs '<Left>}' | jq length)" -ge 6 ]
}

@test "an export has the rows that are seen, in their order" {
    [ "$(exported jobs '!' | jq -c 'map(.outcome) | unique')" = '["network"]' ]
    [ "$(exported jobs '/7000003<Enter>:sort bytes<Enter>}' | jq -c 'map(.event) | unique')" = '["vividseats:7000003"]' ]
    [ "$(exported jobs ':sort bytes<Enter>S}' | jq -c 'map(.bytes | values)')" = \
        "$(exported jobs '}' | jq -c 'map(.bytes | values) | sort | reverse')" ]
    [ "$(exported jobs ':show dead<Enter>:sort reason<Enter>' | jq -c 'map(.job)')" = '[1,2,3]' ]
}

@test "the window of what fired is that of the bar" {
    [ "$(exported jobs '}:show fired<Enter>:to 2026-02-01<Enter>')" = '[]' ]
    [ "$(exported jobs ':show fired<Enter>:from 2026-02-09<Enter>' | jq length)" = "$(told alerts history --from 2026-02-09 | jq length)" ]
}

@test "a dead letter says how it is tried again" {
    play jobs ':show dead<Enter>'
    shows '3 jobs were given up' 'gave up on 7000001' 'given up after 5 attempts' "tws jobs retry" '! '
}

@test "a rule leads to what it found, and that to the event" {
    play jobs ':show rules<Enter>j'
    shows 'failures >= 1' '! 5 of 5' '2/2'
    play jobs ':show rules<Enter>j<Enter>'
    shows 'failures >= 1' '9999999' '1/5'
    play jobs ':show rules<Enter><Enter><Enter>'
    shows 'price per ticket'
}

@test "the words above the list lead to it, and it is remembered with its order" {
    play jobs '<Click 27,2>' --state "$BATS_TEST_TMPDIR/state"
    shows '2 rules' 'price < 10000'
    play jobs 's' --state "$BATS_TEST_TMPDIR/state"
    shows '2 rules'
    play jobs '' --state "$BATS_TEST_TMPDIR/state"
    grep -q 'rules' "$BATS_TEST_TMPDIR/state"
    shows 'name' '▲'
}

@test "a list that there is not is refused" {
    play jobs ':show nonsense<Enter>'
    shows "'nonsense' is none of polls, schedule, dead, rules, fired"
}

@test "linear mode tells every list" {
    run env TWS_NOW="$NOW" "$TWS" --db "$STORE" tui --linear --screen jobs <<<$'show schedule\nshow dead\nshow rules\nshow fired'
    [ "$status" = 0 ]
    shows 'schedule: 5 events are polled, the next in 5 min; 1 is retired' 'is polled no more: the event is over' 'dead: 3 jobs were given up' 'rules: 2 rules: 2 hold' \
        'fired: ' 'failures >= 1'
}
