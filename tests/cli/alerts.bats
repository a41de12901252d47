#!/usr/bin/env bats
load helper

setup_file() {
    clean_environment "$BATS_FILE_TMPDIR"
    simulator --listings 60 --base 2026-02-09
    tws -q track 7000001 7000002
    stop_simulator
    for at in 12:00 13:00 14:00 15:00 16:00 17:00 18:00; do
        poll_at "2026-02-09T$at:00Z"
    done
}

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    export TWS_DB=$BATS_TEST_TMPDIR/tws.db
    cp "$BATS_FILE_TMPDIR/home/.local/share/tws/tws.db" "$TWS_DB"
    CONFIG=$HOME/.config/tws/config.ini
    mkdir -p "${CONFIG%/*}"
}

teardown() {
    [[ ! ${SMTPD_PID:-} ]] || kill "$SMTPD_PID" 2>/dev/null || true
}

# configure LINE...: the section [alerts].
configure() {
    printf '[alerts]\n' >"$CONFIG"
    printf '%s\n' "$@" >>"$CONFIG"
}

@test "check exits 10 when the rule holds, 0 when not, and prints value and threshold" {
    price=$(tws trends 7000001 --by snapshot --format json | jq '.data[-1].min_price')
    run --separate-stderr -10 tws check "price <= $price" 7000001 --format json
    [ "$(jq -c --argjson price "$price" '.data[0] | [.event, .name, .holds, .value == $price, .threshold == $price, .unit,
        .timestamp]' <<<"$output")" = "[\"vividseats:7000001\",$(tws events --format json |
        jq '.data[] | select(.event == "vividseats:7000001").name'),true,true,true,\"money\",\"2026-02-09T18:00:00Z\"]" ]
    [ -z "$stderr" ]
    run -0 tws check "price < $price" 7000001
    [[ $output == *" no "* ]]
    run -0 tws check "price < 0.01"
    run -0 tws check 'stale > 1h'
    TWS_NOW=2026-02-09T19:00:01Z run -10 tws check 'stale > 1h' --format csv
    [[ $output == *"vividseats:7000001,"*",true,3601,3600,seconds,2026-02-09T18:00:00Z"* ]]
    run -0 tws check 'db-size > 1TB'
}

