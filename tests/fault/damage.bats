#!/usr/bin/env bats
# A store that something else has damaged (case 36), clocks that jump (45), and signals (47).
load helper

setup() {
    fault_setup
    need sqlite3
}

teardown() {
    fault_teardown
}

# A store of three polls, closed, and what it answers.
prepare_store() {
    save_answers "$FOLDER/answers" 3 --listings 150 --churn 200
    tws -q import "$FOLDER"/answers/*.json
    sqlite3 "$TWS_DB" 'PRAGMA wal_checkpoint(TRUNCATE)' >"$FOLDER/out"
    cp "$TWS_DB" "$FOLDER/before.db"
    want=$(tws export "$EVENT" | cksum)
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

@test "36: a page of zeros or noise anywhere is an error or a difference that verify names, never a crash" {
    prepare_store
    local pages page found=0
    pages=$(($(stat -c %s "$TWS_DB") / 4096))
    for page in $(some_of "$((pages - 1))" 12); do
        put_store "$FOLDER/before.db"
        dd if=/dev/urandom of="$TWS_DB" bs=4096 seek="$page" count=1 conv=notrunc status=none
        ask export "$EVENT"
        local sound=$status now
        now=$(cksum <"$FOLDER/out")
        ask rollup --verify
        [ "$sound" -ne 0 ] || [ "$status" -ne 0 ] || [ "$now" = "$want" ] ||
            [ "$(sqlite3 "$TWS_DB" 'PRAGMA integrity_check' 2>&1 | head -1)" != ok ] ||
            explain "page $page: a wrong answer that nothing noticed"
        [ "$sound" -eq 0 ] || found=$((found + 1))
        ask doctor
        ask import "$FOLDER/answers/002.json"
    done
    [ "$found" -gt 0 ]
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

@test "45: a clock that is set back, forward, to 1970 or ten years on makes no bucket twice" {
    export TWS_NOW=2026-02-09T18:00:00Z
    simulator --listings 80 --base 2026-02-09T00:00:00Z
    tws -q track "$EVENT"
    for TWS_NOW in 2026-02-09T18:00:00Z 2026-02-09T19:00:00Z 2026-02-09T18:00:30Z 2026-02-09T20:00:00Z \
        1970-01-01T00:00:00Z 2036-02-09T18:00:00Z 2026-02-09T18:30:00Z; do
        export TWS_NOW
        curl -sf "$TWS_VIVIDSEATS_URL/simulator/clock?at=2026-02-09T18:00:00Z" >/dev/null
        tws -q scrape
    done
    [ "$(sqlite3 "$TWS_DB" 'SELECT count(*) FROM snapshot')" -eq 7 ]
    export TWS_NOW=2036-02-10T00:00:00Z
    [ "$(tws trends "$EVENT" --format csv | cut -d, -f1 | sort | uniq -d | wc -l)" -eq 0 ]
    [ "$(tws trends "$EVENT" --format ndjson | wc -l)" -eq 5 ]
    whole
}

@test "47: asked to end while it waits for an answer, a scrape ends within two seconds with what was stored" {
    simulator --listings 80
    tws -q track "$EVENT" 7000002
    curl -sf "$TWS_VIVIDSEATS_URL/simulator/faults?add=slow@7000002:ms=20000" >/dev/null
    local signal start pid expected
    for signal in INT:130 TERM:143 HUP:143; do
        expected=${signal#*:}
        rm -f "$FOLDER/err"
        # a shell gives what runs behind it no SIGINT: it is asked for again
        env --default-signal=INT,HUP "$TWS" scrape >"$FOLDER/out" 2>"$FOLDER/err" </dev/null 3>&- &
        pid=$!
        for _ in $(seq 100); do
            [ "$(sqlite3 "$TWS_DB" 'SELECT count(*) FROM snapshot' 2>/dev/null || echo 0)" -ge 1 ] && break
            sleep 0.05
        done
        start=${EPOCHREALTIME/./}
        kill -"${signal%:*}" $pid
        status=0
        wait $pid || status=$?
        [ "$status" -eq "$expected" ] || explain "$signal"
        [ $((${EPOCHREALTIME/./} - start)) -lt 2000000 ] || explain "$signal: too slow"
        one_error || grep -q 'stopped after' "$FOLDER/err" || explain "$signal: no word"
        whole
    done
}
