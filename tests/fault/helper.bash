# What the fault tests share, on top of what the command-line tests do. With FULL=1 every N is tried
# and every loop has its big number; without it a few of each, so that `make check` stays quick.
load ../cli/helper

EVENT=7000001

# quick_or_full QUICK FULL: how many.
quick_or_full() {
    if [[ ${FULL:-} ]]; then echo "$2"; else echo "$1"; fi
}

# fault_setup: a clean environment and a folder in memory when there is one, as thousands of stores are made.
fault_setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    FOLDER=$(mktemp -d -p "$( [ -w /dev/shm ] && echo /dev/shm || echo "$BATS_TEST_TMPDIR" )" tws.XXXXXX)
    export TWS_DB=$FOLDER/store.db
}

fault_teardown() {
    stop_simulator
    rm -rf "$FOLDER"
}

need() {
    local tool
    for tool; do
        command -v "$tool" >/dev/null || skip "$tool is not installed"
    done
}

# save_answers FOLDER COUNT [ARGUMENT...]: that many answers of one event of a simulator, every 20 minutes, as
# FOLDER/01.json ... with the times of their polls as their own.
save_answers() {
    local folder=$1 count=$2 n at
    shift 2
    simulator "$@"
    mkdir -p "$folder"
    for ((n = 1; n <= count; n++)); do
        at=$(date -u -d "2026-02-09T18:00:00Z + $((20 * (n - 1))) minutes" +%Y-%m-%dT%H:%M:%SZ)
        curl -sf "$TWS_VIVIDSEATS_URL/simulator/clock?at=$at" >/dev/null
        curl -sf "$TWS_VIVIDSEATS_URL/hermes/api/v1/listings?productionId=$EVENT" \
            >"$folder/$(printf %03d "$n").json"
        touch -d "$at" "$folder/$(printf %03d "$n").json"
    done
    stop_simulator
}

# digest [STORE]: of all that is in a store, whatever its pages look like.
digest() {
    sqlite3 "${1:-$TWS_DB}" .dump | cksum
}

# put_store FILE: makes a copy the store, without the logs of the one before.
put_store() {
    rm -f "$TWS_DB" "$TWS_DB"-* "$TWS_DB.lock"
    cp "$1" "$TWS_DB"
}

# whole [STORE]: the file is sound and holds no half poll: as many listings as each good poll's measures say are
# valid at its time, and every poll, hour and day says what the listings say.
whole() {
    local store=${1:-$TWS_DB}
    [ "$(sqlite3 "$store" 'PRAGMA integrity_check')" = ok ] || return 1
    [ -z "$(sqlite3 "$store" <"$BATS_TEST_DIRNAME/half_polls.sql")" ] || return 1
    tws --db "$store" -q rollup --verify
}

# explain WORDS...: says what broke, and fails.
explain() {
    echo "$*" >&2
    [ -z "${status:-}" ] || echo "status $status" >&2
    [ ! -s "$FOLDER/err" ] || cat "$FOLDER/err" >&2
    return 1
}

# died STATUS: whether a status says that a program ended by a signal or did not end.
died() {
    [ "$1" -ge 124 ] && [ "$1" -ne 130 ] && [ "$1" -ne 143 ]
}

# one_error: $FOLDER/err says what failed in one line, with a hint at most. GnuTLS, which other libraries load, has a
# line of its own when there is no memory even for that.
one_error() {
    [ "$(grep -c '^tws: ' "$FOLDER/err")" -eq 1 ] &&
        ! grep -qv '^tws: \|^hint: \|^Error in GnuTLS initialization' "$FOLDER/err"
}

# A store with one poll, a copy of it, and what it becomes with the second. Made once for the tests of a file.
prepare_polls() {
    local kept=$BATS_FILE_TMPDIR/polls
    if [ ! -e "$kept/after" ]; then
        save_answers "$FOLDER/answers" 2 --listings 60 --churn 300
        tws -q import "$FOLDER/answers/001.json"
        sqlite3 "$TWS_DB" 'PRAGMA wal_checkpoint(TRUNCATE)' >"$FOLDER/out"
        mkdir -p "$kept"
        cp "$TWS_DB" "$kept/before.db"
        digest >"$kept/before"
        tws -q import "$FOLDER/answers/002.json"
        mv "$FOLDER/answers" "$kept/"
        digest >"$kept/after"
    fi
    cp -rp "$kept/answers" "$kept/before.db" "$FOLDER"
    before=$(<"$kept/before") after=$(<"$kept/after")
    [ "$before" != "$after" ]
    put_store "$FOLDER/before.db"
    tws -q import "$FOLDER/answers/002.json"
}

# some_of COUNT QUICK [STEP]: all numbers from 1 to COUNT (or each STEP-th) with FULL=1, else QUICK of them, close at first.
some_of() {
    if [[ ${FULL:-} ]]; then
        seq 1 "${3:-1}" "$1"
    else
        awk -v n="$1" -v k="$2" 'BEGIN { for (i = 0; i < k; i++) print int(1 + (n - 1) * (i / (k - 1)) ^ 2) }' | uniq
    fi
}

# judge WHAT EXIT...: a success has stored the poll; a failure has one of the statuses, says so in a line and has left
# the store as it was. With unsure=1 a failure may have stored the poll.
judge() {
    local what=$1 now
    shift
    now=$(digest)
    ! died "$status" || explain "$what: it ended by a signal"
    if [ "$status" -eq 0 ]; then
        [ "$now" = "$after" ] || explain "$what: success, but the poll is not stored"
        return
    fi
    [[ " $* " == *" $status "* ]] || explain "$what: another status than $*"
    one_error || explain "$what: not one error"
    [ "$now" = "$before" ] || { [ "${unsure:-}" ] && [ "$now" = "$after" ]; } || explain "$what: a failure has changed the store"
    # the same store again does the same again, but for what may lie beside it
    [ $((judged++ % 20)) -eq 0 ] || return 0
    tws -q import "$FOLDER/answers/002.json" || explain "$what: it cannot be repeated"
    [ "$(digest)" = "$after" ] || explain "$what: repeated, the store is another"
}

# as_nobody: NOBODY becomes the command that runs another without any rights.
as_nobody() {
    NOBODY=()
    [ "$(id -u)" -ne 0 ] || NOBODY=(setpriv --reuid=nobody --regid=nogroup --clear-groups --)
    "${NOBODY[@]}" test -x "$TWS" || skip "nobody may not run $TWS"
}
