#!/usr/bin/env bats
# Settings: where they come from, which wins, and what is refused.
load helper

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    mkdir -p "$HOME/.config/tws"
    CONFIG=$HOME/.config/tws/config.ini
}

# origin KEY: value and origin as doctor tells them.
origin() {
    tws doctor --format json | jq -r ".data[] | select(.check == \"$1\") | .value + \" \" + .origin"
}

@test "defaults hold where nothing was said" {
    [ "$(origin http.rate)" = "60 default" ]
    [ "$(origin db)" = "$HOME/.local/share/tws/tws.db default" ]
}

@test "flag beats environment beats file beats default" {
    printf 'db = /file.db\n[http]\nrate = 10\n' >"$CONFIG"
    [ "$(origin http.rate)" = "10 file" ]
    [ "$(origin db)" = "/file.db file" ]
    export TWS_RATE=20 TWS_DB=/environment.db
    [ "$(origin http.rate)" = "20 environment" ]
    [ "$(origin db)" = "/environment.db environment" ]
    run -0 tws doctor --db /flag.db --format json
    [ "$(jq -r '.data[] | select(.check == "db") | .value + " " + .origin' <<<"$output")" = "/flag.db flag" ]
}

@test "--config beats TWS_CONFIG beats the usual place" {
    printf '[http]\nretries = 1\n' >"$CONFIG"
    printf '[http]\nretries = 2\n' >"$BATS_TEST_TMPDIR/two.ini"
    printf '[http]\nretries = 4\n' >"$BATS_TEST_TMPDIR/four.ini"
    [ "$(origin http.retries)" = "1 file" ]
    export TWS_CONFIG=$BATS_TEST_TMPDIR/two.ini
    [ "$(origin http.retries)" = "2 file" ]
    run -0 tws --config "$BATS_TEST_TMPDIR/four.ini" doctor --format json
    [ "$(jq -r '.data[] | select(.check == "http.retries") | .value' <<<"$output")" = 4 ]
}

@test "XDG_CONFIG_HOME and XDG_DATA_HOME are followed" {
    export XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/c XDG_DATA_HOME=$BATS_TEST_TMPDIR/d
    mkdir -p "$XDG_CONFIG_HOME/tws"
    printf '[http]\nretries = 5\n' >"$XDG_CONFIG_HOME/tws/config.ini"
    [ "$(origin http.retries)" = "5 file" ]
    [ "$(origin db)" = "$XDG_DATA_HOME/tws/tws.db default" ]
}

@test "a bad line is one error that names file and line" {
    printf '[http]\nrate = many\n' >"$CONFIG"
    run --separate-stderr -2 tws status
    [ "$stderr" = "tws: $CONFIG:2: setting 'http.rate': 'many' is not a whole number from 0 to 6000" ]
    printf '[http]\nrat = 1\n' >"$CONFIG"
    run --separate-stderr -2 tws status
    [ "$stderr" = "tws: $CONFIG:2: unknown setting 'http.rat'
hint: did you mean 'http.rate'?" ]
}

@test "a bad variable is named" {
    TWS_TIMEOUT=0 run --separate-stderr -2 tws status
    [ "$stderr" = "tws: TWS_TIMEOUT: '0' is not a whole number from 1 to 600" ]
    TWS_NOW=tomorrow run --separate-stderr -2 tws status
    [[ $stderr == "tws: TWS_NOW: 'tomorrow' is not a time"* ]]
}

@test "a config file that was named must exist" {
    run --separate-stderr -2 tws --config "$BATS_TEST_TMPDIR/none.ini" status
    [[ $stderr == "tws: "*"none.ini"* ]]
}

@test "no limit of requests is for loopback only" {
    TWS_RATE=0 run --separate-stderr -2 tws search x
    [[ $stderr == "tws: "* ]]
}

@test "doctor tells everything with a key for each column and exits 0" {
    run --separate-stderr -0 tws doctor --format json
    [ "$(jq -r '.data[0] | keys_unsorted | join(" ")' <<<"$output")" = "check ok origin value" ]
    [[ $(jq -r '.data[] | select(.check == "clock") | .value' <<<"$output") == "$NOW (fixed"* ]]
    for check in version libcurl sqlite locale terminal store http.rate chart.theme; do
        [ "$(jq "[.data[] | select(.check == \"$check\")] | length" <<<"$output")" -eq 1 ]
    done
    run --separate-stderr -0 tws doctor
    [ -z "$stderr" ]
    [ ! -e "$HOME/.local/share/tws" ]
}

@test "doctor exits 1 and says what is wrong" {
    echo nonsense >"$CONFIG"
    run --separate-stderr -1 tws doctor
    [[ $stderr == "tws: 1 thing is wrong, the first: settings: "*":1: "* ]]
    rm "$CONFIG"
    echo "no database, but longer than the header of one would be" >"$BATS_TEST_TMPDIR/x.db"
    run --separate-stderr -1 tws --db "$BATS_TEST_TMPDIR/x.db" doctor
    [[ $stderr == "tws: 1 thing is wrong, the first: store: "* ]]
}

@test "doctor --online asks the platform" {
    simulator
    run --separate-stderr -0 tws doctor --online --format json
    [ "$(jq '.data[] | select(.check == "vividseats") | .ok' <<<"$output")" = true ]
    stop_simulator
    run --separate-stderr -1 tws doctor --online
    [[ $stderr == *"vividseats: "* ]]
}
