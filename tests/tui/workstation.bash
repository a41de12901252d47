# The workstation in a terminal of a test: its store, its start, its end. Sourced by tests/tui/*.bats.
load ../cli/helper
load helper

# Shortly before the first event of the demo's store, three hours after its last poll.
DEMO_NOW=2026-02-27T02:45:00Z

# store_make: a demo store of five events as $MADE, once for all tests of a file.
store_make() {
    clean_environment "$BATS_FILE_TMPDIR"
    export MADE=$BATS_FILE_TMPDIR/made.db
    TWS_NOW=2026-03-01T12:00:00Z tws -q demo --store "$MADE" --step 240 2>/dev/null
    chmod 644 "$MADE"
}

# workstation_setup [COLUMNSxROWS]: a home, a copy of that store, a screen with a shell that knows both.
workstation_setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    export STORE=$BATS_TEST_TMPDIR/tws.db TWS_NOW=$DEMO_NOW
    cp "$MADE" "$STORE"
    screen_open "${1:-80x24}"
    screen_type "export TWS_DB=$STORE TWS_NOW=$TWS_NOW; cd $BATS_TEST_TMPDIR; clear"
    screen_hides export
}

# workstation [ARGUMENT...]: starts it; `env NAME=VALUE` may stand before.
workstation() {
    screen_type "clear; ${WITH:-} $TWS tui $*; echo ended \$?"
}

# workstation_quit [CODE]: Q, and all is as it was.
workstation_quit() {
    screen_keys Q
    screen_shows "ended ${1:-0}"
    screen_is_restored
}

# command TEXT: by the palette.
command() {
    screen_keys :
    screen_type "$1"
}

# sql STATEMENT: into the store, beside the workstation.
sql() { sqlite3 -cmd '.timeout 5000' "$STORE" "$1" >/dev/null; }

# replay KEYS [ARGUMENT...]: the same without a terminal.
replay() {
    local keys=$1
    shift
    printf '%s' "$keys" | tws tui --db "$STORE" --keys - "$@"
}

# cursor_on TEXT: waits until the row with that text is the selected one. cursor_off TEXT: until it is not.
is_selected() { screen_text -e | grep -F -- "$1" | grep -qE '48;5;[0-9]+m'; }
is_not_selected() { ! is_selected "$1"; }
cursor_on() {
    until_true is_selected "$1" && return
    echo "the cursor never was on: $1"
    screen_text
    return 1
}
cursor_off() { until_true is_not_selected "$1"; }
