#!/usr/bin/env bats
# The workstation on a real terminal: every screen, the filters, what a terminal can do to it, and what it gives back.
load workstation

setup_file() { store_make; }
setup() { workstation_setup; }
teardown() { screen_close; }

# walk: every screen by its key.
walk() {
    screen_shows 'Ruby Hollow'
    screen_keys Enter
    screen_shows 'price per ticket'
    screen_keys F4
    screen_shows 'seats together'
    screen_keys F5
    screen_shows 'tickets listed'
    screen_keys F6
    screen_shows '100 Level'
    screen_keys F7
    screen_shows 'the latest'
    screen_keys F8
    screen_shows 'lowest price: 1 event'
    screen_keys F9
    screen_shows '100.0% good'
    screen_keys F2
    screen_shows 'Northern Static'
}

@test "every screen by its key at 80x24" {
    workstation
    walk
    workstation_quit
}

@test "every screen by its key at 120x40, and at the smallest size" {
    screen resize-window -x 120 -y 40
    workstation
    walk
    screen resize-window -x 60 -y 16
    screen_shows 'Boar'
    walk
    screen resize-window -x 59 -y 16
    screen_shows 'tws needs 60 x 16'
    screen_shows 'this is 59 x 16'
    workstation_quit
}

@test "q goes back to where one came from, and leaves at last" {
    workstation
    screen_shows 'Ruby Hollow'
    screen_keys Enter
    screen_shows 'price per ticket'
    screen_keys F9
    screen_shows '100.0% good'
    screen_keys q
    screen_shows 'price per ticket'
    screen_keys q
    screen_shows 'Northern Static'
    screen_keys q
    screen_shows 'ended 0'
    screen_is_restored
}

@test "the palette sets a filter, the bar shows it, u takes it back" {
    workstation
    screen_shows 'from 7d'
    command 'from 3d'
    screen_shows 'from 3d'
    screen_keys u
    screen_shows 'from 7d'
    screen_keys C-r
    screen_shows 'from 3d'
    screen_keys F Right Right Right BSpace
    screen_hides 'from 3d'
    screen_keys Escape
    screen_hides 'Enter edit'
    screen_keys u
    screen_shows 'from 3d'
    workstation_quit
}

@test "what is wrong in a filter is said while it is typed" {
    workstation
    screen_shows 'from 7d'
    screen_keys '('
    screen_shows 'from:'
    screen_keys -l '99x'
    screen_shows "'99x' is not a time"
    screen_keys Enter
    screen_hides 'from:'
    has_text "'99x' is not a time; a time is"
    has_text 'from 7d'
    workstation_quit
}

@test "help lists the keys of the screen, and searches" {
    workstation
    screen_shows 'Ruby Hollow'
    screen_keys '?'
    screen_shows 'what the keys do here'
    screen_keys -l 'undo'
    screen_shows 'the filters as they were before'
    screen_hides 'the next screen'
    screen_keys Escape
    screen_hides 'the filters as they were before'
    workstation_quit
}

@test "a zone chosen in the palette is in the bar and on every screen" {
    workstation 7000001
    screen_shows 'price per ticket'
    command 'zone 100 Level'
    screen_hides 'all zones'
    screen_keys F7
    screen_shows 'the latest'
    lacks_text '400 Level'
    workstation_quit
}

@test "after a hundred sizes the picture is that of the last" {
    local i expected=$BATS_TEST_TMPDIR/expected
    workstation 7000001
    screen_shows 'price per ticket'
    screen_text >"$expected"
    for ((i = 0; i < 100; i++)); do screen resize-window -x $((40 + i * 7 % 120)) -y $((10 + i * 3 % 40)); done
    screen resize-window -x 80 -y 24
    until_true same_picture "$expected"
    workstation_quit
}

same_picture() { screen_text | cmp -s - "$1"; }

