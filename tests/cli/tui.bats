#!/usr/bin/env bats
# The workstation without a terminal: scripts of keys, what is exported, what is wrong with what it is told.
load helper

setup_file() {
    clean_environment "$BATS_FILE_TMPDIR"
    export TWS_DB=$BATS_FILE_TMPDIR/made.db
    TWS_NOW=2026-03-01T12:00:00Z tws -q demo --store "$TWS_DB" --step 360 2>/dev/null
}

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    export TWS_DB=$BATS_FILE_TMPDIR/made.db TWS_NOW=2026-02-27T02:45:00Z
    no_platform
    cd "$BATS_TEST_TMPDIR"
}

# replay KEYS [ARGUMENT...]: plays them.
replay() {
    local keys=$1
    shift
    printf '%s' "$keys" | tws tui --keys - "$@"
}

# exported FILTER SCREEN: what a screen exports as JSON, of the whole event, told as the command line tells it.
exported() {
    replay ":by day<Enter>:from 2026-02-15<Enter>:export $2.csv<Enter>:export $2.json<Enter>" 7000001 --screen "$2" >shown
    [ "$(head -n 1 "$2.csv")" = "$(jq -r '.data[0] | keys_unsorted | join(",")' "$2.json")" ]
    [ "$(wc -l <"$2.csv")" -eq $(($(jq ".data | length" "$2.json") + 1)) ]
    jq -c ".data[] | select(.zone == \"*\") | $1" "$2.json"
}

# printed FILTER COMMAND: what the command prints.
printed() { tws "$2" 7000001 --by day --from 2026-02-15 --format json | jq -c ".data[] | $1"; }

same() {
    [ -s a ]
    diff a b
}

@test "what is exported is what the command line prints for the same filters" {
    local keys='{timestamp, min_price, avg_price, median_price, max_price, snapshots}'
    exported "$keys" trend >a && printed "$keys" trends >b && same
    keys='{timestamp, total_tickets, total_listings, lowest_tickets, highest_tickets}'
    exported "$keys" counts >a && printed "$keys" counts >b && same
    exported '[.timestamp, .price_2, .price_4]' groups >a
    tws groups 7000001 --by day --from 2026-02-15 --format json |
        jq -c '.data | group_by(.timestamp)[] | [.[0].timestamp, .[0].price_per_ticket, .[1].price_per_ticket]' >b && same
}

@test "the listings that are exported are those the command line prints" {
    replay ':zone 400 Level<Enter>:export l.csv<Enter>' 7000001 --screen listings >shown
    cut -d, -f1-5 l.csv | sort >a
    tws listings 7000001 --zone '400 Level' --format csv | cut -d, -f1-5 | sort >b && same
}

