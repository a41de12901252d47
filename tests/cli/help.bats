#!/usr/bin/env bats
load helper

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
}

@test "bare tws where there is no terminal prints help and exits 2" {
    run --separate-stderr -2 tws
    [[ ${lines[0]} == "tws follows ticket prices"* ]]
    [ -z "$stderr" ]
}

@test "--help and -h exit 0" {
    run -0 tws --help
    [[ $output == *"usage: tws [options] command"* ]]
    run -0 tws trends -h
    [[ $output == *"usage: tws trends [options] EVENT"* ]]
    run -0 tws -h trends
    [[ $output == *"usage: tws trends [options] EVENT"* ]]
}

@test "help lists every command once and no hidden one" {
    run -0 tws help
    for name in search track untrack events scrape import trends groups counts zones listings \
        compare status sql rollup doctor alerts check export simulate demo help man completion; do
        [ "$(grep -c "^  $name\( \|$\)" <<<"$output" || true)" -ge 1 ]
    done
    [[ $output != *__complete* ]]
}

@test "every command has help with a usage line" {
    for name in $(tws __complete -- '' | cut -f1); do
        run -0 tws help "$name"
        [[ $output == *"usage: tws $name"* ]]
    done
}

@test "every topic has help" {
    for topic in events times formats alerts settings environment exit-codes; do
        run -0 tws help "$topic"
        [ -n "$output" ]
    done
    run -0 tws help exit-codes
    [[ $output == *"130"*"Ctrl-C"* ]]
}

@test "help on what is not there suggests" {
    run --separate-stderr -2 tws help tredns
    [ "$stderr" = "tws: no help on 'tredns'
hint: did you mean 'trends'?" ]
}

@test "--version goes to stdout" {
    run --separate-stderr -0 tws --version
    [[ $output == "tws "* ]]
    [ "${#lines[@]}" -eq 1 ]
}

@test "help works with a broken config file" {
    mkdir -p "$HOME/.config/tws"
    echo nonsense >"$HOME/.config/tws/config.ini"
    run -0 tws help
    run -0 tws completion bash
}
