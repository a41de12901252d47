#!/usr/bin/env bats
# The Nth call fails, for every N with FULL=1: memory (case 33), SQLite (cases 30, 31), writing to stdout (case 32).
load helper

setup_file() {
    need sqlite3
    ${CC:-cc} -std=c17 -Wall -Wextra -shared -fPIC -O1 -o "$BATS_FILE_TMPDIR/nth.so" \
        "$BATS_TEST_DIRNAME/nth.c" -ldl
}

setup() {
    fault_setup
    NTH=$BATS_FILE_TMPDIR/nth.so
}

teardown() {
    fault_teardown
}

# with_fault FAMILY NTH CODE COMMAND...: runs tws with it; sets status, and fills $FOLDER/out and $FOLDER/err.
with_fault() {
    local family=$1 nth=$2 code=$3
    shift 3
    status=0
    timeout 60 env LD_PRELOAD="$NTH" FAULT_CALL="$family" FAULT_NTH="$nth" FAULT_CODE="$code" \
        FAULT_COUNT="$FOLDER/count" "$TWS" "$@" </dev/null >"$FOLDER/out" 2>"$FOLDER/err" || status=$?
}

# sweep_import FAMILY CODE QUICK SUFFIX EXIT...
sweep_import() {
    local family=$1 code=$2 quick=$3 suffix=$4 n tried=0 failed=0
    shift 4
    put_store "$FOLDER/before.db"
    with_fault "$family" 0 0 import "$FOLDER/answers/002.json"
    [ "$status" -eq 0 ]
    for n in $(some_of "$(cat "$FOLDER/count")" "$quick"); do
        put_store "$FOLDER/before.db"
        with_fault "$family" "$n$suffix" "$code" import "$FOLDER/answers/002.json"
        judge "$family call $n$suffix, code $code" "$@"
        tried=$((tried + 1))
        [ "$status" -eq 0 ] || failed=$((failed + 1))
    done
    echo "# $family${suffix:+ onward}, code $code: $failed of $tried failures reported, the others did no harm" >&3
    [ "$failed" -gt 0 ]
}

@test "33: whichever allocation fails, an import says so and the store is whole" {
    prepare_polls
    unsure=1 # what fails behind the commit no longer undoes it
    sweep_import malloc 0 16 "" 1
}

@test "33: when memory has run out, an import says so and the store is whole" {
    prepare_polls
    unsure=1
    sweep_import malloc 0 8 + 1
}

@test "30: whichever call of SQLite says that the disk is full, the store is as before" {
    prepare_polls
    sweep_import sqlite 13 12 "" 5
}

@test "31: whichever call of SQLite says that the disk failed, the store is as before" {
    prepare_polls
    sweep_import sqlite 10 12 "" 5
}

@test "35: whichever call of SQLite says that the store is busy, the store is as before" {
    prepare_polls
    sweep_import sqlite 5 12 "" 5
}
