#!/usr/bin/env bats
# The market screen says what the command line says of the same moment, and its keys do what they say.

load ../cli/helper

setup_file() {
    clean_environment "$BATS_FILE_TMPDIR"
    export TWS_NOW=2026-03-01T12:00:00Z TWS_DB=$BATS_FILE_TMPDIR/demo.db
    "${TWS:-$BATS_TEST_DIRNAME/../../build/release/tws}" demo --store "$TWS_DB" 2>/dev/null
    export TWS_NOW=2026-02-27T02:40:00Z EVENT=vividseats:7000003
}

# market SIZE KEYS: the screen after the keys, as text.
market() {
    printf '%s' "$2" >"$BATS_TEST_TMPDIR/keys"
    tws tui "$EVENT" --screen market --keys "$BATS_TEST_TMPDIR/keys" --size "$1" >"$BATS_TEST_TMPDIR/screen"
}

shows() { grep -qF -- "$1" "$BATS_TEST_TMPDIR/screen" || { cat "$BATS_TEST_TMPDIR/screen"; false; }; }
lacks() { ! grep -qF -- "$1" "$BATS_TEST_TMPDIR/screen" || { cat "$BATS_TEST_TMPDIR/screen"; false; }; }

# of COMMAND KEY [ARGUMENT...]: that value of the last row that tws gives.
of() {
    local command=$1 key=$2
    shift 2
    tws "$command" "$EVENT" --format json "$@" | jq -r ".data[-1].$key"
}

@test "the cursor of the heat map reads what trends and counts say of the zone" {
    market 160x40 ':metric heat<Enter>j'
    local median low tickets listings
    median=$(of trends median_price --zone Rouges)
    low=$(of trends min_price --zone Rouges)
    tickets=$(of counts total_tickets --zone Rouges)
    listings=$(of counts total_listings --zone Rouges)
    market 120x24 ':metric heat<Enter>j'
    shows "Rouges: median \$$(printf %.2f "$median"), lowest \$$(printf %.2f "$low"), $tickets tickets in $listings listings"
}

@test "a step to the left reads the hour before" {
    market 120x24 'jh'
    local median
    median=$(tws trends "$EVENT" --zone Rouges --format json | jq -r '.data[-2].median_price')
    shows "Rouges: median \$$(printf %.2f "$median"),"
}

@test "the ladder counts the tickets of the listings at three moments" {
    market 120x24 ':metric depth<Enter>j'
    shows 'tickets at or below $75.00'
    local now day week
    below() { tws listings "$EVENT" --at "$1" --format json | jq '[.data[] | select(.price <= 75) | .quantity] | add // 0'; }
    now=$(below 2026-02-27T02:30:00Z)
    day=$(below 2026-02-26T02:30:00Z)
    week=$(below 2026-02-20T02:30:00Z)
    shows "$now tickets at or below \$75.00, 24 h ago: $day, 7 d ago: $week"
}

@test "the listings of a bin of prices are those of the listings command" {
    market 120x24 ':metric density<Enter>'
    local line low high count
    line=$(grep -F 'listings, ' "$BATS_TEST_TMPDIR/screen")
    [[ $line =~ \$([0-9.,]+)\ to\ \$([0-9.,]+):\ ([0-9]+)\ listings ]]
    low=${BASH_REMATCH[1]} high=${BASH_REMATCH[2]} count=${BASH_REMATCH[3]}
    [ "$(tws listings "$EVENT" --format json | jq --argjson a "$low" --argjson b "$high" \
        '[.data[] | select(.price >= $a and .price <= $b)] | length')" = "$count" ]
    shows "median \$$(printf %.2f "$(of trends median_price)")"
}

@test "new and gone are the difference of two markets" {
    market 120x24 ':metric changes<Enter>:from 2026-02-27T02:30:00Z<Enter>'
    ids() { tws listings "$EVENT" --at "$1" --format json | jq -r '.data[].listing_id' | LC_ALL=C sort; }
    ids 2026-02-27T02:29:00Z >"$BATS_TEST_TMPDIR/before"
    ids 2026-02-27T02:30:00Z >"$BATS_TEST_TMPDIR/after"
    shows "$(LC_ALL=C comm -13 "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after" | wc -l) new, $(LC_ALL=C comm -23 "$BATS_TEST_TMPDIR/before" "$BATS_TEST_TMPDIR/after" | wc -l) gone, "
}

@test "m goes through the panes, Space expands one, and small screens say why not" {
    market 80x24 ''
    shows 'median price by zone'
    lacks 'listings by price'
    market 80x24 'm'
    shows 'listings by price'
    market 80x24 'mmmm'
    shows 'median price by zone'
    market 120x34 ''
    shows 'median price by zone'
    shows 'new, gone and repriced'
    market 120x34 '<Space>'
    lacks 'new, gone and repriced'
    market 80x24 '<Space>'
    shows 'four panes need a screen of 120 x 34'
}

