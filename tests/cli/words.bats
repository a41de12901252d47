#!/usr/bin/env bats
# The workstation without a terminal, charts in words, and the made-up store they are tried on.
load helper

setup_file() {
    clean_environment "$BATS_FILE_TMPDIR"
    export STORE=$BATS_FILE_TMPDIR/made.db
    tws -q demo --step 360 --store "$STORE"
}

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    export TWS_DB=$STORE
    TWS_NOW=$(tws events --format json | jq -r '[.data[].last_scraped | values] | max')
}

# plays KEYS [ARGUMENT...]: what the screen is then.
plays() {
    run --separate-stderr -0 tws tui "${@:2}" --keys - <<<"$1"
}

@test "demo --store makes a store of five events, and never over another" {
    [ "$(tws events --format json | jq '.data | length')" -eq 5 ]
    before=$(sha256sum "$STORE")
    run --separate-stderr -2 tws demo --store "$STORE"
    [[ $stderr == *"is there already"* ]]
    [ "$(sha256sum "$STORE")" = "$before" ]
}

@test "describe tells three charts with the numbers of trends" {
    run --separate-stderr -0 tws describe 7000001 --by day
    [ -z "$stderr" ]
    [[ ${lines[0]} == "Ruby Hollow at Silver State Stadium, Las Vegas, "*"(America/Los_Angeles), "* ]]
    lowest=$(tws trends 7000001 --by day --format json | jq '[.data[].min_price] | min')
    [[ $output == *"min: from "*"; lowest \$$(printf '%.2f' "$lowest") on "* ]]
    [[ $output == *tickets* ]]
    first=$output
    run -0 tws describe 7000001 --by day
    [ "$output" = "$first" ]
}

@test "describe wants an event that there is" {
    run --separate-stderr -2 tws describe
    [[ $stderr == "tws: "* ]]
    run --separate-stderr -2 tws describe 999
    [[ $stderr == "tws: event 'vividseats:999' is not stored"* ]]
}

@test "tui refuses what it cannot do" {
    run --separate-stderr -2 tws tui --keys - --size 80by24 <<<q
    [[ $stderr == "tws: option '--size': '80by24' is no size such as 120x40"* ]]
    run --separate-stderr -2 tws tui --keys - --screen kitchen <<<q
    [[ $stderr == "tws: tui: option '--screen'"* ]]
    run --separate-stderr -2 tws tui --keys - <<<'<Nonesuch>'
    [[ $stderr == "tws: "* ]]
}

@test "the board has the events that are stored" {
    plays '<F2>' --size 200x40
    while read -r name; do
        [[ $output == *"$name"* ]]
    done < <(tws events --format json | jq -r '.data[].name')
}

@test "[keys] binds anew, and a bad line is named" {
    mkdir -p "$HOME/.config/tws"
    CONFIG=$HOME/.config/tws/config.ini
    printf '[keys]\ntrend = F12\n' >"$CONFIG"
    plays '<F12>'
    [[ $output == *"price per ticket"* ]]
    printf '[keys]\n\ntrend = q\n' >"$CONFIG"
    run --separate-stderr -2 tws tui --keys - <<<q
    [[ $stderr == "tws: $CONFIG:3: "* ]]
    printf '[keys]\nnonesuch = x\n' >"$CONFIG"
    run --separate-stderr -2 tws tui --keys - <<<q
    [[ $stderr == "tws: $CONFIG:2: "*nonesuch* ]]
}

@test "linear mode takes words and tells help" {
    run --separate-stderr -0 tws tui --linear < <(printf 'help\nevent vividseats:7000001\ntrend\nquit\n')
    [[ $output == *"zone ZONES: only these zones"* ]]
    [[ $output == *"Ruby Hollow: price per ticket"* ]]
}
