#!/usr/bin/env bats
# Programs that end at any moment, and several at once: cases 34, 35 and 39.
load helper

setup() {
    fault_setup
    need sqlite3
}

teardown() {
    [[ ! ${READER:-} ]] || kill -KILL "$READER" 2>/dev/null || true
    fault_teardown
}

# polls: how many are stored; 0 while there is no store.
polls() {
    sqlite3 "$TWS_DB" 'SELECT count(*) FROM snapshot' 2>/dev/null || echo 0
}

# Whether the file has got as far as its tables. A store that was killed before is a new one for the next run.
has_tables() {
    local known=("$BATS_TEST_DIRNAME"/../../sql/sqlite/*.sql)
    [ -s "$TWS_DB" ] && [ "$(sqlite3 "$TWS_DB" 'SELECT count(*) FROM migration' 2>/dev/null)" = "${#known[@]}" ]
}

# kill_after MILLISECONDS COMMAND...: runs tws and kills it then; sets status.
kill_after() {
    local nap
    nap=$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))
    shift
    "$TWS" "$@" >"$FOLDER/out" 2>"$FOLDER/err" </dev/null 3>&- &
    local pid=$!
    sleep "$nap"
    kill -KILL $pid 2>/dev/null || true
    status=0
    wait $pid 2>/dev/null || status=$?
}

# milliseconds COMMAND...: how long it takes.
milliseconds() {
    local start=${EPOCHREALTIME/./}
    "$@" >/dev/null
    echo $(((${EPOCHREALTIME/./} - start) / 1000))
}

@test "34: killed at any moment of an import: no half poll, none lost, and the rest goes in" {
    save_answers "$FOLDER/answers" 12 --listings 100 --churn 200
    local took round kills=0 had=0 now most
    took=$(milliseconds tws -q import "$FOLDER"/answers/*.json)
    most=$(quick_or_full 6 200)
    local want
    want=$(tws export "$EVENT" | cksum)
    rm -f "$TWS_DB"*
    for ((round = 0; kills < most && round < 4 * most; round++)); do
        kill_after $((RANDOM % (took / 2 + 1))) import "$FOLDER"/answers/*.json
        [ "$status" -ne 137 ] || kills=$((kills + 1))
        has_tables || continue
        whole || explain "kill $kills: the store is not whole"
        now=$(polls)
        [ "$now" -ge "$had" ] || explain "kill $kills: $had polls were stored, $now are left"
        had=$now
        [ "$now" -lt 12 ] || { rm -f "$TWS_DB"* && had=0; } # once more, with the making of the store
    done
    echo "# killed $kills times in $round runs" >&3
    [ "$kills" -eq "$most" ]
    tws -q import "$FOLDER"/answers/*.json
    [ "$(tws export "$EVENT" | cksum)" = "$want" ]
}

@test "34: killed at any moment of a scrape: no half poll, none lost, and the next one goes through" {
    simulator --listings 150 --churn 200
    tws -q track $EVENT 7000002 7000003
    local took round kills=0 had=0 now most acknowledged=0
    took=$(milliseconds tws -q scrape)
    most=$(quick_or_full 5 200)
    for ((round = 1; kills < most && round < 4 * most; round++)); do
        TWS_NOW=$(date -u -d "2026-02-09T18:00:00Z + $((15 * round)) minutes" +%Y-%m-%dT%H:%M:%SZ)
        export TWS_NOW
        curl -sf "$TWS_VIVIDSEATS_URL/simulator/clock?at=$TWS_NOW" >/dev/null
        kill_after $((RANDOM % (took + took / 4 + 1))) scrape
        [ "$status" -ne 137 ] || kills=$((kills + 1))
        [ "$status" -ne 0 ] || acknowledged=$((acknowledged + 1))
        now=$(polls)
        [ "$now" -ge $((had + (status == 0 ? 3 : 0))) ] || explain "kill $kills: $had polls were stored, $now are left"
        had=$now
        [ $((round % $(quick_or_full 1 5))) -ne 0 ] || whole || explain "kill $kills: the store is not whole"
    done
    echo "# killed $kills times in $round runs, $acknowledged went through, $had polls" >&3
    [ "$kills" -eq "$most" ]
    whole
    TWS_NOW=2026-03-09T18:00:00Z tws -q scrape
    [ "$(polls)" -eq $((had + 3)) ]
}

# kill_at CALL QUICK: killed at each of its calls of one kind, from no store at all and from one with a poll.
kill_at() {
    local call=$1 quick=$2 from count n
    for from in nothing before; do
        rm -f "$TWS_DB"*
        [ $from = nothing ] || cp "$FOLDER/before.db" "$TWS_DB"
        strace -f -qq -o "$FOLDER/calls" -P "$TWS_DB" -P "$TWS_DB-wal" -P "$TWS_DB-shm" -e trace="$call" \
            "$TWS" -q import "$FOLDER"/answers/*.json
        count=$(wc -l <"$FOLDER/calls")
        [ "$count" -gt 0 ]
        for n in $(some_of "$count" "$quick"); do
            rm -f "$TWS_DB"*
            [ $from = nothing ] || cp "$FOLDER/before.db" "$TWS_DB"
            status=0
            strace -f -qq -o "$FOLDER/calls" -P "$TWS_DB" -P "$TWS_DB-wal" -P "$TWS_DB-shm" -e trace="$call" \
                -e inject="$call:signal=KILL:when=$n" "$TWS" -q import "$FOLDER"/answers/*.json \
                >"$FOLDER/out" 2>&1 3>&- || status=$?
            [ "$status" -eq 137 ] || explain "$call $n of $count from $from: it went on"
            ! has_tables || whole || explain "$call $n of $count from $from: the store is not whole"
            tws -q import "$FOLDER"/answers/*.json || explain "$call $n of $count from $from: it cannot go on"
            [ "$(tws export "$EVENT" | cksum)" = "$want" ] || explain "$call $n of $count from $from: another store"
        done
        echo "# killed at $call, from $from: $count calls" >&3
    done
}

@test "34: killed at every sync, write and cut of the disk, the making of the store among them" {
    need strace
    prepare_polls
    local want
    want=$(tws export "$EVENT" | cksum)
    kill_at fdatasync 3
    kill_at pwrite64 3
    kill_at ftruncate 2
}

@test "35: writers at once take turns, also at the making of the store" {
    save_answers "$FOLDER/answers" 8 --listings 100 --churn 200
    local rounds n pids want
    rounds=$(quick_or_full 1 25)
    tws -q import "$FOLDER"/answers/*.json
    want=$(tws export "$EVENT" | cksum)
    for ((n = 0; n < rounds; n++)); do
        rm -f "$TWS_DB"*
        pids=()
        for file in "$FOLDER"/answers/*.json; do
            "$TWS" -q import "$file" 2>"$FOLDER/err" 3>&- &
            pids+=($!)
        done
        for pid in "${pids[@]}"; do
            status=0
            wait "$pid" || status=$?
            [ "$status" -eq 0 ] || explain "one of eight writers failed"
        done
        whole || explain "after eight writers the store is not whole"
        [ "$(tws export "$EVENT" | cksum)" = "$want" ] || explain "eight writers made another store"
    done
}

@test "35: readers are not held up by a writer that was stopped, another writer is told to wait" {
    prepare_polls
    put_store "$FOLDER/before.db"
    # it takes the write lock as tws does, and holds it
    exec {lock}>"$TWS_DB.lock"
    flock "$lock"
    run -0 timeout 5 "$TWS" trends "$EVENT" --format csv
    [[ ${FULL:-} ]] || skip "the ten seconds of waiting are for FULL=1; db_test.c waits too"
    status=0
    timeout 30 "$TWS" import "$FOLDER/answers/002.json" >"$FOLDER/out" 2>"$FOLDER/err" || status=$?
    [ "$status" -eq 5 ] && one_error || explain "a second writer did not give up"
    grep -q "another tws has been writing" "$FOLDER/err"
    exec {lock}>&-
    tws -q import "$FOLDER/answers/002.json"
}

# log_size: bytes of the write-ahead log.
log_size() {
    stat -c %s "$TWS_DB-wal"
}

# scrape_rounds FROM TO: a poll of the event for each, a quarter of an hour apart.
scrape_rounds() {
    local n
    for ((n = $1; n <= $2; n++)); do
        TWS_NOW=$(date -u -d "2026-02-09T18:00:00Z + $((15 * n)) minutes" +%Y-%m-%dT%H:%M:%SZ)
        export TWS_NOW
        curl -sf "$TWS_VIVIDSEATS_URL/simulator/clock?at=$TWS_NOW" >/dev/null
        tws -q scrape 2>>"$FOLDER/err"
    done
}

# start_reader: a program that stays in the state that it sees now, until it is killed.
start_reader() {
    "$TWS" sql "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
        SELECT n FROM c WHERE n < (SELECT count(*) FROM snapshot) - n" >/dev/null 3>&- &
    READER=$!
    until grep -q 'store.db-shm' "/proc/$READER/maps"; do :; done
}

@test "39: the log stays small however many times tws runs" {
    simulator --listings 300 --steady --churn 200
    tws -q track "$EVENT"
    scrape_rounds 1 "$(quick_or_full 6 200)"
    [ "$(log_size)" -lt 100000 ]
}

@test "39: a reader that stays holds up nobody, and the log is small again when it goes" {
    simulator --listings 300 --steady --churn 200
    tws -q track "$EVENT"
    scrape_rounds 1 1
    start_reader
    local n
    n=$(quick_or_full 8 100)
    scrape_rounds 2 "$n"
    [ "$(polls)" -eq "$n" ]
    [ "$(log_size)" -gt 100000 ] || explain "the reader held nothing"
    kill -TERM $READER
    status=0
    wait $READER || status=$?
    unset READER
    [ "$status" -eq 143 ]
    scrape_rounds $((n + 1)) $((n + 1))
    [ "$(log_size)" -lt 100000 ] || explain "the log was not emptied"
    whole
}

@test "39: a log that grows behind a reader is warned of" {
    [[ ${FULL:-} ]] || skip "64 MiB of log are for FULL=1"
    simulator --listings 8000 --steady --churn 900
    tws -q track "$EVENT"
    scrape_rounds 1 1
    start_reader
    local n
    for ((n = 2; n < 200 && $(log_size) < 64 * 1024 * 1024; n++)); do
        scrape_rounds $n $n
    done
    grep -q "its log has grown to .* MiB, while another program reads" "$FOLDER/err"
}
