#!/usr/bin/env bats
# The gateway of sql/supabase/nginx.conf: reads are limited for each client, writes are left to the database.

bats_require_minimum_version 1.5.0

setup_file() {
    command -v nginx >/dev/null || skip 'no nginx'
    export WORK=$BATS_FILE_TMPDIR GATE=$((21000 + $$ % 20000)) BEHIND=$((21001 + $$ % 20000))
    chmod a+rx "$BATS_RUN_TMPDIR" "$WORK"
    {
        echo "pid $WORK/pid; error_log $WORK/log; worker_processes 1; events { } http { access_log off;"
        for place in body proxy fastcgi uwsgi scgi; do
            kind=proxy_temp_path
            [ $place = body ] && kind=client_body_temp_path
            [ $place = proxy ] || [ $place = body ] || kind=${place}_temp_path
            echo "$kind $WORK/$place;"
        done
        echo "server { listen 127.0.0.1:$BEHIND; location / { return 200 'answered'; } }"
        sed "s/127.0.0.1:3000/127.0.0.1:$BEHIND/; s/127.0.0.1:8000/127.0.0.1:$GATE/" "$BATS_TEST_DIRNAME/../../sql/supabase/nginx.conf"
        echo '}'
    } >"$WORK/nginx.conf"
    nginx -p "$WORK" -e "$WORK/log" -c "$WORK/nginx.conf"
}

teardown_file() {
    [ ! -e "$WORK/pid" ] || kill "$(cat "$WORK/pid")"
}

# requests COUNT [curl ARGUMENT...]: how many of so many at once got which status.
requests() {
    local count=$1
    shift
    curl -s -o /dev/null -w '%{http_code}\n' "$@" "http://127.0.0.1:$GATE/rpc/get_events?[1-$count]" | sort | uniq -c | awk '{ print $2 "=" $1 }' | xargs
}

@test "a burst of reads is answered, more is refused with 429 and Retry-After" {
    run -0 requests 30 -H 'x-api-key: one'
    [ "$output" = 200=30 ]
    run -0 requests 100 -H 'x-api-key: one'
    [[ $output == 200=*' 429='* ]]
    run -0 curl -si -H 'x-api-key: one' "http://127.0.0.1:$GATE/"
    while [[ $output == 'HTTP/1.1 200'* ]]; do run -0 curl -si -H 'x-api-key: one' "http://127.0.0.1:$GATE/"; done
    [[ $output == *'Retry-After: 1'*'"code":"PT429"'* ]]
}

@test "one client does not use up what another may do" {
    run -0 requests 100 -H 'Authorization: Bearer two'
    [[ $output == *429=* ]]
    run -0 requests 30 -H 'x-api-key: three'
    [ "$output" = 200=30 ]
}

@test "writes are not counted here" {
    run -0 requests 100 -X POST -H 'x-api-key: four'
    [ "$output" = 200=100 ]
}