@test "pictures are what they are called" {
    replay ':export a.txt<Enter>:export a.ansi<Enter>:export a.svg<Enter>:export a.png<Enter>' 7000001 >shown
    head -n 23 shown | diff - <(head -n 23 a.txt)
    sed 's/\x1b\[[0-9;]*m//g; s/ *$//' a.ansi | head -n 2 | diff - <(head -n 2 shown)
    xmllint --noout a.svg
    [ "$(head -c 8 a.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ]
}

@test "an export writes over nothing, and says so" {
    echo mine >a.csv
    replay ':export a.csv<Enter>' 7000001 | tail -n 1 | grep -q 'File exists'
    [ "$(cat a.csv)" = mine ]
    replay ':export a.xyz<Enter>' 7000001 | tail -n 1 | grep -q 'ends in .csv'
    [ ! -e a.xyz ]
}

@test "a script that is none is named with its line" {
    printf 'jj\n<Foo>\n' >bad.keys
    run --separate-stderr -2 tws tui --keys bad.keys
    [ "$stderr" = "tws: 'bad.keys': line 2: <Foo> is no key" ]
    run --separate-stderr -2 tws tui --keys nonesuch.keys
    [ "$stderr" = "tws: 'nonesuch.keys': No such file or directory" ]
    run --separate-stderr -1 tws tui --keys /dev/null --dump /nonesuch/x
    [[ $stderr == "tws: option '--dump': '/nonesuch/x' cannot be written"* ]]
}

@test "a size or a screen that is none is refused" {
    local size
    for size in 0x5 80 80x 80x24x1 -5x5 80xx 1001x10 wide; do
        run --separate-stderr -2 tws tui --keys /dev/null --size "$size"
        [ "$stderr" = "tws: option '--size': '$size' is no size such as 120x40" ]
    done
    run --separate-stderr -2 tws tui --screen tables
    [[ $stderr == *"'tables' is none of board, trend, "* ]]
    run --separate-stderr -2 tws tui 9999999 --keys /dev/null
    [[ $stderr == *"9999999"* ]]
}

@test "--dump writes the picture of the size that was asked for" {
    replay '' --size 100x30 --dump picture
    [ "$(wc -l <picture)" -eq 30 ]
    [ "$(tws tui --keys /dev/null --size 100x30)" = "$(cat picture)" ]
    replay '<Size 60x16>' | wc -l | grep -qx 16
}

@test "keys of the config file count, and a conflict names file and line" {
    mkdir -p "$HOME/.config/tws"
    printf '[keys]\nzone =\nfreeze = z C-f\n' >"$HOME/.config/tws/config.ini"
    replay 'z' 7000001 | head -n 1 | grep -q FROZEN
    replay '<C-f>' 7000001 | head -n 1 | grep -q FROZEN
    ! replay 'f' 7000001 | head -n 1 | grep -q FROZEN
    replay '?freeze' | grep -q 'z C-f'
    printf '[keys]\n\nfreeze = e\n' >"$HOME/.config/tws/config.ini"
    run --separate-stderr -2 tws tui --keys /dev/null
    [[ $stderr == "tws: $HOME/.config/tws/config.ini:3: key 'e' of 'freeze' is that of 'event' already"* ]]
    printf '[keys]\nfreeze = Foo\n' >"$HOME/.config/tws/config.ini"
    run --separate-stderr -2 tws tui --keys /dev/null
    [[ $stderr == "tws: $HOME/.config/tws/config.ini:2: "*Foo* ]]
}

@test "without a terminal a bare tws prints its help, and tui says what it needs" {
    run --separate-stderr -2 tws </dev/null
    [[ $stderr == "tws follows ticket prices"* ]] || [[ $output == "tws follows ticket prices"* ]]
    run --separate-stderr -2 tws tui </dev/null
    [[ $stderr == "tws: stdin or stdout is no terminal"*"hint: "* ]]
}

@test "nothing is remembered of a script unless told where" {
    replay ':from 3d<Enter>' >/dev/null
    [ ! -e "$HOME/.local/state/tws" ]
    replay ':from 3d<Enter>' --state kept >/dev/null
    replay '' --state kept | sed -n 2p | grep -q 'from 3d'
    echo '[[[ rubbish' >kept
    replay '' --state kept | grep -q 'Ruby Hollow'
    [ "$(head -n 1 kept | cut -f1)" = last ]
}

@test "in the C locale a picture is ASCII" {
    local screen
    for screen in board trend groups counts market listings compare jobs; do
        ! LC_ALL=C tws tui 7000001 --screen "$screen" --keys /dev/null --size 120x40 | LC_ALL=C grep -q $'[\x80-\xff]'
    done
}

@test "in words it says what the screens show, and what cannot be done" {
    run --separate-stderr -0 tws tui --linear 7000001 <<<$'counts\nzone 100 Level\nfrobnicate\nboard\nquit'
    [[ $output == *"Price trend."*"Ticket counts."*frobnicate*"Ruby Hollow"* ]]
}

@test "the board says how sharing goes, where something was ever sent" {
    [[ $(replay '' --screen board) != *'sent to the team'* ]]
    cp "$TWS_DB" shared.db
    sqlite3 shared.db "insert or replace into setting values ('sync.last_ms', $(date -ud "$TWS_NOW - 5 min" +%s)000)"
    waiting=$(sqlite3 shared.db 'select count(*) from outbox where topic < 4')
    replay '' --db shared.db --size 120x24 --screen board |
        tr -d , | grep -q "sent to the team 5 min ago $waiting changes wait"
}
