#!/usr/bin/env bats
# Disks that are full, broken or closed to us: cases 30, 31 and 32.
load helper

setup() {
    fault_setup
    need sqlite3
    chmod 755 "$FOLDER"
}

teardown() {
    fault_teardown
}

# import [WRAPPER...]: the second poll, under some program; sets status.
import() {
    status=0
    "$@" timeout 60 "$TWS" import "$FOLDER/answers/002.json" >"$FOLDER/out" 2>"$FOLDER/err" </dev/null || status=$?
}

# What is done to the store, its log and their index, nothing else.
traced() {
    strace -f -qq -o "$FOLDER/calls" -P "$TWS_DB" -P "$TWS_DB-wal" -P "$TWS_DB-shm" "$@"
}

# calls NAME: how often an import makes a system call.
calls() {
    put_store "$FOLDER/before.db"
    import traced -e trace="$1"
    [ "$status" -eq 0 ]
    wc -l <"$FOLDER/calls"
}

# break_call NAME ERROR QUICK [SUFFIX]: each of its calls comes back with an error.
break_call() {
    local name=$1 error=$2 suffix=${4:-} count n failed=0
    count=$(calls "$name")
    for n in $(some_of "$count" "$3"); do
        put_store "$FOLDER/before.db"
        import traced -e trace="$name" -e inject="$name:error=$error:when=$n$suffix"
        judge "$name $n$suffix of $count, $error" 5
        [ "$status" -eq 0 ] || failed=$((failed + 1))
    done
    echo "# $name${suffix:+ onward}, $error: $count calls, $failed failures reported, the others did no harm" >&3
    [ "$failed" -gt 0 ]
}

# can_mount: whether a file system of our own can be mounted.
can_mount() {
    unshare -m mount -t tmpfs -o size=64k none "$FOLDER" 2>/dev/null || skip "nothing can be mounted here"
}

@test "30: a disk that is full at any write leaves the poll out whole, and says so" {
    need strace
    prepare_polls
    break_call pwrite64 ENOSPC 4
    grep -q "the disk is full" "$FOLDER/err" || [ "$status" -eq 0 ]
    break_call pwrite64 ENOSPC 3 +
}

@test "30: on a disk of any size a poll is there whole or not, and goes in when there is space" {
    can_mount
    prepare_polls
    export before after TWS_DB FOLDER TWS
    run unshare -m bash "$BATS_TEST_DIRNAME/small_disk.sh" "$(quick_or_full 4 60)"
    echo "$output"
    [ "$status" -eq 0 ]
    echo "# $output" >&3
}

@test "30: no more of a file than the limit on its size: refused, and goes in without the limit" {
    need prlimit
    prepare_polls
    local size refused=0 step
    step=$(quick_or_full 98304 8192)
    for ((size = 16384; size < 400000; size += step)); do
        put_store "$FOLDER/before.db"
        import prlimit --fsize=$size
        judge "files of $size bytes" 5
        [ "$status" -eq 0 ] || refused=$((refused + 1))
    done
    [ "$refused" -gt 0 ]
    [ "$status" -eq 0 ]
}

@test "31: a disk that cannot write, sync or cut at any call never leaves half a poll" {
    need strace
    prepare_polls
    # when the sync of a commit fails, nobody can know what is on the disk: the poll may be there, whole
    unsure=1
    break_call fdatasync EIO 5
    break_call fdatasync ENOSPC 2
    unsure=
    break_call pwrite64 EIO 3
    break_call pread64 EIO 4
}

@test "32: a store whose folder or file may not be written is read, not written" {
    need setpriv
    as_nobody
    prepare_polls
    put_store "$FOLDER/before.db"
    chmod 755 "$FOLDER"
    chmod 644 "$TWS_DB"
    status=0
    "${NOBODY[@]}" "$TWS" trends "$EVENT" --format csv >"$FOLDER/out" 2>"$FOLDER/err" || status=$?
    [ "$status" -eq 0 ] || explain "a frozen store cannot be read"
    [ "$(wc -l <"$FOLDER/out")" -eq 2 ]
    import "${NOBODY[@]}"
    [ "$status" -eq 5 ] && one_error || explain "a store in a folder of others was written"
    [ "$(digest)" = "$before" ]
}

@test "32: a store that may not be read is an error with exit 5" {
    need setpriv
    as_nobody
    prepare_polls
    put_store "$FOLDER/before.db"
    chmod 600 "$TWS_DB"
    status=0
    "${NOBODY[@]}" "$TWS" trends "$EVENT" >"$FOLDER/out" 2>"$FOLDER/err" || status=$?
    [ "$status" -eq 5 ] && one_error || explain "a store of others was read"
    grep -q "^hint: see the permissions" "$FOLDER/err"
}

@test "32: a folder that cannot be made is named, exit 5" {
    need setpriv
    as_nobody
    prepare_polls
    export TWS_DB=$FOLDER/closed/below/store.db
    mkdir -m 755 "$FOLDER/closed"
    import "${NOBODY[@]}"
    [ "$status" -eq 5 ] && one_error || explain "a store was made in a closed folder"
    grep -q "$FOLDER/closed/below" "$FOLDER/err"
}

@test "32: a read-only file system is read and never written" {
    can_mount
    prepare_polls
    export TWS_DB FOLDER TWS
    run unshare -m bash -e -c '
        mkdir "$FOLDER/frozen"
        mount -t tmpfs none "$FOLDER/frozen"
        cp "$FOLDER/before.db" "$FOLDER/frozen/store.db"
        mount -o remount,ro none "$FOLDER/frozen"
        "$TWS" --db "$FOLDER/frozen/store.db" trends '$EVENT' --format csv
        status=0
        "$TWS" --db "$FOLDER/frozen/store.db" import "$FOLDER/answers/002.json" || status=$?
        [ "$status" -eq 5 ]'
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"tws: "*"ead-only"* ]]
}

@test "32: with few files allowed a scrape fails with a sentence and does no harm" {
    need prlimit
    simulator
    tws -q track "$EVENT"
    sqlite3 "$TWS_DB" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
    cp "$TWS_DB" "$FOLDER/before.db"
    local files good=0 bad=0
    for ((files = 4; files <= 24; files += $(quick_or_full 3 1))); do
        put_store "$FOLDER/before.db"
        status=0
        timeout 60 prlimit --nofile=$files "$TWS" scrape >"$FOLDER/out" 2>"$FOLDER/err" </dev/null || status=$?
        [ "$status" -ne 127 ] || continue # not even its libraries
        ! died "$status" || explain "$files files: it ended by a signal"
        whole || explain "$files files: the store is not whole"
        if [ "$status" -eq 0 ]; then good=$((good + 1)); else bad=$((bad + 1)); fi
        [ "$status" -eq 0 ] || grep -q '^tws: ' "$FOLDER/err" || explain "$files files: no reason given"
    done
    [ "$good" -gt 0 ]
    [ "$bad" -gt 0 ]
}