@test "check prints every format, and knows what it is asked about" {
    for format in table csv json ndjson markdown; do
        run -10 tws check 'tickets > 0' --format "$format"
        [[ $output == *7000001*7000002* ]]
    done
    run --separate-stderr -2 tws check 'tickets > 0 in Nowhere' 7000001
    [[ $stderr == *"has no zone 'Nowhere'"* ]]
    run --separate-stderr -2 tws check 'db-size > 1GB' 7000001
    run --separate-stderr -2 tws check 'price < 10 at 1'
    run --separate-stderr -2 tws check 'price < ten'
    [ "$stderr" = "tws: 'price < ten': character 9: 'ten' is no amount
hint: an amount is 150 or 149.99" ]
}

@test "rules are added to the store, listed with those of the file, and removed" {
    configure 'filed = stale > 2h'
    run -0 tws alerts add cheap 'price < 1 for 2'
    [ "$output" = "added cheap: price < 1 for 2" ]
    run -0 tws alerts add many tickets '>' 0
    run -0 tws alerts --format json
    [ "$(jq -c '[.data[] | [.name, .rule, .origin, .problem]]' <<<"$output")" = \
        '[["filed","stale > 2h","line 2",null],["cheap","price < 1 for 2","store",null],["many","tickets > 0","store",null]]' ]
    run --separate-stderr -2 tws alerts add cheap 'price < 2'
    [[ $stderr == *"there is a rule 'cheap' already"* ]]
    run --separate-stderr -2 tws alerts add filed 'price < 2'
    [[ $stderr == *"is in the config file, "*config.ini:2* ]]
    run --separate-stderr -2 tws alerts remove filed
    [[ $stderr == *"is in the config file, "*config.ini:2* ]]
    run -0 tws alerts remove cheap
    run --separate-stderr -2 tws alerts remove cheap
    run --separate-stderr -2 tws alerts add Bad 'price < 2'
    run --separate-stderr -2 tws alerts add bad 'prize < 2'
    [[ $stderr == *"rule 'bad': character 1: 'prize' is nothing that a rule can measure"* ]]
    run --separate-stderr -2 tws alerts add far 'price < 2 at 99'
    run --separate-stderr -2 tws alerts lsit
    [[ $stderr == *"did you mean 'list'?"* ]]
    [ "$(tws alerts list --format csv | wc -l)" -eq 3 ]
}

@test "a broken rule or setting in the file names its line and what is allowed" {
    configure 'to = stderr, fax'
    run --separate-stderr -2 tws alerts
    [[ $stderr == *"config.ini:2: setting 'alerts.to': 'stderr, fax' is none of stderr, exec, webhook, mail"* ]]
    configure 'fine = blocked' 'cheap = price < 10 within 2h'
    run --separate-stderr -2 tws events
    [[ $stderr == *"config.ini:3: rule 'cheap': character 12: 'within' is not understood here"*"allowed here: for K"* ]]
    configure 'quiet = 22-7'
    run --separate-stderr -2 tws alerts
    [[ $stderr == *"config.ini:2: setting 'alerts.quiet': '22-7' are no quiet hours"*"22:00-07:00"* ]]
    configure 'a = blocked' 'a = sold-out'
    run --separate-stderr -2 tws alerts
    [[ $stderr == *"config.ini:3: rule 'a' is there twice, first in line 2"* ]]
}

@test "run fires once, says so on stderr, and history tells what and where" {
    tws -q alerts add many 'tickets > 0 at 7000001'
    run --separate-stderr -0 tws alerts run
    [ "$output" = "1 judged: 1 fired, 0 cleared, 1 told; 1 sent, 0 not" ]
    [[ $stderr == "tws: warning: alert many: "*"(tickets > 0 at 7000001)"*", vividseats:7000001" ]]
    run --separate-stderr -0 tws alerts run
    [ "$output" = "1 judged: 0 fired, 0 cleared, 0 told; 0 sent, 0 not" ]
    [ -z "$stderr" ]
    run -0 tws alerts history --format json
    [ "$(jq -c '.data[0] | [.timestamp, .name, .event, .threshold, .told, .cleared, .arrived, .failed]' <<<"$output")" = \
        '["2026-02-09T18:00:00Z","many","vividseats:7000001","0","2026-02-09T18:00:00Z",null,["stderr"],[]]' ]
    [ "$(jq '.data | length' <<<"$output")" -eq 1 ]
    run -0 tws alerts list --format json
    [ "$(jq -c '.data[0] | [.holds, .judged, .last_fired]' <<<"$output")" = '[1,1,"2026-02-09T18:00:00Z"]' ]
}

@test "test replays a rule over history as the store's own numbers say" {
    run --separate-stderr -0 tws alerts test 'drop >= 0.01 within 1h at 7000001' --from 7d --format json
    # a fall against the poll before, by the figures that trends prints
    falls=$(tws trends 7000001 --by snapshot --format json | jq -c '[.data as $d | range(1; $d | length) |
        select($d[.].min_price < $d[. - 1].min_price) | $d[.].timestamp]')
    fired=$(jq -c '[.data[] | select(.change == "fired").timestamp]' <<<"$output")
    [ "$(jq -n --argjson a "$falls" --argjson b "$fired" '($b - $a) == []')" = true ]
    [[ $stderr == "fired $(jq length <<<"$fired") time"* ]]
    run --separate-stderr -0 tws alerts test 'tickets > 0' --from 2026-02-09T14:30:00Z --format csv
    [ "${lines[1]%%,*}" = 2026-02-09T15:00:00Z ]
    [ "$stderr" = "fired 2 times, told 2; on 2 of 2; holds at the end on 2" ]
    tws -q alerts add many 'tickets > 0'
    run --separate-stderr -0 tws alerts test many
    [ "$stderr" = "fired 2 times, told 2; on 2 of 2; holds at the end on 2" ]
    run --separate-stderr -2 tws alerts test 'disk-free < 1GB'
    run --separate-stderr -2 tws alerts test 'price < 1' --from yesterday
}

@test "exec gets the alerts as JSON, and one that hangs or fails is told of" {
    configure 'to = exec' "exec = dd status=none of=$BATS_TEST_TMPDIR/got" 'many = tickets > 0'
    run -0 tws alerts run
    run -0 jq -r '.alerts[] | "\(.name) \(.event) \(.unit) \(.threshold)"' "$BATS_TEST_TMPDIR/got"
    [ "$output" = "many vividseats:7000001 count 0
many vividseats:7000002 count 0" ]
    configure 'to = exec' 'exec = false' 'some = tickets > 1'
    run --separate-stderr -6 tws alerts run
    [[ $stderr == *"2 alerts not sent by exec: 'false' ended with 1"* ]]
    run -0 tws alerts history --format json
    [ "$(jq -c '[.data[] | select(.name == "some").failed]' <<<"$output")" = \
        "[[\"exec: 'false' ended with 1\"],[\"exec: 'false' ended with 1\"]]" ]
}

@test "a mail server gets a message for each address" {
    python3 -c 'import aiosmtpd' 2>/dev/null || PYTHON=/usr/bin/python3
    PYTHON=${PYTHON:-python3}
    "$PYTHON" -c 'import aiosmtpd' 2>/dev/null || skip "no python3-aiosmtpd"
    exec {port_fd}< <(exec "$PYTHON" "$BATS_TEST_DIRNAME/smtpd.py" "$BATS_TEST_TMPDIR/mail" 3>&-)
    SMTPD_PID=$!
    read -r port <&"$port_fd"
    configure 'to = mail' "mail_server = smtp://127.0.0.1:$port" 'mail_from = tws@example.org' \
        'mail_to = ann@example.org, ben@example.org' 'many = tickets > 0'
    run -0 tws alerts run
    [ "$output" = "2 judged: 2 fired, 0 cleared, 2 told; 2 sent, 0 not" ]
    mail=$BATS_TEST_TMPDIR/mail
    [ "$(head -n 1 "$mail")" = "MAIL FROM tws@example.org TO ann@example.org ben@example.org" ]
    grep -qx 'Date: Mon, 09 Feb 2026 18:00:00 +0000' "$mail"
    grep -qx 'Subject: tws: many and 1 more' "$mail"
    grep -qx 'To: ann@example.org, ben@example.org' "$mail"
    [ "$(grep -c '^many: .* (tickets > 0), .*, vividseats:700000[12]$' "$mail")" -eq 2 ]
    kill "$SMTPD_PID"
    configure 'to = mail' 'mail_server = smtp://127.0.0.1:1' 'mail_from = tws@example.org' \
        'mail_to = ann@example.org' 'more = tickets > 1'
    run --separate-stderr -6 tws alerts run
    [[ $stderr == *"2 alerts not sent by mail: "*"127.0.0.1 port 1"* ]]
}

@test "no secret is ever printed" {
    (umask 077; echo wonderland >"$BATS_TEST_TMPDIR/key")
    configure 'to = webhook, mail' 'webhook = http://127.0.0.1:1/services/looking-glass' \
        "webhook_key_file = $BATS_TEST_TMPDIR/key" 'mail_server = smtp://127.0.0.1:1' \
        'mail_from = a@example.org' 'mail_to = b@example.org' 'mail_user = alice' \
        "mail_password_file = $BATS_TEST_TMPDIR/key" 'many = tickets > 0'
    for line in 'alerts run' 'alerts history --format json' 'alerts list' doctor 'sql "select * from alert_message"'; do
        run eval "tws $line"
        [[ $output != *wonderland* && $output != *looking-glass* ]]
    done
    run tws doctor
    [[ $output == *"http://127.0.0.1:1/..."* ]]
    chmod 644 "$BATS_TEST_TMPDIR/key"
    TWS_NOW=2026-02-09T18:10:00Z run -6 tws alerts run
    [[ $output == *"others than its owner can read it"* && $output != *wonderland* ]]
    export TWS_ALERTS_WEBHOOK='http://me:wonderland@127.0.0.1/'
    run --separate-stderr -2 tws alerts
    [[ $stderr == "tws: TWS_ALERTS_WEBHOOK: "* && $stderr != *wonderland* ]]
}

@test "help teaches the language by the examples that it can read" {
    run -0 tws help alerts
    [[ $output == *"usage: tws alerts [options] [list|add|remove|test|history|run]"* ]]
    examples=$(sed -n '/by example:/,/^An alert/s/^  \([a-z].*\)$/\1/p' <<<"$output")
    [ "$(wc -l <<<"$examples")" -ge 16 ]
    while read -r example; do
        example=${example/at 6501519/at 7000001}
        status=0
        tws check "$example" >/dev/null 2>"$BATS_TEST_TMPDIR/stderr" || status=$?
        # a store of one marketplace has no zone or section of every name
        [ "$status" -eq 0 ] || [ "$status" -eq 10 ] || grep -qE "has no (zone|section)" "$BATS_TEST_TMPDIR/stderr"
    done <<<"$examples"
    run -0 tws __complete -- alerts ''
    [[ $output == list*add*remove*test*history*run* ]]
}
