#!/usr/bin/env bats
# Clocks that jump, days of odd length, signals, closed descriptors, odd terminals, long lives: cases 44 to 49.
load helper

setup() {
    fault_setup
    need sqlite3
}

teardown() {
    [[ ! ${CHILD:-} ]] || kill -KILL "$CHILD" 2>/dev/null || true
    fault_teardown
}

@test "44: hours and days are the same wherever one reads, also on days of 23 and 25 hours" {
    local start at zone want n step days
    step=$(quick_or_full 5 1)
    save_answers "$FOLDER/answers" 2 --listings 30 --churn 300 --steady
    # spring, autumn, a leap day, a new year
    for start in 2026-03-08T00:00:00Z 2026-11-01T00:00:00Z $(quick_or_full "" "2028-02-28T20:00:00Z 2027-12-31T20:00:00Z"); do
        rm -f "$TWS_DB"*
        for n in $(seq 0 "$step" 30); do
            at=$(date -u -d "$start + $n hours" +%Y-%m-%dT%H:%M:%SZ)
            tws -q import --at "$at" "$FOLDER/answers/00$((n % 2 + 1)).json"
        done
        export TWS_NOW=2029-01-01T00:00:00Z
        want=$(tws trends "$EVENT" --by hour --format csv)
        [ "$(wc -l <<<"$want")" -eq $((30 / step + 2)) ]
        days=$(cut -c 1-10 <<<"$want" | uniq | wc -l)
        [ "$(tws trends "$EVENT" --by day --format csv | wc -l)" -eq "$days" ]
        for zone in America/New_York $(quick_or_full "" "Australia/Lord_Howe Pacific/Apia"); do
            [ "$(TZ=$zone tws trends "$EVENT" --by hour --format csv)" = "$want" ]
            TZ=$zone tws trends "$EVENT" --by hour --format chart >"$FOLDER/out"
            TZ=$zone tws trends "$EVENT" --by day --format chart >"$FOLDER/out"
        done
        whole
    done
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

@test "45: under a system clock of another year or running backwards a scrape goes through" {
    need faketime
    simulator --listings 80
    tws -q track "$EVENT"
    unset TWS_NOW
    local at
    for at in '2036-02-09 18:00:00' '1971-01-02 00:00:00' '2026-02-09 18:00:00 x-5' '2026-02-09 18:00:00 x60'; do
        FAKETIME_DONT_FAKE_MONOTONIC=1 timeout 20 faketime -f "@$at" "$TWS" -q scrape || explain "at $at: $?"
    done
    [ "$(sqlite3 "$TWS_DB" 'SELECT count(DISTINCT at_ms / 31536000000) FROM snapshot')" -eq 3 ]
    whole
}

# begin COMMAND...: runs tws beside the test with the signals as a terminal gives them; sets CHILD.
begin() {
    env --default-signal=INT,HUP,TERM "$TWS" "$@" >"$FOLDER/out" 2>"$FOLDER/err" </dev/null 3>&- &
    CHILD=$!
}

# stop_with SIGNAL EXIT WHERE: ends it; it must take no more than two seconds and keep the store whole.
stop_with() {
    local start=${EPOCHREALTIME/./}
    kill -"$1" "$CHILD" || explain "$3: it had ended before"
    status=0
    wait "$CHILD" || status=$?
    CHILD=
    [ $((${EPOCHREALTIME/./} - start)) -lt 2000000 ] || explain "$3, SIG$1: too slow"
    [ "$status" -eq "$2" ] || explain "$3, SIG$1: another status than $2"
    [ "$2" -eq 0 ] || [ ! -s "$FOLDER/err" ] || grep -q '^tws: .*stopped' "$FOLDER/err" || explain "$3, SIG$1: no word"
    whole || explain "$3, SIG$1: the store is not whole"
}

# asked COUNT: waits until the simulator has been asked that often.
asked() {
    local seen n
    for n in $(seq 200); do
        seen=$(curl -sf "$TWS_VIVIDSEATS_URL/simulator/stats")
        [ "$(jq .requests <<<"$seen")" -lt "$1" ] || return 0
        sleep 0.02
    done
    explain "nobody asks"
}

# each_signal WHERE COUNT COMMAND...: begins it, waits until it has asked COUNT times, and stops it; in each way with
# FULL=1, else in one after the other.
each_signal() {
    local where=$1 count=$2 signal signals=(INT:130 TERM:143 HUP:143)
    shift 2
    [[ ${FULL:-} ]] || signals=("${signals[turn++ % 3]}")
    for signal in "${signals[@]}"; do
        curl -sf "$TWS_VIVIDSEATS_URL/simulator/stats?reset=1" >/dev/null
        begin "$@"
        asked "$count"
        stop_with "${signal%:*}" "${signal#*:}" "$where"
    done
}

# faults NAME: what the simulator does from now on.
faults() {
    curl -sf "$TWS_VIVIDSEATS_URL/simulator/faults?clear=1" >/dev/null
    curl -sf "$TWS_VIVIDSEATS_URL/simulator/faults?add=$1" >/dev/null
}

@test "47: asked to end wherever it waits for a platform, tws ends at once with what was stored" {
    simulator --listings 80
    tws -q track "$EVENT" 7000002
    faults "slow@7000002:ms=20000"
    each_signal "waiting for the first byte" 2 scrape
    faults "trickle@7000002:bytes=500"
    each_signal "inside a body" 2 scrape
    faults "429:retry-after=20"
    TWS_RETRIES=3 each_signal "waiting as it was told" 1 scrape
    faults "500"
    TWS_RETRIES=8 each_signal "waiting to try again" 3 scrape
    faults "slow:on=productions:ms=20000"
    each_signal "searching" 1 search the
    each_signal "tracking" 1 track 7000003
    curl -sf "$TWS_VIVIDSEATS_URL/simulator/faults?clear=1" >/dev/null
    TWS_RATE=1 each_signal "keeping to a rate" 1 scrape
}

@test "47: asked to end at any moment of its work, tws has stored each poll whole or not" {
    save_answers "$FOLDER/answers" 8 --listings 200 --churn 300
    simulator --listings 200
    tws -q track "$EVENT" 7000002 7000003 7000004
    local n signal most stopped=0
    most=$(quick_or_full 4 100)
    for ((n = 0; n < most; n++)); do
        export TWS_NOW
        TWS_NOW=$(date -u -d "2026-02-09T18:00:00Z + $((15 * n)) minutes" +%Y-%m-%dT%H:%M:%SZ)
        signal=$([ $((n % 2)) -eq 0 ] && echo INT || echo TERM)
        if [ $((n % 4)) -lt 2 ]; then begin scrape; else rm -f "$TWS_DB"* && begin import "$FOLDER"/answers/*.json; fi
        sleep "0.$(printf %03d $((RANDOM % 150)))"
        kill -$signal "$CHILD" 2>/dev/null || true
        status=0
        wait "$CHILD" || status=$?
        CHILD=
        [[ " 0 130 143 " == *" $status "* ]] || explain "$signal"
        [ "$status" -eq 0 ] || stopped=$((stopped + 1))
        [ ! -s "$TWS_DB" ] || [ "$(sqlite3 "$TWS_DB" "SELECT count(*) FROM sqlite_schema")" -eq 0 ] || whole ||
            explain "$signal: the store is not whole"
        [ $((n % 4)) -ne 3 ] || { rm -f "$TWS_DB"* && tws -q track "$EVENT" 7000002 7000003 7000004; }
    done
    echo "# $stopped of $most were stopped, the others had ended" >&3
}

@test "47: what waits for no platform ends when asked, too" {
    prepare_polls
    local signal signals=(INT:130 TERM:143 HUP:143)
    [[ ${FULL:-} ]] || signals=(TERM:143)
    mkfifo "$FOLDER/pipe"
    exec {pipe}<>"$FOLDER/pipe"
    for signal in "${signals[@]}"; do
        env --default-signal=INT,HUP,TERM "$TWS" import - <"$FOLDER/pipe" >"$FOLDER/out" 2>"$FOLDER/err" 3>&- &
        CHILD=$!
        until grep -q do_.*poll "/proc/$CHILD/wchan" 2>/dev/null || grep -q 'S (sleeping)' "/proc/$CHILD/status"; do :; done
        stop_with "${signal%:*}" "${signal#*:}" "reading stdin"
        begin sql "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT max(n) FROM c"
        until grep -q 'store.db-shm' "/proc/$CHILD/maps"; do :; done
        stop_with "${signal%:*}" "${signal#*:}" "a question without end"
        begin simulate --port 0
        until grep -q http "$FOLDER/out"; do :; done
        stop_with "${signal%:*}" 0 "simulating"
        begin demo --step 5
        until [ -n "$(ls /tmp/tws-demo.* "$TMPDIR"/tws* 2>/dev/null)" ] || [ "$(ls "/proc/$CHILD/fd" | wc -l)" -gt 8 ]; do :; done
        stop_with "${signal%:*}" "${signal#*:}" "a demo"
    done
}

@test "46: stopped in the middle of an answer and continued, a scrape goes through" {
    simulator --listings 80
    tws -q track "$EVENT"
    faults "slow:ms=300"
    begin scrape
    asked 2
    kill -STOP "$CHILD"
    sleep "$(quick_or_full 0.6 10)"
    kill -CONT "$CHILD"
    status=0
    wait "$CHILD" || status=$?
    CHILD=
    [ "$status" -eq 0 ] || explain "continued"
    [ "$(sqlite3 "$TWS_DB" 'SELECT count(*) FROM snapshot')" -eq 1 ]
    whole
}

@test "47: a pipe that closes early is an error, not a signal" {
    prepare_polls
    run bash -c '(sleep 0.5; exec "$0" export '$EVENT' 2>"$1") | true; exit "${PIPESTATUS[0]}"' "$TWS" "$FOLDER/err" # closed by then
    [ "$status" -eq 1 ]
    grep -q '^tws: stdout: Broken pipe' "$FOLDER/err"
    run bash -c '"$0" export '$EVENT' 2> >(true) >"$1"' "$TWS" "$FOLDER/out"
    [ "$status" -eq 0 ]
}

@test "32: whichever write of an answer fails, that is said, exit 1" {
    need strace
    prepare_polls
    local format count n
    for format in $(quick_or_full "csv table" "csv json table ndjson markdown"); do
        strace -f -qq -o "$FOLDER/calls" -P "$FOLDER/answer" -e trace=write \
            "$TWS" listings "$EVENT" --format $format >"$FOLDER/answer"
        count=$(wc -l <"$FOLDER/calls")
        for n in $(some_of "$count" 2); do
            status=0
            strace -f -qq -o "$FOLDER/calls" -P "$FOLDER/answer" -e trace=write -e inject=write:error=ENOSPC:when="$n" \
                "$TWS" listings "$EVENT" --format $format >"$FOLDER/answer" 2>"$FOLDER/err" || status=$?
            [ "$status" -eq 1 ] || explain "$format, write $n of $count"
            grep -q '^tws: stdout: No space left on device' "$FOLDER/err" || explain "$format, write $n of $count"
        done
    done
    # as many bytes as the limit says, and no more
    tws export "$EVENT" >"$FOLDER/answer"
    [ "$(stat -c %s "$FOLDER/answer")" -gt 8192 ]
    for n in $(some_of "$(strace -f -qq -P "$FOLDER/answer" -e trace=write "$TWS" export "$EVENT" 2>&1 >"$FOLDER/answer" | wc -l)" 4); do
        status=0
        strace -f -qq -o "$FOLDER/calls" -P "$FOLDER/answer" -e trace=write -e inject=write:error=EIO:when="$n" \
            "$TWS" export "$EVENT" >"$FOLDER/answer" 2>"$FOLDER/err" || status=$?
        [ "$status" -eq 1 ] && one_error || explain "export, write $n"
    done
}

@test "32: descriptors that are closed are never taken for something else" {
    prepare_polls
    local command lock
    for command in "export $EVENT" "events --all" --version "import $FOLDER/answers/002.json" "rollup --verify"; do
        status=0
        # shellcheck disable=SC2086
        "$TWS" $command >&- 2>"$FOLDER/err" || status=$?
        [ "$status" -eq 1 ] && grep -q '^tws: stdout: Bad file descriptor' "$FOLDER/err" || explain "$command without stdout"
        # shellcheck disable=SC2086
        run -0 "$TWS" $command <&- 2>&-
        status=0
        # shellcheck disable=SC2086
        "$TWS" $command <&- >&- 2>&- || status=$?
        [ "$status" -eq 1 ] || explain "$command without anything"
    done
    [ ! -s "$TWS_DB.lock" ]
    whole
    status=0
    "$TWS" import - <&- >"$FOLDER/out" 2>"$FOLDER/err" || status=$?
    [ "$status" -eq 2 ] && grep -q '^tws: stdin: Bad file descriptor' "$FOLDER/err" || explain "import without stdin"
}

@test "48: a chart is drawn on any terminal and in any locale, in ASCII where it must" {
    prepare_polls
    tws -q import "$FOLDER"/answers/*.json
    local term locale columns
    for term in "" vt100 $(quick_or_full "" "dumb xterm-256color nonsense"); do
        for locale in C POSIX C.UTF-8 no_WHERE.nothing; do
            for columns in $(quick_or_full "1 500" "1 2 20 80 500 nonsense"); do
                TERM=$term LC_ALL=$locale COLUMNS=$columns tws trends "$EVENT" --format chart >"$FOLDER/out" 2>"$FOLDER/err" </dev/null ||
                    explain "TERM '$term', $locale, $columns columns"
                [ -s "$FOLDER/out" ] || explain "TERM '$term', $locale, $columns columns: nothing drawn"
                ! grep -q $'\033' "$FOLDER/out" || explain "TERM '$term', $locale: colours that nobody asked for"
                [[ $locale == *UTF* ]] || ! LC_ALL=C grep -q '[^ -~]' "$FOLDER/out" || explain "$locale: not ASCII"
            done
        done
    done
    for term in dumb vt100; do
        [ -z "$(TERM=$term script -qec "stty cols 80 rows 24; '$TWS' trends $EVENT --format chart" /dev/null </dev/null | grep -a $'\033\[3' || true)" ] ||
            explain "TERM $term: colours it may not have"
    done
}

# memory: kibibytes that a process holds.
memory() {
    awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}

@test "49: memory and descriptors stay level over many polls" {
    begin demo --step "$(quick_or_full 60 5)"
    local now most=0 early=0 files=0 seen=0
    # the first third fills the caches
    while now=$(memory "$CHILD" 2>/dev/null) && [ -n "$now" ]; do
        seen=$((seen + 1))
        [ "$now" -le "$most" ] || most=$now
        samples[seen]=$now
        files=$(ls "/proc/$CHILD/fd" 2>/dev/null | wc -l)
        [ "$files" -eq 0 ] || descriptors[seen]=$files
        sleep 0.1
    done
    status=0
    wait "$CHILD" || status=$?
    CHILD=
    [ "$status" -eq 0 ] || explain "the demo failed"
    [ "$seen" -ge 6 ]
    early=${samples[$((seen * 2 / 3))]}
    echo "# $seen samples: ${samples[$((seen / 3))]} KiB after a third, $early after two, $most at most; ${descriptors[$((seen / 3))]}, ${descriptors[$((seen - 2))]} descriptors" >&3
    [ "$most" -le $((early * 110 / 100 + 1024)) ] || explain "memory grows"
    # connections come and go
    [ "${descriptors[$((seen - 2))]}" -le $((${descriptors[$((seen / 3))]} + 4)) ] || explain "descriptors leak"
}