@test "an export has the changes that are found" {
    local all=$BATS_TEST_TMPDIR/all.json found=$BATS_TEST_TMPDIR/found.json
    rm -f "$all" "$found"
    market 120x24 ":metric changes<Enter>E$all<Enter>/gone<Enter>E$found<Enter>"
    [ "$(jq -c '.data | sort' "$found")" = "$(jq -c '.data | map(select([.change, .zone, .section, .row, .listing_id] | join(" ")
        | test("g.*o.*n.*e"; "i"))) | sort' "$all")" ]
    [ "$(jq '.data | length' "$found")" -lt "$(jq '.data | length' "$all")" ]
}

@test "a search goes to the changes and filters them" {
    market 80x24 '/rouge<Enter>'
    shows 'new, gone and repriced'
    shows 'Rouges'
    lacks 'Bleu'
}

@test "Enter on the heat map leads to the listings of the zone at the end of the hour" {
    market 120x24 'jh<Enter>'
    shows 'Rouges'
    shows '2026-02-27T01:59:59'
}

@test "zooming halves the window, 0 brings it back" {
    market 120x24 '+'
    shows '2026-02-23'
    market 120x24 '+0'
    shows 'from 7d  to now'
}

@test "a click gives its pane the cursor" {
    market 120x34 '<Click 100,20><Down><Enter>'
    shows '2026-02-27 02:30Z'
}

@test "windows with nothing in them say so in every pane" {
    local pane
    for pane in heat density; do
        market 60x16 ":metric $pane<Enter>:from 2026-02-28<Enter>"
        shows 'nothing was seen in this window'
    done
    market 60x16 ':metric changes<Enter>:from 2026-02-28<Enter>'
    shows '0 new, 0 gone, 0 repriced'
    market 60x16 ':metric depth<Enter>:at 2020-01-01<Enter>'
    shows 'nothing is for sale'
}

@test "it describes itself in sentences" {
    run -0 --separate-stderr tws tui "$EVENT" --screen market --linear <<<'metric depth'
    [[ $output == *'Zone Rouges: median $'*' tickets in '* ]]
    [[ $output == *'tickets at or below $'*', 24 h ago: '* ]]
}

# many_zones: a copy of the store, in which the event has thirty zones more, each like its first.
many_zones() {
    cp "$TWS_DB" "$BATS_TEST_TMPDIR/many.db"
    export TWS_DB=$BATS_TEST_TMPDIR/many.db
    sqlite3 "$TWS_DB" "
        CREATE TEMP TABLE first AS SELECT * FROM zone WHERE event_id = 3 ORDER BY display_order LIMIT 1;
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
        INSERT INTO zone (event_id, name, display_order, first_ms, mapped_ms)
            SELECT 3, 'Extra ' || i, 100 + i, first_ms, mapped_ms FROM n, first;
        CREATE TEMP TABLE more AS SELECT r.*, z.id AS zone FROM rollup r, zone z
            WHERE r.event_id = 3 AND r.kind = 1 AND r.scope_id = (SELECT id FROM first) AND z.name LIKE 'Extra %';
        UPDATE more SET scope_id = zone;
        ALTER TABLE more DROP COLUMN zone;
        INSERT INTO rollup SELECT * FROM more" >/dev/null
}

@test "more zones than rows scroll with the cursor, which stays where it is seen" {
    many_zones
    market 80x24 ''
    shows 'Extra 1 '
    lacks 'Extra 30'
    lacks '▲'
    shows '▼'
    market 80x24 '<PgDn><PgDn><PgDn><PgDn><PgDn><PgDn><PgDn><PgDn>'
    shows 'Extra 30'
    shows '▲'
    lacks '▼'
    cp "$BATS_TEST_TMPDIR/screen" "$BATS_TEST_TMPDIR/last"
    market 80x24 '<PgDn><PgDn><PgDn><PgDn><PgDn><PgDn><PgDn><PgDn>kk'
    [ "$(grep -o 'Extra [0-9]* ' "$BATS_TEST_TMPDIR/screen")" = "$(grep -o 'Extra [0-9]* ' "$BATS_TEST_TMPDIR/last")" ]
    shows 'Extra 29: '
    market 80x24 '<PgDn><PgDn><PgDn><PgDn><PgDn><PgDn><PgDn><PgDn><Click 79,4>'
    grep -qF "  $(sed -n 5p "$BATS_TEST_TMPDIR/screen" | grep -o '^Extra [0-9]*'): " "$BATS_TEST_TMPDIR/screen"
}
