# What the command-line tests share: a throw-away home, a fixed clock, and a marketplace on loopback.
# TWS names the binary; without it the release build is taken.
bats_require_minimum_version 1.5.0

TWS=${TWS:-$BATS_TEST_DIRNAME/../../build/release/tws}
NOW=2026-02-09T18:00:00Z

# An environment in which nothing of the person running the tests is left.
clean_environment() {
    export HOME=$1/home
    mkdir -p "$HOME"
    unset XDG_DATA_HOME XDG_CONFIG_HOME COLUMNS LINES NO_COLOR CLICOLOR CLICOLOR_FORCE COLORTERM
    unset TWS_DB TWS_CONFIG TWS_RETRIES TWS_RATE TWS_VIVIDSEATS_URL TWS_MARKER TWS_THEME
    unset TWS_PARALLEL TWS_TIMEOUT TWS_CA_FILE http_proxy https_proxy all_proxy
    export TWS_NOW=$NOW LC_ALL=C.UTF-8 TERM=dumb
}

tws() {
    "$TWS" "$@"
}

# simulator [ARGUMENT...]: starts a marketplace and points tws at it.
simulator() {
    local line
    exec {SIMULATOR_FD}< <(exec "$TWS" simulate --port 0 "$@" 3>&-)
    SIMULATOR_PID=$!
    while read -r line <&"$SIMULATOR_FD"; do
        [[ $line =~ http://127\.0\.0\.1:[0-9]+ ]] && break
    done
    [[ $line =~ (http://127\.0\.0\.1:[0-9]+) ]]
    export TWS_VIVIDSEATS_URL=${BASH_REMATCH[1]} TWS_RATE=0 TWS_RETRIES=0
}

stop_simulator() {
    [[ ${SIMULATOR_PID:-} ]] || return 0
    kill "$SIMULATOR_PID" 2>/dev/null || true
    exec {SIMULATOR_FD}<&-
    wait "$SIMULATOR_PID" 2>/dev/null || true
    unset SIMULATOR_PID
}

# A platform that nobody answers for.
no_platform() {
    export TWS_VIVIDSEATS_URL=http://127.0.0.1:1 TWS_RATE=0 TWS_RETRIES=0
}

# poll_at TIME: a marketplace as it is at that time, and a snapshot of it.
poll_at() {
    export TWS_NOW=$1
    simulator
    tws -q scrape
    stop_simulator
}

# keys FILTER: the sorted keys of a JSON object in $output, joined with blanks.
keys() {
    jq -r "$1 | keys_unsorted | join(\" \")" <<<"$output"
}
