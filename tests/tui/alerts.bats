#!/usr/bin/env bats
# Alerts that fire while the workstation is open: said on the last line, told to the desktop, marked on the board. Their texts
# come from outside.
load workstation

setup_file() { store_make; }
setup() { workstation_setup; }
teardown() { screen_close; }

recorded_has() { grep -qF -- "$1" "$recorded"; }

# fire ID NAME TOLD [EVENT]: a rule fires for an event (1), as a collector writes it; TOLD is a time or NULL.
fire() {
    local at=1772160300000
    sql "INSERT INTO alert (id, name, rule, event_id, fired_ms, value, threshold, told_ms)
             VALUES ($1, '$2', 'price < 100 for 2', ${4:-1}, $at, 9500, 10000, $3);
         INSERT INTO alert_state VALUES ('$2', ${4:-1}, 'price < 100 for 2', $1, 0, $at, 9500, $at, $at, 9500, 10000)"
}

# tell ID TOLD: somebody is told now.
tell() { sql "UPDATE alert SET told_ms = $2 WHERE id = $1"; }

@test "what fires is noted, told to the desktop once, and marked on the board" {
    workstation
    screen_shows 'Ruby Hollow'
    screen_record
    fire 1 cheap 1772160300000
    screen_shows 'alert cheap: $95.00 (price < 100 for 2), Ruby Hollow'
    screen_shows '! Ruby Hollow'
    screen_shows '1 alert holds, here cheap'
    until_true recorded_has $'\e]9;alert cheap: $95.00 (price < 100 for 2), Ruby Hollow\a'
    screen_keys Down
    screen_hides 'alert cheap: $95.00'
    sql "UPDATE alert_state SET alert_id = NULL"
    screen_hides '! Ruby Hollow'
    [ "$(grep -aoF $'\e]9;' "$recorded" | wc -l)" = 1 ]
    workstation_quit
}

@test "it is noted on every screen; what held before is no news" {
    fire 1 old 1772160300000
    workstation 7000002
    screen_shows 'price per ticket'
    screen_record
    fire 2 newer 1772160300000 2
    screen_shows 'alert newer: $95.00'
    screen_shows 'Harbor City Gulls at Indiana Comets'
    ! recorded_has 'alert old'
    workstation_quit
}

@test "one that is held back is told when somebody is told" {
    workstation
    screen_shows 'Ruby Hollow'
    screen_record
    fire 1 quiet NULL
    screen_shows 'alert quiet: $95.00'
    screen_keys Down
    screen_hides 'alert quiet: $95.00'
    ! recorded_has $'\e]9;'
    tell 1 1772160310000
    screen_shows 'alert quiet: $95.00'
    until_true recorded_has $'\e]9;alert quiet'
    workstation_quit
}

@test "a setting turns it off" {
    WITH='env TWS_NOTIFY=off' workstation
    screen_shows 'Ruby Hollow'
    screen_record
    fire 1 cheap 1772160300000
    screen_shows 'alert cheap: $95.00'
    screen_keys j j
    screen_hides 'alert cheap: $95.00'
    ! recorded_has $'\e]9;'
    workstation_quit
}

@test "no control character of a store reaches the terminal" {
    workstation
    screen_shows 'Ruby Hollow'
    screen_record
    sql "UPDATE event SET name = 'Evil' || char(7) || char(27) || ']2;owned' || char(155) || '2J' || char(8238) WHERE id = 1"
    fire 1 cheap 1772160300000
    screen_shows 'alert cheap: $95.00'
    until_true recorded_has $'\e]9;alert cheap'
    ! recorded_has $'\a\e]2;owned'
    ! recorded_has $'\e]2;owned'
    ! recorded_has $'\xc2\x9b2J'
    ! recorded_has $'\xe2\x80\xae'
    [ "$(screen display -p '#{pane_title}')" = tws ]
    workstation_quit
}

@test "several at once are one note" {
    workstation
    screen_shows 'Ruby Hollow'
    sql "BEGIN;
         INSERT INTO alert (id, name, rule, event_id, fired_ms, value, threshold, told_ms)
             SELECT 10 + id, 'cheap', 'price < 100', id, 1772160300000, 100 * id, 10000, 1772160300000 FROM event LIMIT 4;
         INSERT INTO alert_state SELECT 'cheap', id, 'price < 100', 10 + id, 0, 1, 1, 1, 1, 1, 1 FROM event LIMIT 4;
         COMMIT"
    screen_shows '; and 3 more'
    screen_shows '4 alerts hold'
    workstation_quit
}

@test "within a tmux that lets it through, it reaches the terminal around" {
    screen_record
    screen_type "env -u TMUX tmux -u -S $BATS_TEST_TMPDIR/inner -f /dev/null new-session -s in '$TWS tui' \\; set -g allow-passthrough on"
    screen_shows 'Ruby Hollow'
    fire 1 cheap 1772160300000
    screen_shows 'alert cheap: $95.00'
    until_true recorded_has $'\e]9;alert cheap: $95.00 (price < 100 for 2), Ruby Hollow\a'
    screen_keys Q
    screen_shows 'exited'
}

@test "linear mode says it with the next line" {
    cd "$BATS_TEST_TMPDIR"
    mkfifo lines
    tws tui --db "$STORE" --linear <lines >said 3>&- &
    exec 4>lines
    until_true grep -q '^Ruby Hollow' said
    fire 1 cheap 1772160300000
    echo board >&4
    until_true grep -qF 'alert cheap: $95.00 (price < 100 for 2), Ruby Hollow.' said
    grep -q '^Ruby Hollow.*, alert cheap\.' said
    exec 4>&-
    wait
}
