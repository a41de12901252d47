#!/usr/bin/env bats
# What Tab gives: the protocol, and the scripts of three shells where these are installed.
load helper

setup_file() {
    clean_environment "$BATS_FILE_TMPDIR"
    simulator
    tws -q track 7000001 7000002
    tws -q scrape
    stop_simulator
}

setup() {
    no_platform
    COMPLETIONS=$BATS_TEST_DIRNAME/../../completions
}

complete() {
    tws __complete -- "$@" | cut -f1
}

@test "a line is a value, a tab and a description" {
    run --separate-stderr -0 tws __complete -- tre
    [ "$output" = "trends	lowest, average, median and highest price over time" ]
    [ -z "$stderr" ]
}

@test "commands, options, words, formats, tags, times" {
    [ "$(complete tr)" = "track
trends" ]
    [ "$(complete trends --fr)" = --from ]
    [ "$(complete trends --format j)" = json ]
    [ "$(complete trends --format=m)" = --format=markdown ]
    [ "$(complete trends -f c)" = "csv
chart" ]
    [ "$(complete zones 7000001 --only v)" = vip ]
    [[ $(complete trends --from T-) == *"T-14d"* ]]
    [ "$(complete trends --from 2026-02)" = 2026-02-09 ]
    [ "$(complete -q trends --by d)" = day ]
    [ "$(complete completion z)" = zsh ]
    [[ $(complete help exit) == exit-codes ]]
}

@test "events come with their names, by id too" {
    run -0 tws __complete -- trends viv
    [ "${#lines[@]}" -eq 2 ]
    [[ ${lines[0]} == "vividseats:7000001	"?*", "* ]]
    [ "$(complete trends 7000002)" = 7000002 ]
}

@test "zones and sections are those of the event that was typed" {
    run -0 tws zones 7000001 --format json
    zones=$(jq -r '.data[].zone_name' <<<"$output" | sort)
    [ "$(complete trends 7000001 --zone '' | sort)" = "$zones" ]
    [ "$(complete trends --zone '')" = "" ]
    [ -n "$(complete trends 7000001 --section '')" ]
    first=$(head -n 1 <<<"$zones")
    [[ $(complete trends 7000001 "--zone=$first") == "--zone=$first"* ]]
}

@test "files are left to the shell" {
    [ "$(complete import '')" = :files ]
    [ "$(complete --db '')" = :files ]
}

@test "without a store, with a broken one, with nonsense: silent, exit 0" {
    run --separate-stderr -0 tws __complete -- --db /nowhere/x.db trends ''
    [ -z "$output$stderr" ]
    echo "no database, but longer than the header of one would be" >"$BATS_TEST_TMPDIR/x.db"
    TWS_DB=$BATS_TEST_TMPDIR/x.db run --separate-stderr -0 tws __complete -- trends ''
    [ -z "$output$stderr" ]
    TWS_RATE=nonsense run --separate-stderr -0 tws __complete -- trends ''
    [ -z "$output$stderr" ]
    run --separate-stderr -0 tws __complete -- nosuchcommand --nosuchoption ''
    [ -z "$stderr" ]
    run --separate-stderr -0 tws __complete
    [ -z "$stderr" ]
}

@test "tws prints the very scripts that are installed" {
    cmp <(tws completion bash) "$COMPLETIONS/tws.bash"
    cmp <(tws completion zsh) "$COMPLETIONS/_tws"
    cmp <(tws completion fish) "$COMPLETIONS/tws.fish"
    run --separate-stderr -2 tws completion tcsh
    [ "$stderr" = "tws: no completion for 'tcsh'
hint: there is one for bash, zsh and fish" ]
}

# bash_reply WORD...: what bash offers for a line whose words, as bash cuts them, are these.
bash_reply() {
    bash -c '
        source "$1"; shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_TYPE=9 COMPREPLY=()
        compopt() { :; }
        _tws "$1"
        printf "%s\n" "${COMPREPLY[@]}"' bash "$COMPLETIONS/tws.bash" "$TWS" "$@"
}

@test "bash offers candidates, quoted, and behind ':' and '='" {
    [ "$(bash_reply tre)" = trends ]
    [ "$(bash_reply trends vividseats)" = "vividseats:7000001
vividseats:7000002" ]
    [ "$(bash_reply trends vividseats : 7000001)" = 7000001 ]
    [ "$(bash_reply trends --format = j)" = json ]
    zone=$(complete trends 7000001 --zone '' | grep ' ' | head -n 1)
    printf -v quoted %q "$zone"
    [ "$(bash_reply trends 7000001 --zone "${zone%% *}" | grep -Fx "$quoted")" = "$quoted" ]
    [ "$(bash_reply trends vividseats : 7000001 --zone "\"$zone")" = "$zone" ]
}

@test "the bash script is clean" {
    command -v shellcheck >/dev/null || skip "no shellcheck"
    shellcheck -s bash -e SC2207 "$COMPLETIONS/tws.bash"
}

@test "zsh offers candidates" {
    command -v zsh >/dev/null || skip "no zsh"
    run -0 zsh -fc '
        compdef() { :; }
        source "$1"
        _describe() { print -rl -- "${(@)shown}"; }
        _files() { print files; }
        words=("${(@)argv[2,-1]}"); CURRENT=$#words; PREFIX=$words[-1]
        _tws' zsh "$COMPLETIONS/_tws" "$TWS" trends viv
    [[ ${lines[0]} == 'vividseats\:7000001:'* ]]
    run -0 zsh -fc '
        compdef() { :; }
        source "$1"
        _files() { print files; }
        words=("${(@)argv[2,-1]}"); CURRENT=$#words; PREFIX=$words[-1]
        _tws' zsh "$COMPLETIONS/_tws" "$TWS" import ''
    [ "$output" = files ]
}

@test "fish offers candidates" {
    command -v fish >/dev/null || skip "no fish"
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    ln -sf "$(realpath "$TWS")" "$BATS_TEST_TMPDIR/bin/tws"
    run -0 env PATH="$BATS_TEST_TMPDIR/bin:$PATH" fish --no-config -c \
        "source $COMPLETIONS/tws.fish; complete -C 'tws trends viv'"
    [[ ${lines[0]} == "vividseats:7000001	"* ]]
    run -0 env PATH="$BATS_TEST_TMPDIR/bin:$PATH" fish --no-config -c \
        "source $COMPLETIONS/tws.fish; complete -C 'tws trends --format=j'"
    [[ ${lines[0]} == "--format=json"* ]]
}
