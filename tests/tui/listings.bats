#!/usr/bin/env bats
# The market at a moment, and the way through the moments.

load play

setup_file() {
    export STORE=$BATS_FILE_TMPDIR/tws.db
    play_store "$STORE"
}

EVENT=':event vividseats:7000001<Enter>'

# listings KEYS: what is exported, less what the command line does not have.
listings() { exported listings "$EVENT$1" | jq -cS 'map(del(.change, .change_by))'; }

@test "what is listed is what tws listings says" {
    [ "$(listings '')" = "$(told listings 7000001)" ]
    [ "$(listings ':at 2026-02-01T12:00:00Z<Enter>')" = "$(told listings 7000001 --at 2026-02-01T12:00:00Z)" ]
    [ "$(listings ':at T-3d<Enter>')" = "$(told listings 7000001 --at T-3d)" ]
    [ "$(listings ':at 2020-01-01<Enter>')" = '[]' ]
}

@test "an export has the listings that are seen, in their order" {
    [ "$(listings ':sort price<Enter>S' | jq -c 'map(.price)')" = "$(told listings 7000001 | jq -c 'map(.price) | sort | reverse')" ]
    [ "$(listings '/412<Enter>:sort price<Enter>' | jq -c 'map(.listing_id) | sort')" = \
        "$(told listings 7000001 | jq -c 'map(select([.section, .zone, .row, .listing_id, (.tags | join(" "))] | join(" ") | test("4.*1.*2")) | .listing_id) | sort')" ]
}

@test "the filters are those of tws listings" {
    [ "$(listings ':zone 100 Level<Enter>#')" = "$(told listings 7000001 --zone '100 Level' --size 2)" ]
    [ "$(listings 'p:exclude obstructed<Enter>')" = "$(told listings 7000001 --price all-in --exclude obstructed)" ]
    [ "$(listings ':section Section 412<Enter>')" = "$(told listings 7000001 --section 'Section 412')" ]
}

@test "a step is one good poll, an hour or a day" {
    local polls
    polls=$("$TWS" --db "$STORE" sql --format json "SELECT timestamp FROM snapshots WHERE event = 'vividseats:7000001'
        AND outcome IN ('ok', 'empty') ORDER BY timestamp DESC" | jq -r '.data[].timestamp')
    nth() { sed -n "$1p" <<<"$polls" | sed 's/\.000Z/Z/'; }
    at() { told listings 7000001 --at "$1"; }
    [ "$(listings '<lt>')" = "$(at "$(nth 2)")" ]
    [ "$(listings '<lt><lt><lt>>')" = "$(at "$(nth 3)")" ]
    [ "$(listings '-<lt>')" = "$(at "$(nth 2)")" ]     # the polls are six hours apart
    [ "$(listings '--<lt>')" = "$(at "$(nth 5)")" ]
    [ "$(listings '--<lt><lt>>')" = "$(at "$(nth 5)")" ]
    [ "$(listings '--<lt>+++<lt>')" = "$(at "$(nth 6)")" ]
    [ "$(listings '--<lt><lt><lt>0')" = "$(at "$(nth 1)")" ]
    play listings "$EVENT>"
    shows 'this is the last good poll'
    play listings "$EVENT:at 2026-01-01<Enter>>"
    shows 'poll 1 of 56'
    play listings "$EVENT:at 2026-01-01<Enter>><lt>"
    shows 'there is no good poll before' 'poll 1 of 56'
}

@test "the header says which poll it is, and that it is not the latest" {
    play listings "$EVENT"
    shows '; poll 56 of 56, the latest' '71 listings, 190 tickets, from $79.00'
    lacks 'not the latest'
    play listings "$EVENT<lt>"
    shows '; poll 55 of 56, not the latest'
}

@test "times without a good poll say so" {
    play listings "$EVENT:at 2026-02-09<Enter>"
    shows 'the latest; not polled well in the 2 d up to'
    play listings "$EVENT:at 2026-01-01<Enter>"
    shows 'not polled yet at that time; the first good poll was'
    play listings "$EVENT:zone Field ADA<Enter>"
    shows 'no listing passes the filters'
    play listings ':event vividseats:9999999<Enter><lt>><Enter>Y'
    shows 'this event was never polled well'
}

@test "what changed is what the poll before says" {
    local now before wanted
    now=$(told listings 7000001)
    before=$(told listings 7000001 --at 2026-02-06T21:29:59Z)
    wanted=$(jq -cn --argjson now "$now" --argjson before "$before" '
        ($before | map({key: .listing_id, value: .price}) | from_entries) as $was
        | $now | map(.listing_id as $id | $was[$id] as $old
            | {id: $id, change: (if $old == null then "new" elif $old == .price then null else "repriced" end),
               by: (if $old == null or $old == .price then null else ((.price - $old) * 100 | round) end)})')
    [ "$(exported listings "$EVENT" | jq -c 'map({id: .listing_id, change, by: (if .change_by then (.change_by * 100 | round) else null end)})')" = "$wanted" ]
    play listings "$EVENT"
    shows "$(jq -r '"; \(map(select(.change == "new")) | length) new"' <<<"$wanted")" \
        "$(jq -r '"\(map(select(.change == "repriced")) | length) repriced"' <<<"$wanted")"
}

@test "a listing shows what it was, and Esc closes that" {
    local id rows
    id=$(told listings 7000001 | jq -r '.[0].listing_id')
    rows=$("$TWS" --db "$STORE" sql --format json "SELECT count(*) AS n FROM listing_versions
        WHERE event = 'vividseats:7000001' AND listing_id = '$id'" | jq '.data[0].n')
    play listings "$EVENT<Enter>"
    shows "listing $id" 'still there'
    [ "$(grep -c ' x Section .* all-in' <<<"$output")" = "$rows" ]
    play listings "$EVENT<Enter><Esc>"
    shows 'poll 56 of 56'
    lacks "listing $id"
    play listings "$EVENT<Enter><Enter>"
    lacks "listing $id"
    play board "<Enter><F7><Enter><Esc><Esc>"
    shows 'Ruby Hollow: price per ticket'
}

@test "Y copies id, place and price" {
    play listings "${EVENT}Y"
    shows "copied: $(told listings 7000001 | jq -r '.[0] | "\(.listing_id), section \(.section), row \(.row), \(.quantity) x $\(.price).00"')"
}

@test "every column sorts" {
    local column
    for column in price change_by all_in_price quantity splits zone section row tags first_seen listing_id; do
        play listings "$EVENT:sort $column<Enter>"
        shows '▲'
        lacks 'is no column'
    done
    play listings "$EVENT:sort price<Enter>Sg"
    shows "$(told listings 7000001 | jq -r 'map(.price) | max | "$\(tostring)"' | sed -E 's/([0-9])([0-9]{3})(\.|$)/\1,\2\3/')"
}

@test "linear mode tells the market" {
    run env TWS_NOW="$NOW" "$TWS" --db "$STORE" tui --linear --screen listings 7000001 <<<'earlier'
    [ "$status" = 0 ]
    shows 'poll 56 of 56, the latest' 'poll 55 of 56, not the latest' '1: ' '20: '
}