@test "what the terminal shows is what a script of keys dumps" {
    workstation 7000001
    screen_shows 'price per ticket'
    replay '' 7000001 --colors 256 | sed 's/\x1b\[[0-9;]*m//g; s/ *$//' >"$BATS_TEST_TMPDIR/dump"
    screen_text | sed 's/ *$//' | diff - "$BATS_TEST_TMPDIR/dump"
    workstation_quit
}

@test "Ctrl-Z and fg: the shell has the terminal, then the workstation has it again" {
    workstation
    screen_shows 'Ruby Hollow'
    screen_keys C-z
    screen_shows 'Stopped'
    screen_is_restored
    screen_type fg
    cursor_on 'Ruby Hollow'
    screen_keys Down
    cursor_on 'Harbor City'
    screen_keys Q
    screen_shows 'ready>' # the shell's list of commands ended with the suspension
    screen_is_restored
}

# click COLUMN ROW: from 1, as terminals count. wheel_down COLUMN ROW.
report() { printf '\e[<%s;%s;%s%s' "$@" | od -An -v -tx1; }
click() {
    screen_bytes $(report 0 "$1" "$2" M)
    screen_bytes $(report 0 "$1" "$2" m)
}
wheel_down() { screen_bytes $(report 65 "$1" "$2" M); }

@test "the mouse chooses a tab, a row, a filter, and turns the wheel" {
    workstation
    cursor_on 'Ruby Hollow'
    click 5 5
    cursor_on 'Harbor City'
    wheel_down 5 5
    cursor_off 'Harbor City'
    click 10 1
    screen_shows 'price per ticket'
    click 60 1 # Jobs
    screen_shows '100.0% good'
    click 4 1
    screen_shows 'Northern Static'
    click 3 2 # the first filter
    screen_shows 'event:'
    screen_keys Escape
    screen_hides 'event:'
    screen_keys M-m
    screen_shows 'the mouse is left to the terminal'
    flags_are '1 0 0 0 0 1'
    workstation_quit
}

@test "--no-mouse leaves it to the terminal" {
    workstation --no-mouse
    screen_shows 'Ruby Hollow'
    flags_are '1 0 0 0 0 1'
    workstation_quit
}

@test "ended by a signal, the terminal is as it was and the code says which" {
    workstation
    screen_shows 'Ruby Hollow'
    screen_signal TERM tws
    screen_shows 'ended 143'
    screen_is_restored
    workstation
    cursor_on 'Ruby Hollow'
    screen_keys C-c
    screen_shows 'ended 130'
    screen_is_restored
    workstation
    cursor_on 'Ruby Hollow'
    screen_signal SEGV tws
    screen_shows 'ended 139'
    screen_is_restored
}

@test "ended by a signal, the state is kept" {
    workstation
    screen_shows 'from 7d'
    command 'from 3d'
    screen_shows 'from 3d'
    screen_signal TERM tws
    screen_shows 'ended 143'
    workstation
    screen_shows 'from 3d'
    workstation_quit
}

@test "when the terminal goes, the workstation goes" {
    local pid
    workstation
    screen_shows 'Ruby Hollow'
    pid=$(screen_process tws)
    screen_close
    until_true is_gone "$pid"
}

@test "idle it does next to nothing" {
    local pid before
    workstation 7000001
    screen_shows 'price per ticket'
    pid=$(screen_process tws)
    before=$(awk '{ print $14 + $15 }' "/proc/$pid/stat")
    sleep 2 # there is no condition to wait for: nothing must happen
    [ "$(awk '{ print $14 + $15 }' "/proc/$pid/stat")" -le $((before + 2)) ]
    workstation_quit
}

@test "filters, event, screen and cursor are remembered" {
    workstation
    cursor_on 'Ruby Hollow'
    screen_keys Down Enter
    screen_shows 'Harbor City Gulls at Indiana Comets: price'
    command 'by day'
    screen_shows 'by day'
    workstation_quit
    workstation
    screen_shows 'Harbor City Gulls at Indiana Comets: price'
    has_text 'by day'
    workstation_quit
    [ -s "$HOME/.local/state/tws/tui" ]
}

