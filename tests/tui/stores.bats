#!/usr/bin/env bats
# What may become of a store while the workstation is open: it grows, is locked, goes, comes back as another, is damaged.
# It is said on the screen, nothing crashes, and all goes on when the store is well again.
load workstation

setup_file() { store_make; }
setup() { workstation_setup; }
teardown() {
    [[ ! ${HOLDER:-} ]] || kill "$HOLDER" 2>/dev/null || true
    stop_simulator
    screen_close
}

# save_polls COUNT: answers of the first event from DEMO_NOW on, ten minutes apart, as 1.json, 2.json, ...
save_polls() {
    local n at
    simulator --base 2026-02-13T00:00:00Z --listings 300
    for ((n = 1; n <= $1; n++)); do
        at=$(date -u -d "$DEMO_NOW - $((10 * ($1 - n + 1))) minutes" +%Y-%m-%dT%H:%M:%SZ)
        curl -sf "$TWS_VIVIDSEATS_URL/simulator/clock?at=$at" >/dev/null
        curl -sf "$TWS_VIVIDSEATS_URL/hermes/api/v1/listings?productionId=7000001" >"$BATS_TEST_TMPDIR/$n.json"
        echo "$at" >"$BATS_TEST_TMPDIR/$n.at"
    done
    stop_simulator
}

take_poll() { tws -q --db "$STORE" import --at "$(cat "$BATS_TEST_TMPDIR/$1.at")" "$BATS_TEST_TMPDIR/$1.json"; }

@test "what is stored meanwhile comes by itself" {
    local n
    save_polls 4
    workstation 7000001 --screen listings
    screen_shows 'the latest'
    screen_shows '3.2 h ago'
    for n in 1 2 3 4; do take_poll "$n"; done
    screen_shows '10 min ago'
    screen_shows '10 min old'
    lacks_text STALE
    workstation_quit
}

@test "frozen it stays as it is, says that there is newer data, and catches up" {
    save_polls 1
    workstation 7000001 --screen listings
    screen_shows '3.2 h ago'
    screen_keys f
    screen_shows FROZEN
    take_poll 1
    screen_shows 'FROZEN, newer data waits'
    has_text '3.2 h ago'
    screen_keys f
    screen_shows '10 min ago'
    lacks_text FROZEN
    workstation_quit
}

@test "a collector at work beside it disturbs nothing" {
    local n
    save_polls 12
    workstation 7000001
    screen_shows 'price per ticket'
    for n in $(seq 12); do
        take_poll "$n"
        screen_keys F7
        screen_shows 'the latest'
        screen_keys F3
        screen_shows 'price per ticket'
    done
    screen_shows '10 min old'
    workstation_quit
    [ "$(sqlite3 "$STORE" 'PRAGMA integrity_check')" = ok ]
}

@test "one that writes has its lock; reading goes on" {
    flock "$STORE.lock" sleep 60 3>&- &
    HOLDER=$!
    workstation 7000001
    screen_shows 'price per ticket'
    workstation_quit
}

# hold: takes the store for itself, as a program that repairs it might; release gives it back.
hold() {
    mkfifo "$BATS_TEST_TMPDIR/statements"
    sqlite3 "$STORE" <"$BATS_TEST_TMPDIR/statements" >"$BATS_TEST_TMPDIR/held" 2>&1 3>&- &
    HOLDER=$!
    exec {HELD}>"$BATS_TEST_TMPDIR/statements"
    printf '%s\n' '.timeout 5000' 'PRAGMA journal_mode=DELETE;' 'PRAGMA locking_mode=EXCLUSIVE;' 'BEGIN EXCLUSIVE;' \
        "UPDATE event SET category = 'held';" "SELECT 'held';" >&"$HELD"
    until_true grep -qx held "$BATS_TEST_TMPDIR/held"
}
release() {
    printf '%s\n' 'COMMIT;' 'PRAGMA locking_mode=NORMAL;' 'SELECT 1 FROM event;' 'PRAGMA journal_mode=WAL;' >&"$HELD"
    exec {HELD}>&-
    wait "$HOLDER"
    unset HOLDER
}

# shows_at_last TEXT: each question waits ten seconds for the lock before it says so.
shows_at_last() {
    local i
    for i in 1 2 3 4; do until_true has_text "$1" && return; done
    screen_shows "$1"
}

@test "a store that another program has for itself is named, and read when it is free" {
    hold
    workstation
    shows_at_last 'close the program'
    screen_shows 'close the program'
    screen_keys F9
    screen_keys F2
    release
    shows_at_last 'Northern Static'
    workstation_quit
}

@test "a store that is deleted is missed, and taken up when there is one again" {
    workstation 7000001
    screen_shows 'price per ticket'
    rm "$STORE"*
    screen_shows 'There is nothing to look at yet.'
    cp "$MADE" "$STORE"
    screen_shows 'price per ticket'
    workstation_quit
}

