#!/usr/bin/env bats
# A store that something else has damaged: case 36.
load helper

setup() {
    fault_setup
    need sqlite3
}

teardown() {
    fault_teardown
}

# A store of three polls, closed, and what it answers. Made once.
prepare_store() {
    local kept=$BATS_FILE_TMPDIR/polls
    if [ ! -e "$kept/want" ]; then
        mkdir -p "$kept"
        save_answers "$kept/answers" 3 --listings 150 --churn 200
        tws -q import "$kept"/answers/*.json
        sqlite3 "$TWS_DB" 'PRAGMA wal_checkpoint(TRUNCATE)' >"$FOLDER/out"
        cp "$TWS_DB" "$kept/before.db"
        tws export "$EVENT" | cksum >"$kept/want"
    fi
    cp -rp "$kept/answers" "$kept/before.db" "$FOLDER"
    want=$(<"$kept/want")
    put_store "$FOLDER/before.db"
}

# ask COMMAND...: runs tws; it must not crash, and what it refuses must be one line with the exit code of the store.
ask() {
    status=0
    timeout 60 "$TWS" "$@" >"$FOLDER/out" 2>"$FOLDER/err" </dev/null || status=$?
    ! died "$status" || explain "$*: it ended by a signal"
    [ "$status" -eq 0 ] || { grep -q '^tws: ' "$FOLDER/err" || explain "$*: no reason"; }
}

@test "36: a store whose beginning is damaged, cut off or empty is refused with exit 5" {
    prepare_store
    printf 'not a database at all' | dd of="$TWS_DB" conv=notrunc status=none
    ask trends "$EVENT"
    [ "$status" -eq 5 ]
    put_store "$FOLDER/before.db"
    truncate -s 6000 "$TWS_DB"
    ask trends "$EVENT"
    [ "$status" -eq 5 ]
    ask import "$FOLDER/answers/001.json"
    [ "$status" -eq 5 ]
}

# judge_damage WHAT: what was damaged is an error, or shows in what is checked, or makes no difference; never a crash, and
# never a wrong answer that nothing notices. Adds to `refused`, `noticed` and `harmless`.
judge_damage() {
    local now sound
    ask export "$EVENT"
    sound=$status now=$(cksum <"$FOLDER/out")
    ask doctor
    [ "$status" -eq 0 ] || now=noticed
    ask rollup --verify
    [ "$status" -eq 0 ] || now=noticed
    ask import "$FOLDER/answers/002.json"
    if [ "$sound" -ne 0 ]; then
        [ "$sound" -eq 5 ] || explain "$1: refused with $sound"
        refused=$((refused + 1))
    elif [ "$now" = noticed ]; then
        noticed=$((noticed + 1))
    else
        [ "$now" = "$want" ] || [ "$(sqlite3 "$TWS_DB" 'PRAGMA integrity_check' 2>&1 | head -1)" != ok ] ||
            explain "$1: a wrong answer that nothing noticed"
        harmless=$((harmless + 1))
    fi
}

# pages: how many the store has.
pages() {
    echo $(($(stat -c %s "$FOLDER/before.db") / 4096))
}

@test "36: a page of noise or of zeros anywhere is refused or noticed" {
    prepare_store
    local page source refused=0 noticed=0 harmless=0
    for source in urandom zero; do
        for page in $(some_of "$(($(pages) - 1))" 4); do
            put_store "$FOLDER/before.db"
            dd if=/dev/$source of="$TWS_DB" bs=4096 seek="$page" count=1 conv=notrunc status=none
            judge_damage "page $page of $source"
        done
    done
    echo "# pages: $refused refused, $noticed noticed, $harmless harmless" >&3
    [ "$refused" -gt 0 ]
}

@test "36: a store cut off at any page is refused or noticed" {
    prepare_store
    local page refused=0 noticed=0 harmless=0
    for page in $(some_of "$(($(pages) - 1))" 4); do
        put_store "$FOLDER/before.db"
        truncate -s $((4096 * page)) "$TWS_DB"
        judge_damage "cut after page $page"
    done
    echo "# cuts: $refused refused, $noticed noticed, $harmless harmless" >&3
    [ "$harmless" -eq 0 ]
}

@test "36: one byte changed anywhere is never a crash, and never another figure that nothing notices" {
    prepare_store
    local n most at refused=0 noticed=0 harmless=0 wrong=0 size figures
    figures=$(tws trends "$EVENT" --format csv | cksum)
    size=$(stat -c %s "$TWS_DB")
    most=$(quick_or_full 6 400)
    for ((n = 0; n < most; n++)); do
        put_store "$FOLDER/before.db"
        at=$((n * size / most + RANDOM % (size / most)))
        printf '%b' "\\x$(printf %02x $((RANDOM % 256)))" | dd of="$TWS_DB" bs=1 seek=$at conv=notrunc status=none
        ask export "$EVENT"
        [ "$status" -eq 0 ] || { refused=$((refused + 1)) && continue; }
        [ "$(cksum <"$FOLDER/out")" != "$want" ] || { harmless=$((harmless + 1)) && continue; }
        ask rollup --verify
        [ "$status" -eq 0 ] || { noticed=$((noticed + 1)) && continue; }
        wrong=$((wrong + 1))
        [ "$(tws trends "$EVENT" --format csv | cksum)" = "$figures" ] ||
            explain "byte $at: other figures, which nothing noticed"
    done
    # SQLite keeps no checksums: a letter of a name or a row is nobody's to notice
    echo "# bytes: $refused refused, $noticed noticed, $harmless harmless, $wrong in texts and times" >&3
}

@test "36: a log or an index of it that does not belong is no harm" {
    prepare_store
    head -c 50000 /dev/urandom >"$TWS_DB-wal"
    ask export "$EVENT"
    [ "$status" -eq 0 ]
    [ "$(cksum <"$FOLDER/out")" = "$want" ]
    put_store "$FOLDER/before.db"
    head -c 32768 /dev/urandom >"$TWS_DB-shm"
    ask export "$EVENT"
    [ "$status" -eq 0 ]
    [ "$(cksum <"$FOLDER/out")" = "$want" ]
    rm -f "$TWS_DB.lock"
    ask import "$FOLDER/answers/001.json"
    [ "$status" -eq 0 ]
    whole
}

@test "36: without its log a store is the one before or is refused, with the log of another store no crash" {
    prepare_store
    # killed before the log is emptied into the database
    kill_with_log() {
        put_store "$FOLDER/before.db"
        rm -f "$TWS_DB"
        strace -f -qq -o "$FOLDER/calls" -P "$TWS_DB" -e trace=pwrite64 -e inject=pwrite64:signal=KILL:when="$1" \
            "$TWS" -q import "$FOLDER"/answers/*.json >"$FOLDER/out" 2>&1 3>&- || true
    }
    need strace
    local n refused=0 noticed=0 harmless=0 written
    strace -f -qq -o "$FOLDER/calls" -P "$FOLDER/new.db" -e trace=pwrite64 \
        "$TWS" --db "$FOLDER/new.db" -q import "$FOLDER"/answers/*.json
    written=$(wc -l <"$FOLDER/calls")
    for n in $(some_of "$written" 3); do
        kill_with_log "$n"
        [ -s "$TWS_DB-wal" ] || continue
        cp "$TWS_DB-wal" "$FOLDER/other-wal"
        rm -f "$TWS_DB-wal" "$TWS_DB-shm"
        ask export "$EVENT"
        [ "$status" -ne 0 ] || { ask rollup --verify && [ "$status" -eq 0 ]; } ||
            [ "$(sqlite3 "$TWS_DB" 'PRAGMA integrity_check' 2>&1 | head -1)" != ok ] ||
            explain "without its log, killed at write $n: half a poll"
        put_store "$FOLDER/before.db"
        cp "$FOLDER/other-wal" "$TWS_DB-wal"
        judge_damage "the log of another store, killed at write $n"
    done
}

@test "36: a lock that cannot be one is named, exit 5" {
    prepare_store
    rm -f "$TWS_DB.lock"
    mkdir "$TWS_DB.lock"
    ask import "$FOLDER/answers/001.json"
    [ "$status" -eq 5 ]
    grep -q "store.db.lock': Is a directory" "$FOLDER/err"
    ask trends "$EVENT"
    [ "$status" -eq 0 ]
}
