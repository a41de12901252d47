#!/bin/sh
# Imports the second poll on disks of growing sizes; run by disk.bats in a mount namespace of its own.
# $1: how many sizes. From the environment: FOLDER, TWS, and the digests `before` and `after`.
set -eu
disk=$FOLDER/disk
mkdir -p "$disk"
full=0
digest() {
    sqlite3 "$1" .dump | cksum
}
start=$(du -k "$FOLDER/before.db" | cut -f 1)
for i in $(seq "$1"); do
    mount -t tmpfs -o size=$((start + 4 + 160 * i / $1))k none "$disk"
    cp "$FOLDER/before.db" "$disk/store.db"
    status=0
    "$TWS" --db "$disk/store.db" import "$FOLDER/answers/002.json" >"$FOLDER/out" 2>"$FOLDER/err" || status=$?
    # shellcheck disable=SC2154
    case $status in
    0) wanted=$after ;;
    5) wanted=$before full=$((full + 1)) ;;
    *) echo "size $i: status $status"; cat "$FOLDER/err"; exit 1 ;;
    esac
    [ "$status" = 0 ] || grep -q 'the disk is full' "$FOLDER/err" || { cat "$FOLDER/err"; exit 1; }
    mount -o remount,size=64m none "$disk"
    [ "$(digest "$disk/store.db")" = "$wanted" ] || { echo "size $i, status $status: another store"; exit 1; }
    "$TWS" --db "$disk/store.db" -q import "$FOLDER/answers/002.json"
    [ "$(digest "$disk/store.db")" = "$after" ] || { echo "size $i: with space again, another store"; exit 1; }
    umount "$disk"
done
echo "$1 sizes: full at $full, each went in once there was space"
[ "$full" -gt 0 ]
