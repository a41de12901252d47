load sync_helper

setup_file() { sync_setup_file; }
teardown_file() { pg_stop; }
setup() { sync_setup; }
teardown() { sync_teardown; }

# Everything still waits: the outbox is as it was.
untouched() {
    [ "$(sqlite3 "$TWS_DB" 'select count(*) from outbox')" = "$(sqlite3 "$FORTNIGHT" 'select count(*) from outbox')" ]
}

admin() {
    psql -XqAt -U supabase_admin "$@"
}

@test "a host that nobody answers at" {
    TWS_DATABASE_URL=postgresql://postgres:secret9@127.0.0.1:1/postgres run "$TWS" sync
    refused 6 'nobody answers at that host and port' 'TWS_DATABASE_URL'
    [[ $output != *secret9* ]]
    untouched
}

@test "a host name that is none" {
    TWS_DATABASE_URL=postgresql://postgres:secret9@no.such.host.invalid/postgres run timeout 30 "$TWS" sync
    refused 6 'the host name is not known' 'TWS_DATABASE_URL'
}

@test "a server that is silent is given up within the deadline" {
    proxy delay=60000
    start=$SECONDS
    run timeout 30 "$TWS" sync
    refused 6 'the server does not answer'
    [ $((SECONDS - start)) -le 12 ]
}

@test "a wrong password, which is not shown" {
    TWS_DATABASE_URL=${TWS_DATABASE_URL/postgres:postgres@/postgres:secret9@} run "$TWS" sync
    refused 6 'the password or user is wrong' 'TWS_DATABASE_URL'
    [[ $output != *secret9* ]]
    untouched
}

@test "TLS is asked for and the server has none" {
    admin -d postgres -c 'alter system set ssl = off' -c 'select pg_reload_conf()' >/dev/null
    for _ in $(seq 50); do
        TWS_DATABASE_URL=${DIRECT/localhost/127.0.0.1} run "$TWS" sync
        [[ $output == *'offers no TLS'* ]] && break
    done
    admin -d postgres -c 'alter system reset ssl' -c 'select pg_reload_conf()' >/dev/null
    refused 6 'the server offers no TLS' 'sslmode=disable'
}

@test "no certificate of the authority" {
    TWS_DATABASE_URL=${DIRECT%%\?*} run "$TWS" sync
    refused 6 'there is no CA certificate to check the server by' 'database.ca_file'
    TWS_DATABASE_URL=${DIRECT%%\?*} TWS_DATABASE_CA=$BATS_TEST_TMPDIR/none.crt run "$TWS" sync
    refused 6 'there is no CA certificate to check the server by' 'database.ca_file'
    TWS_DATABASE_URL=${DIRECT%%\?*} TWS_DATABASE_CA=$PG_FOLDER/ca.crt run "$TWS" sync
    [ "$status" = 0 ]
}

@test "a certificate of another authority, or for another host" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=others \
        -keyout "$BATS_TEST_TMPDIR/key" -out "$BATS_TEST_TMPDIR/other.crt" 2>/dev/null
    TWS_DATABASE_URL=${DIRECT%%\?*} TWS_DATABASE_CA=$BATS_TEST_TMPDIR/other.crt run "$TWS" sync
    refused 6 'not from the CA that is trusted' 'database.ca_file'
    TWS_DATABASE_URL="${DIRECT/localhost/wrong.example}&hostaddr=127.0.0.1" run "$TWS" sync
    refused 6 'for another host name' 'sslmode=verify-ca'
    untouched
}

@test "a role that may not" {
    admin -c "create role clerk login password 'clerk9'" 2>/dev/null || true
    TWS_DATABASE_URL=${DIRECT/postgres:postgres@/clerk:clerk9@} run "$TWS" sync
    refused 6 'permission denied' 'connect as a role that may'
    untouched
}

@test "a database without the schema, one that is behind, one that is ahead" {
    database bare old
    run "$TWS" sync
    refused 6 'does not exist' 'tws migrate'
    database behind migrated
    sql -c 'delete from supabase_migrations.schema_migrations where version = (select max(version) from supabase_migrations.schema_migrations)'
    run "$TWS" sync
    refused 6 'this tws needs' 'tws migrate'
    database ahead migrated
    sql -c "insert into supabase_migrations.schema_migrations (version, name) values ('99990101000000', 'later')"
    run "$TWS" sync
    refused 6 'has schema 99990101000000' 'newer tws'
    run "$TWS" migrate
    refused 6 'has migration 99990101000000 later' 'newer tws'
    untouched
}

