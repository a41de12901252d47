#!/usr/bin/env bats
# What can be said about a team's database without one; tests/pg asks real servers.
load helper

setup() {
    clean_environment "$BATS_TEST_TMPDIR"
    unset TWS_DATABASE_URL TWS_DATABASE_CA TWS_TENANT TWS_SYNC_SNAPSHOTS TWS_SYNC_DAILY_BYTES
    no_platform
    export TWS_DB=$BATS_TEST_TMPDIR/store.db
    tws -q track 1 2>/dev/null || true
}

@test "without a database every command of the group says how to name one" {
    for command in migrate 'migrate --dry-run' sync 'sync --verify' pull; do
        # shellcheck disable=SC2086
        run --separate-stderr -2 tws $command
        [ -z "$output" ]
        [[ $stderr == *'no team database is configured'*'hint: set TWS_DATABASE_URL'* ]]
    done
}

@test "options that do not go together" {
    export TWS_DATABASE_URL=postgresql://u@127.0.0.1:1/d
    run --separate-stderr -2 tws sync --verify --full
    [[ $stderr == *'--verify only compares'* ]]
    run --separate-stderr -2 tws sync --full --since 7d
    [[ $stderr == *'give --full or --since'* ]]
    run --separate-stderr -2 tws sync --since yesterday
    [[ $stderr == *"option '--since'"* ]]
    run --separate-stderr -2 tws migrate --tenant x --dry-run
    [[ $stderr == *'--dry-run makes nothing'* ]]
    run --separate-stderr -2 tws sync nonsense
    [[ $stderr == *'too many arguments'* ]]
}

@test "settings of sync are checked" {
    TWS_SYNC_SNAPSHOTS=maybe run --separate-stderr -2 tws sync --dry-run
    [[ $stderr == *'none of off, on'* ]]
    TWS_SYNC_DAILY_BYTES=-1 run --separate-stderr -2 tws sync --dry-run
    [[ $stderr == *'TWS_SYNC_DAILY_BYTES'* ]]
}

@test "nobody there is 6, in JSON too, and the password is nowhere" {
    export TWS_DATABASE_URL=postgresql://u:hush9hush@127.0.0.1:1/d
    for command in migrate sync pull; do
        run --separate-stderr -6 tws "$command"
        [[ $stderr == *'nobody answers at that host and port'* ]]
        [[ $stderr != *hush9hush* ]]
    done
    run --separate-stderr -6 tws sync --format json
    [ "$(tail -n 1 <<<"$stderr" | jq -r .error.code)" = REMOTE_ERROR ]
    run tws doctor
    [[ $output != *hush9hush* ]]
    [[ $output == *'(set, not shown)'* ]]
}

@test "what waits is known without a server" {
    run -0 tws sync --dry-run
    [ "$output" = '1 event would be sent' ] || [ "$output" = '1 events would be sent' ]
    run -0 tws sync --dry-run --format json
    [ "$(jq '.data[0].events' <<<"$output")" = 1 ]
    run --separate-stderr -0 tws status
    [[ $stderr != *team* ]]
    TWS_DATABASE_URL=postgresql://u@127.0.0.1:1/d run --separate-stderr -0 tws status
    [[ $stderr == *'team: last sync never, 1 change waiting'* ]]
    run -0 tws doctor --format csv
    [[ $output == *'team,,,no database is configured'* ]]
}

@test "sync-lag is told where there is a team, and is nothing elsewhere" {
    run -0 tws check 'sync-lag > 1s'
    [ "$(tws status --service --format json | jq '[.data[] | select(.name == "sync_lag")] | length')" -eq 0 ]
    export TWS_DATABASE_URL=postgresql://u@127.0.0.1:1/d
    sqlite3 "$TWS_DB" "UPDATE outbox SET since_ms = (strftime('%s', '$TWS_NOW') - 7200) * 1000"
    run -10 tws check 'sync-lag > 1h' --format json
    [ "$(jq -c '.data[0] | [.value, .unit]' <<<"$output")" = '[7200,"seconds"]' ]
    [ "$(tws status --service --format json | jq -c '.data[] | select(.name == "sync_lag") | [.value, .unit]')" = '[7200,"s"]' ]
    run -0 tws check 'sync-lag > 3h'
    run --separate-stderr -0 tws status
    [[ $stderr == *'1 change waiting, the oldest for 2 h'* ]]
}
