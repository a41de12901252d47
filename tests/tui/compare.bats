#!/usr/bin/env bats
# Events over each other.

load play

setup_file() {
    export STORE=$BATS_FILE_TMPDIR/tws.db
    play_store "$STORE"
}

# The first and the third of the board are marked, the first is chosen.
MARKED=' jj g<Enter><F8>'

@test "what is drawn is what tws compare says" {
    local metric
    for metric in min avg median max tickets listings group; do
        [ "$(exported board "$MARKED:metric $metric<Enter>")" = \
            "$(told compare 7000001 7000003 --metric $metric --from 7d)" ]
    done
    [ "$(exported board "$MARKED%}")" = "$(told compare 7000001 7000003 --index)" ]
    [ "$(exported board "$MARKED}bb")" = "$(told compare 7000001 7000003 --by day)" ]
    [ "$(exported board "${MARKED}x")" = "$(told compare 7000001 7000003 --align event)" ]
    [ "$(exported board "${MARKED}:price all-in<Enter>#:metric group<Enter>")" = \
        "$(told compare 7000001 7000003 --price all-in --size 2 --metric group --from 7d)" ]
}

@test "without a mark it is the event of the view" {
    [ "$(exported board '<Enter><F8>' | jq -c '.[0] | keys_unsorted')" = '["timestamp","vividseats:7000001"]' ] ||
        [ "$(exported board '<Enter><F8>' | jq -c '.[0] | keys')" = '["timestamp","vividseats:7000001"]' ]
    play compare ''
    shows 'no event is chosen'
}

@test "A adds an event and d drops the one with the focus" {
    names() { exported board "$1" | jq -c '.[0] | keys - ["timestamp"]'; }
    [ "$(names '<Enter><F8>Avividseats:7000002<Enter>')" = '["vividseats:7000001","vividseats:7000002"]' ]
    [ "$(names '<Enter><F8>:add vividseats:7000004<Enter>:add vividseats:7000002<Enter>nd')" = '["vividseats:7000002","vividseats:7000004"]' ]
    [ "$(names "${MARKED}d")" = '["vividseats:7000001"]' ]
    [ "$(names '<Enter><F8>:add vividseats:9999999<Enter>:from <Enter>')" = '["vividseats:7000001","vividseats:9999999"]' ]
    play board '<Enter><F8>:add ???<Enter>'
    shows "'???' is not stored"
}

@test "names stand where the lines are, and the cross reads them" {
    play board "$MARKED"
    shows 'lowest price: 2 events' 'Ruby Hollow' 'Les Étoiles du Nord'
    play board "${MARKED}1"
    shows 'Ruby Hollow is hidden'
    play board "${MARKED}n"
    shows 'Ruby Hollow'
    play board "${MARKED}hh"
    shows 'Ruby Hollow $'
}

@test "Space shows the zones of the event on one scale" {
    play board '<Enter><F8> '
    shows 'lowest price: each zone of Ruby Hollow' '100 Level' '400 Level'
    [ "$(exported board '<Enter><F8> ' | jq -c 'map(.zone) | unique')" = \
        "$(told zones 7000001 --at 2026-02-09 | jq -c 'map(.zone_name) | unique')" ]
    play board '<Enter><F8> nn<Enter>'
    shows 'Ruby Hollow' 'price per ticket'
    play board '<Enter><F8>  '
    shows 'lowest price: 1 event'
}

@test "an event without a date has no days to go, and x goes back" {
    play compare ':event vividseats:9999999<Enter>x'
    shows 'has no days to go' 'x goes back to dates'
    play compare ':event vividseats:9999999<Enter>xx'
    shows 'no data in this window'
}

@test "no key of many breaks it" {
    local seed
    for seed in 1 2 3 4; do
        play compare "$(random_keys $seed 500)"
        shows 'Board' 'Jobs'
    done
    STORE=$BATS_TEST_TMPDIR/none.db
    for screen in listings jobs compare; do
        play $screen "$(random_keys 5 60)"
        shows 'There is nothing to look at yet.'
    done
}