@test "a store that is replaced by another shows the other" {
    cp "$MADE" "$BATS_TEST_TMPDIR/other.db"
    sqlite3 "$BATS_TEST_TMPDIR/other.db" "UPDATE event SET name = 'Someone Else' WHERE external_id = '7000001'"
    workstation
    screen_shows 'Ruby Hollow'
    mv "$BATS_TEST_TMPDIR/other.db" "$STORE"
    screen_shows 'Someone Else'
    lacks_text 'Ruby Hollow'
    workstation_quit
}

@test "a store that is damaged is said to be, on every screen, and all is well when it is mended" {
    local key
    workstation 7000001
    screen_shows 'price per ticket'
    head -c 100000 "$MADE" >"$BATS_TEST_TMPDIR/half"
    mv "$BATS_TEST_TMPDIR/half" "$STORE"
    screen_shows 'keep a copy of the file'
    for key in F4 F5 F6 F7 F8 F9 F2; do
        screen_keys "$key"
        screen_shows 'keep a copy of the file'
    done
    cp "$MADE" "$BATS_TEST_TMPDIR/whole"
    mv "$BATS_TEST_TMPDIR/whole" "$STORE"
    screen_shows 'Northern Static'
    workstation_quit
}

@test "a file that is no store is said to be none" {
    echo 'a letter to my aunt, which is rather long, as she likes letters, and so on, and so on, and so on' >"$STORE"
    workstation
    screen_shows 'database'
    screen_shows 'name another file'
    workstation_quit
    grep -q aunt "$STORE"
}

@test "a disk error below the screen ends nothing: the file is cut while it is read" {
    workstation 7000001
    screen_shows 'price per ticket'
    truncate -s 50000 "$STORE"
    screen_keys F7 F8 F9 F2 F6 F3 r
    screen_shows 'keep a copy of the file'
    cp "$MADE" "$BATS_TEST_TMPDIR/whole"
    mv "$BATS_TEST_TMPDIR/whole" "$STORE"
    screen_shows 'price per ticket'
    workstation_quit
}

@test "a store without an event explains itself" {
    sqlite3 "$STORE" 'PRAGMA foreign_keys = OFF; DELETE FROM event'
    workstation
    screen_shows 'There is nothing to look at yet.'
    screen_keys F7
    screen_shows 'There is nothing to look at yet.'
    workstation_quit
}

@test "an event that was never polled has screens too" {
    local key
    rm "$STORE"*
    simulator
    tws -q --db "$STORE" track 7000001
    stop_simulator
    workstation
    screen_shows 'Ruby Hollow'
    screen_keys Enter
    screen_shows 'price per ticket'
    for key in F4 F5 F6 F7 F8 F9; do screen_keys "$key"; done
    screen_keys F2
    screen_shows 'Ruby Hollow'
    workstation_quit
}

@test "a thousand events are scrolled and searched" {
    sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO event (platform, external_id, name, date_ms, state)
        SELECT 'vividseats', 8000000 + i, 'Show number ' || i, 1772163000000 + i * 3600000, 0 FROM n"
    workstation
    screen_shows '1/1005'
    screen_keys End
    screen_shows 'Show number 1000'
    screen_keys /
    screen_keys -l 'number 777'
    screen_shows 'Show number 777'
    screen_hides 'Show number 1000'
    screen_keys Enter Home Enter
    screen_shows 'Show number 777: price'
    workstation_quit
}

@test "hostile and wide names do nothing but stand there" {
    screen_record
    sql "UPDATE event SET name = char(27) || '[31mred' || char(27) || ']0;owned' || char(7) || char(0x9b) || '2J' || char(10)
        WHERE external_id = '7000001'"
    sql "UPDATE event SET name = char(0x202e) || 'evil' || char(0x200d) || char(0x1f3ab) || char(0x1f1e8) || char(0x301)
        WHERE external_id = '7000002'"
    sql "UPDATE event SET name = '東京ドーム公演 ' || printf('%.*c', 300, 'W') WHERE external_id = '7000003'"
    sql "UPDATE section SET name = char(27) || '[2J' || name; UPDATE zone SET name = char(27) || 'c' || name"
    workstation
    screen_shows '東京ドーム公演'
    screen_keys Enter
    screen_shows 'price per ticket'
    screen_keys F6 F7
    screen_shows 'the latest'
    screen_keys F9 F2
    screen_shows '東京ドーム公演'
    workstation_quit
    ! grep -qF "$(printf '\e]0;owned')" "$recorded"
    ! grep -qF "$(printf '\e[31mred')" "$recorded"
    ! grep -qF "$(printf '\u202e')" "$recorded"
    [ "$(grep -cF "$(printf '\ec')" "$recorded")" = 0 ]
}

@test "hostile names of an answer are stored harmless" {
    save_polls 1
    jq --arg name $'\e[2Jevil\u202e\u0007' '.tickets[0].s = $name | .tickets[0].r = $name' "$BATS_TEST_TMPDIR/1.json" >"$BATS_TEST_TMPDIR/2.json"
    cp "$BATS_TEST_TMPDIR/1.at" "$BATS_TEST_TMPDIR/2.at"
    take_poll 2
    screen_record
    workstation 7000001 --screen listings
    screen_shows '10 min ago'
    workstation_quit
    ! grep -qF $'\e[2Jevil' "$recorded"
}
