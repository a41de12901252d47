# Screens that are played without a terminal: a made-up fortnight, then an outage, and an event that was never polled well
# and has no date. Sourced by tests/tui/*.bats.
: "${TWS:?is set by tests/run.sh}"

NOW=2026-02-09T18:05:00Z

# play_store FILE: makes it. A poll every six hours, the last 2.9 days before NOW.
play_store() {
    export TWS_NOW=2026-02-09T18:00:00Z TWS_RATE=0 TWS_RETRIES=0
    "$TWS" -q demo --store "$1" --step 360
    export TWS_VIVIDSEATS_URL=http://127.0.0.1:1
    "$TWS" -q --db "$1" track 9999999 2>/dev/null
    "$TWS" -q --db "$1" scrape 2>/dev/null || true
}

# play SCREEN KEYS [OPTION...]: what is seen in the end, in $output.
play() {
    local screen=$1 keys=$2
    shift 2
    printf '%s' "$keys" >"$BATS_TEST_TMPDIR/keys"
    run env TWS_NOW="$NOW" LC_ALL=C.UTF-8 "$TWS" --db "$STORE" tui --screen "$screen" \
        --keys "$BATS_TEST_TMPDIR/keys" --size 120x40 "$@"
    [ "$status" = 0 ] || { echo "$output"; false; }
}

# exported SCREEN KEYS: the numbers of the screen, as the key E writes them.
exported() {
    rm -f "$BATS_TEST_TMPDIR/out.json"
    play "$1" "$2E$BATS_TEST_TMPDIR/out.json<Enter>"
    jq -cS .data "$BATS_TEST_TMPDIR/out.json"
}

# told ARGUMENT...: the same from the command line.
told() { TWS_NOW=$NOW "$TWS" --db "$STORE" "$@" --format json | jq -cS .data; }

# shows TEXT...: each is on the screen.
shows() {
    local text
    for text; do
        grep -qF -- "$text" <<<"$output" || { printf 'not on the screen: %s\n%s\n' "$text" "$output"; return 1; }
    done
}
lacks() { ! grep -qF -- "$1" <<<"$output" || { printf 'on the screen: %s\n%s\n' "$1" "$output"; return 1; }; }

# random_keys SEED COUNT: keys of all kinds, the same for a seed; none that types a path or leaves.
random_keys() {
    awk -v seed="$1" -v count="$2" 'BEGIN {
        srand(seed)
        n = split("j k h l g G H L <PgDn> <PgUp> <lt> <gt> + - 0 s S ! n N 1 2 9 m x y % v <Space> d c u <C-r> [ ] { }" \
            " z* # b p a <Tab> <S-Tab> <Enter> <Esc> <F4> <F5> <F7> <F8> <F9> <Size_60x16> <Size_120x40> <Size_20x6>" \
            " <Click_10,8> <Click_40,4> <Wheel-Down_9,9> <Drag_30,9> <Release_30,9> /a<Enter> /<Enter> C Y", keys, " ")
        for (i = 0; i < count; i++) {
            key = keys[1 + int(rand() * n)]
            gsub("_", " ", key)
            printf "%s", key
            if (i % 20 == 19) printf "<F9><Esc><F7>:event vividseats:%d<Enter>", i % 3 ? 7000001 + i % 5 : 9999999
        }
        printf "<Esc><Size 120x40>"
    }'
}
