#!/bin/sh
# A thousand events of 2,000 listings, polled every ten minutes from this machine at 120 requests a minute: what the collector
# takes of one core and of memory. T=seconds (600). Budget: 1.5 %, 64 MiB.
set -eu
TWS=${TWS:-build/release/tws} seconds=${T:-600}
folder=$(mktemp -d)
trap 'kill $watch $simulator 2>/dev/null; rm -rf "$folder"' EXIT
watch='' simulator=''
"$TWS" simulate --port 0 --events 1000 --listings 2000 --steady --churn 70 >"$folder/out" 2>/dev/null &
simulator=$!
until grep -q '^http' "$folder/out"; do sleep 0.1; done
TWS_VIVIDSEATS_URL=$(head -n 1 "$folder/out")
export TWS_VIVIDSEATS_URL TWS_DB="$folder/store.db" TWS_RATE=120 TWS_WATCH_EVERY=10min TWS_WATCH_FASTEST=8min TWS_WATCH_SLOWEST=12min
TWS_RATE=0 "$TWS" -q track $(seq 7000001 7001000)
"$TWS" watch 2>"$folder/log" &
watch=$!
ticks() { awk '{ print $14 + $15 }' "/proc/$watch/stat"; }
sleep 5
before=$(ticks) polls=$(sqlite3 -readonly "$TWS_DB" 'SELECT count(*) FROM snapshot')
sleep "$seconds"
after=$(ticks) polled=$(sqlite3 -readonly "$TWS_DB" 'SELECT count(*) FROM snapshot')
awk -v ticks=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$seconds" -v polls=$((polled - polls)) \
    -v kb="$(awk '/VmHWM/ { print $2 }' "/proc/$watch/status")" 'BEGIN {
        cpu = ticks / hz
        printf "collector: %d polls in %d s, %.2f %% of one core (budget 1.5), %.1f ms a poll, %.1f MiB at most (budget 64)\n",
            polls, s, 100 * cpu / s, polls ? 1000 * cpu / polls : 0, kb / 1024
    }'