@test "a tenant that is unknown, and several of which none is named" {
    run "$TWS" sync --tenant Nobody
    refused 6 "no tenant 'Nobody'" 'sync.tenant'
    sql -c "insert into tenants (name) values ('Second')"
    run "$TWS" sync
    refused 6 'several tenants' '--tenant'
    untouched
    TWS_TENANT=Second run "$TWS" sync
    [ "$status" = 0 ]
    sql -c 'truncate tenants cascade'
    run "$TWS" sync
    refused 6 'no tenant yet' 'tws migrate --tenant NAME'
}

@test "a server that is read-only is waited out" {
    sql -c "alter role postgres in database $PGDATABASE set default_transaction_read_only = on"
    run "$TWS" sync
    sql -c 'set default_transaction_read_only = off' -c "alter role postgres in database $PGDATABASE reset default_transaction_read_only"
    refused 6 'the server is read-only' 'nothing is lost'
    untouched
    "$TWS" -q sync
    same
    sql -c "alter role postgres in database $PGDATABASE set default_transaction_read_only = on"
    run "$TWS" sync --verify
    sql -c 'set default_transaction_read_only = off' -c "alter role postgres in database $PGDATABASE reset default_transaction_read_only"
    [ "$status" = 0 ]
}

@test "a disk that fills up there, and a statement that takes too long" {
    sql -c "create function refuse() returns trigger language plpgsql as \$\$ begin
            raise exception 'could not extend file: No space left on device' using errcode = '53100'; end \$\$" \
        -c 'create trigger refuse before insert on aggregated_analytics for each statement execute function refuse()'
    run "$TWS" sync
    refused 6 "the server's disk is full" 'nothing is lost'
    sql -c "create or replace function refuse() returns trigger language plpgsql as \$\$ begin
            raise exception 'canceling statement due to statement timeout' using errcode = '57014'; end \$\$"
    run "$TWS" sync
    refused 6 'the server took too long'
    sql -c 'drop trigger refuse on aggregated_analytics'
    "$TWS" -q sync
    same
}

@test "too many connections" {
    admin -c "alter role postgres connection limit 0"
    run "$TWS" sync
    admin -c "alter role postgres connection limit -1"
    refused 6 'too many connections'
    untouched
}

@test "no database is configured, or not by a URL" {
    unset TWS_DATABASE_URL
    for command in sync pull migrate 'sync --verify'; do
        # shellcheck disable=SC2086
        run "$TWS" $command
        refused 2 'no team database is configured' 'TWS_DATABASE_URL'
    done
    for url in 'nonsense' 'postgresql://u:pa@ss9word@127.0.0.1/x' 'postgresql://u:pa/ss9word@127.0.0.1/x' 'postgres:/u:ss9word@h'; do
        TWS_DATABASE_URL=$url run "$TWS" sync
        refused 2 'is no connection URL' '%40'
        [[ $output != *ss9word* ]]
    done
}

@test "migrations refuse a transaction pooler" {
    TWS_DATABASE_URL=${DIRECT/:$PG_PORT/:6543} run "$TWS" migrate
    refused 2 'port 6543 is a transaction pooler' '5432'
}

@test "a config file that others can read holds no secret" {
    unset TWS_DATABASE_URL
    export TWS_CONFIG=$BATS_TEST_TMPDIR/config.ini
    printf '[database]\nurl = %s\n' "$DIRECT" >"$TWS_CONFIG"
    chmod 644 "$TWS_CONFIG"
    run "$TWS" sync
    refused 2 'the file holds a secret and others may read it' 'chmod 600'
    chmod 600 "$TWS_CONFIG"
    run "$TWS" sync
    [ "$status" = 0 ]
    run "$TWS" doctor --format csv
    [[ $output == *'database.url,,file,"(set, not shown)"'* ]]
    [[ $output != *'postgres:postgres'* ]]
}

@test "the disk is full here" {
    unshare -m mount -t tmpfs none "$BATS_TEST_TMPDIR" 2>/dev/null || skip 'nothing can be mounted here'
    start=$(du -k "$TWS_DB" | cut -f 1)
    run unshare -m bash -c '
        mkdir -p "$0" && mount -t tmpfs -o size='$((start + 96))'k none "$0" && cp "$TWS_DB" "$0/store.db"
        "$1" --db "$0/store.db" sync; first=$?
        mount -o remount,size=256m none "$0"
        "$1" --db "$0/store.db" -q sync && "$1" --db "$0/store.db" sync --verify || exit 1
        exit $first' "$BATS_TEST_TMPDIR/disk" "$TWS"
    refused 5 'the disk is full' 'no difference'
}
