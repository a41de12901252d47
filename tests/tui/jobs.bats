#!/usr/bin/env bats
# What polls did.

load play

setup_file() {
    export STORE=$BATS_FILE_TMPDIR/tws.db
    play_store "$STORE"
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
