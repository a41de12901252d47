#!/bin/sh
# What the collector takes of one core and of memory: watch.sh FOLDER TWS STEADY SECONDS. A thousand events of 2,000 listings
# that have been followed for an hour (STEADY makes the store) are polled every ten minutes at 120 requests a minute; between
# two polls of an event 5 % of its listings change. Prints lines of `name value`: polls and hours folded in the time that
# is measured, CPU ms of `tws watch` alone for a poll (the median of spans of 30 s, and over all), and its peak memory.
set -eu
folder=$1 tws=$2 steady=$3 seconds=$4
mkdir -p "$folder"
watch='' simulator=''
trap 'kill $watch $simulator 2>/dev/null || true; rm -rf "$folder"' EXIT
export TWS_DB="$folder/store.db" TWS_RATE=120 TWS_WATCH_EVERY=10min TWS_WATCH_FASTEST=8min TWS_WATCH_SLOWEST=12min

count() { sqlite3 -readonly "$TWS_DB" "$1"; }

# Sets polls, folds and ticks to what they are now.
look() {
    polls=$(count 'SELECT count(*) FROM attempt WHERE outcome = 0')
    folds=$(count 'SELECT count(*) FROM rollup WHERE grain = 0 AND kind = 0')
    ticks=$(awk '{ print $14 + $15 }' "/proc/$watch/stat")
}

"$steady" "$TWS_DB" 1000 2000 70
"$tws" simulate --port 0 --events 1000 --listings 2000 --steady --churn 70 --base 2026-03-01T00:00:00Z >"$folder/out" 2>/dev/null &
simulator=$!
until grep -q '^http' "$folder/out"; do sleep 0.1; done
TWS_VIVIDSEATS_URL=$(head -n 1 "$folder/out")
export TWS_VIVIDSEATS_URL
"$tws" watch 2>"$folder/log" &
watch=$!
sleep 30
now=$(date +%s) # an hour that ends makes every poll after it fold one, six times as many as in the long run
if [ $(((now + seconds) / 3600)) -ne $((now / 3600)) ]; then
    echo "the hour ends while it is measured; start it earlier in an hour" >&2
    exit 1
fi
look
polls_before=$polls folds_before=$folds ticks_before=$ticks
end=$((now + seconds)) tick_ms=$((1000 / $(getconf CLK_TCK)))
while [ "$(date +%s)" -lt "$end" ]; do
    polls_then=$polls ticks_then=$ticks
    sleep 30
    look
    echo "$(((ticks - ticks_then) * tick_ms)) $((polls - polls_then))"
done | awk '{ print $1 / $2 }' | sort -n >"$folder/spans"
look
echo "polls $((polls - polls_before))"
echo "folds $((folds - folds_before))"
echo "median_ms $(awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }' "$folder/spans")"
echo "mean_ms $(((ticks - ticks_before) * tick_ms)) $((polls - polls_before))" | awk '{ print $1, $2 / $3 }'
awk '/VmHWM/ { printf "peak_mib %.1f\n", $2 / 1024 }' "/proc/$watch/status"
echo "failed $(count 'SELECT count(*) FROM snapshot WHERE outcome > 0')"