@test "the board's cursor follows an event chosen by name, and chooses when it moves" {
    workstation
    cursor_on 'Ruby Hollow'
    command 'event 7000003'
    cursor_on 'Les Étoiles du Nord'
    screen_keys F3
    screen_shows 'Les Étoiles du Nord: price'
    screen_keys F2
    screen_keys g
    cursor_on 'Ruby Hollow'
    screen_keys Enter
    screen_shows 'Ruby Hollow: price'
    workstation_quit
}

@test "at the smallest size the age of the data and a freeze are told too" {
    screen resize-window -x 60 -y 16
    workstation 7000001
    screen_shows 'STALE 3.2 h old'
    screen_keys f
    screen_shows 'FROZEN  STALE 3.2 h old'
    click 32 1 # Jobs
    screen_shows '100.0% good'
    workstation_quit
}

@test "a view is saved, taken up again in another run, and forgotten" {
    workstation 7000002
    screen_shows 'price per ticket'
    command 'size 4'
    screen_keys F4
    screen_shows 'seats together'
    command 'save fours'
    screen_shows fours
    workstation_quit
    workstation --screen board
    screen_shows 'Northern Static'
    command 'clear'
    command 'view fours'
    screen_shows 'Harbor City Gulls at Indiana Comets: price per ticket, seats together'
    command 'forget fours'
    screen_hides 'view fours'
    command 'view fours'
    screen_shows "'fours'"
    workstation_quit
}

@test "NO_COLOR sends no colour" {
    screen_type 'export NO_COLOR=1'
    screen_record
    workstation 7000001
    screen_shows 'price per ticket'
    workstation_quit
    ! grep -qE $'\e\\[([0-9;]*;)?(3[0-7]|4[0-7]|9[0-7]|38|48)(;[0-9;]*)?m' "$recorded"
}

@test "in the C locale every byte is ASCII" {
    local key
    screen_type 'export LC_ALL=C'
    screen_record
    workstation
    cursor_on 'Ruby Hollow'
    screen_keys Enter
    screen_shows 'price per ticket'
    for key in F4 F5 F6 F7 F8 F9 '?'; do screen_keys "$key"; done
    screen_shows 'what the keys do here'
    screen_keys Escape
    screen_hides 'what the keys do here'
    workstation_quit
    ! LC_ALL=C grep -q $'[\x80-\xff]' "$recorded"
}

@test "a terminal that cannot place a cursor is refused with a hint" {
    screen_type "TERM=dumb $TWS; echo ended \$?"
    screen_shows 'a terminal of TERM=dumb cannot place a cursor'
    screen_shows 'hint: '
    screen_shows 'ended 2'
    screen_is_restored
}

@test "a bare tws on a terminal is the workstation" {
    screen_type "$TWS; echo ended \$?"
    cursor_on 'Ruby Hollow'
    workstation_quit
}

@test "D on an empty store makes one up and shows it" {
    rm "$STORE"
    workstation
    screen_shows 'There is nothing to look at yet.'
    screen_keys D
    screen_shows 'is being lived through'
    until_true has_text 'Ruby Hollow' || until_true has_text 'Ruby Hollow'
    screen_shows 'made up'
    screen_keys Enter
    screen_shows 'price per ticket'
    workstation_quit
    [ ! -e "$STORE" ]
    [ -z "$(ls "${TMPDIR:-/tmp}" | grep '^tws-')" ]
}

@test "leaving while the demo is made ends it" {
    local pid
    rm "$STORE"
    workstation
    screen_shows 'There is nothing to look at yet.'
    screen_keys D
    screen_shows 'is being lived through'
    workstation_quit
    [ -z "$(screen_process tws)" ]
}
