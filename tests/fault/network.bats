#!/usr/bin/env bats
# What lies beyond a peer on loopback: names (case 2) and documents of absurd size (29).
load helper

setup() {
    fault_setup
    need sqlite3
}

teardown() {
    fault_teardown
}

# A network without any way out; with a resolver, which swallows what it is asked, when there is a $1.
alone() {
    unshare -n -m true 2>/dev/null || skip "no network of our own can be made here"
    export FOLDER TWS TWS_DB
    status=0
    unshare -n -m bash -c '
        ip link set lo up
        echo nameserver 127.0.0.1 >"$FOLDER/resolv.conf"
        mount --bind "$FOLDER/resolv.conf" /etc/resolv.conf
        [ -z "$0" ] || { socat -u UDP4-RECV:53,bind=127.0.0.1 OPEN:/dev/null 3>&- & resolver=$!; }
        [ -z "$0" ] || until grep -q 0100007F:0035 /proc/net/udp; do :; done
        status=0
        "$TWS" scrape 7000001 >"$FOLDER/out" 2>"$FOLDER/err" || status=$?
        [ -z "$0" ] || kill $resolver
        exit $status' "${1:-}" || status=$?
}

@test "2: a name that nobody knows is network, at once" {
    no_platform
    tws -q track "$EVENT" 2>"$FOLDER/err"
    export TWS_VIVIDSEATS_URL=http://tickets.example TWS_RATE=60
    local start=${EPOCHREALTIME/./}
    alone
    [ "$status" -eq 4 ] || explain "nobody resolves"
    grep -q "network: .*resolve host" "$FOLDER/err"
    [ $((${EPOCHREALTIME/./} - start)) -lt 3000000 ]
}

@test "2: a resolver that never answers is given up in ten seconds" {
    need socat ip
    no_platform
    tws -q track "$EVENT" 2>"$FOLDER/err"
    export TWS_VIVIDSEATS_URL=http://tickets.example TWS_RATE=60
    [[ ${FULL:-} ]] || export TWS_TIMEOUT=1
    local start=${EPOCHREALTIME/./}
    alone resolver
    [ "$status" -eq 4 ] || explain "a silent resolver"
    grep -q "network: Resolving timed out" "$FOLDER/err"
    [ $((${EPOCHREALTIME/./} - start)) -lt $(quick_or_full 3000000 11000000) ]
}

@test "29: twenty times as many listings are taken, fifty thousand refused by their size, neither does harm" {
    local want
    simulator --listings 300 --steady
    tws -q track "$EVENT"
    tws -q scrape
    stop_simulator
    export TWS_NOW=2026-02-09T18:30:00Z
    simulator --listings 6000 --steady
    run -0 tws scrape
    [[ $output == *"6,000 listings"* ]]
    whole
    want=$(tws listings "$EVENT" --format csv | cksum)
    stop_simulator
    export TWS_NOW=2026-02-09T19:00:00Z
    simulator --listings 50000 --steady
    run -3 tws scrape
    [[ $output == *"bad_payload: "*"too big"* ]]
    [ "$(tws listings "$EVENT" --format csv | cksum)" = "$want" ]
    whole
}
