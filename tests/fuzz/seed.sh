#!/bin/sh
# Makes the seeds of the targets import, productions and conf again, from the simulator: sh tests/fuzz/seed.sh
set -eu
cd "$(dirname "$0")"
tws=${TWS:-../../build/release/tws}
work=$(mktemp -d)
mkfifo "$work/said"
"$tws" -q simulate --listings 12 --churn 300 --all-in --base 2026-02-09 >"$work/said" &
simulator=$!
trap 'kill $simulator; rm -rf "$work"' EXIT
read -r origin <"$work/said"
mkdir -p corpus/import corpus/productions corpus/conf

# A few listings and the sections that they lie in.
few='.tickets |= .[:5] | ([.tickets[].d] | unique) as $d | .sections |= map(select(.i as $i | $d | index($i)))'
api=$origin/hermes/api/v1
for at in 18:00:00 18:50:00; do
    curl -sf "$origin/simulator/clock?at=2026-02-09T${at}Z" >/dev/null
    curl -sf "$api/listings?productionId=7000001" | jq -c "$few" >"$work/$at"
done
cp "$work/18:00:00" corpus/import/listings
cat "$work/18:00:00" "$work/18:50:00" >corpus/import/lines
gzip -nc "$work/18:50:00" >corpus/import/gzip
zstd -qc "$work/18:50:00" >corpus/import/zstd
jq -nc --rawfile first "$work/18:00:00" --rawfile second "$work/18:50:00" '
    def entry($at; $content): {startedDateTime: $at, request: {method: "GET",
        url: "https://www.vividseats.com/hermes/api/v1/listings?productionId=7000001"},
        response: {status: 200, content: ($content + {mimeType: "application/json"})}};
    {log: {version: "1.2", entries: [entry("2026-02-09T18:00:00.000Z"; {text: $first}),
        entry("2026-02-09T18:50:00.000Z"; {text: ($second | @base64), encoding: "base64"})]}}' >corpus/import/har
curl -sf "$api/productions/7000001" >corpus/productions/one
curl -sf "$api/productions?query=the&page=1&pageSize=3" | jq -c '.items |= .[:2]' >corpus/productions/page
printf 'db = /nowhere/tws.db\nnow = 2026-02-09T18:00:00Z\n[http]\nrate = 30\ntimeout = 20\n' >corpus/conf/good
printf '; nothing\n[chart]\nmarker = braile\n' >corpus/conf/typo
