#!/usr/bin/env bats
load helper

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    no_platform
}

@test "an unknown command is one line and a suggestion" {
    run --separate-stderr -2 tws tredns
    [ -z "$output" ]
    [ "$stderr" = "tws: unknown command 'tredns'
hint: did you mean 'trends'?" ]
}

@test "an unknown command that is near nothing points at help" {
    run --separate-stderr -2 tws frobnicate
    [ "$stderr" = "tws: unknown command 'frobnicate'
hint: \`tws help\` lists the commands" ]
}

@test "an unknown option is suggested too, before and behind the command" {
    run --separate-stderr -2 tws trends 1 --zoen x
    [ "$stderr" = "tws: trends: unknown option '--zoen'
hint: did you mean '--zone'?" ]
    run --separate-stderr -2 tws --quite events
    [ "$stderr" = "tws: unknown option '--quite'
hint: did you mean '--quiet'?" ]
}

@test "a word that an option does not know is named with those it knows" {
    run --separate-stderr -2 tws events --format jsn
    [ "${stderr_lines[0]}" = "tws: events: option '--format': 'jsn' is none of table, csv, json, ndjson, markdown" ]
    [ "${stderr_lines[1]}" = "hint: did you mean 'json'?" ]
}

@test "too few and too many arguments show the usage" {
    run --separate-stderr -2 tws trends
    [ "$stderr" = "tws: trends: too few arguments
hint: usage: tws trends EVENT" ]
    run --separate-stderr -2 tws events x
    [ "${stderr_lines[0]}" = "tws: events: too many arguments" ]
    run --separate-stderr -2 tws compare 1
    [ "${stderr_lines[0]}" = "tws: compare: too few arguments" ]
}

@test "global flags are taken before and behind the command" {
    run --separate-stderr -2 tws --db "$BATS_TEST_TMPDIR/a.db" events
    first=$stderr
    run --separate-stderr -2 tws events --db "$BATS_TEST_TMPDIR/a.db"
    [ "$stderr" = "$first" ]
    [[ $stderr == *"a.db"* ]]
}

@test "a reader of a store that is not there says what to type next and makes none" {
    for name in events status "trends 1" "zones 1" "listings 1" "sql select"; do
        run --separate-stderr -2 tws $name
        [[ $stderr == *"hint: "*"tws track"* ]]
    done
    [ ! -e "$HOME/.local/share/tws" ]
}

@test "with --format json an error is an object on stderr, behind its line" {
    run --separate-stderr -2 tws events --format json
    [ -z "$output" ]
    [[ ${stderr_lines[0]} == "tws: "* ]]
    error=$(tail -n 1 <<<"$stderr")
    [ "$(jq -r '.error.code' <<<"$error")" = NOT_FOUND ]
    [ "$(jq -r '.error | keys_unsorted | join(" ")' <<<"$error")" = "code message details" ]
    [ "$(jq -r '.error.message' <<<"$error")" = "${stderr_lines[0]#tws: }" ]
    run --separate-stderr -2 tws trends --format=json --zoen 1
    [ "$(tail -n 1 <<<"$stderr" | jq -r '.error.code')" = VALIDATION_ERROR ]
}

@test "without --format json stderr has no JSON" {
    run --separate-stderr -2 tws events
    [[ $stderr != *'{"error"'* ]]
}

@test "-q silences talk, never errors" {
    run --separate-stderr -2 tws -q scrape
    [ "${stderr_lines[0]}" = "tws: nothing is tracked" ]
}

@test "control characters typed by a person do not reach the terminal" {
    run --separate-stderr -2 tws $'\033[2Jx'
    [[ $stderr != *$'\033'* ]]
}

@test "a store that is no database is refused with exit 5" {
    echo "this is not a database, whatever its name says" >"$BATS_TEST_TMPDIR/x.db"
    run --separate-stderr -5 tws --db "$BATS_TEST_TMPDIR/x.db" events
    [[ $stderr == "tws: "*"x.db"* ]]
    [ "$(cat "$BATS_TEST_TMPDIR/x.db")" = "this is not a database, whatever its name says" ]
}

@test "rollup wants to know what to do" {
    run --separate-stderr -2 tws rollup
    [ "$stderr" = "tws: rollup: give --verify or --rebuild" ]
}
