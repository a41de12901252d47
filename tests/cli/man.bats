#!/usr/bin/env bats
load helper

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    PAGE=$BATS_TEST_TMPDIR/tws.1
    tws man >"$PAGE"
}

@test "the page is clean roff" {
    if command -v mandoc >/dev/null; then
        run -0 mandoc -T lint "$PAGE"
        [ -z "$output" ]
    fi
    command -v man >/dev/null || skip "no man"
    run --separate-stderr -0 man --warnings -l "$PAGE"
    [ -z "$stderr" ]
}

@test "it has every command, option, setting, outcome and exit code that there is" {
    text=$(sed 's/\\-/-/g; s/\\f[BIR]//g' "$PAGE")
    while IFS=$'\t' read -r name _; do
        grep -qx ".SS $name" <<<"$text"
        while IFS=$'\t' read -r option _; do
            grep -q -- "$option" <<<"$text"
        done < <(tws __complete -- "$name" --)
    done < <(tws __complete -- '')
    for word in TWS_DB TWS_RATE http.rate rate_limited obstructed PLATFORM_UNREACHABLE; do
        grep -q "$word" <<<"$text"
    done
}

@test "it is reproducible" {
    SOURCE_DATE_EPOCH=0 run -0 tws man
    [[ ${lines[0]} == '.TH TWS 1 "1970-01-01" "tws '* ]]
}
