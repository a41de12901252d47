# What the tests against PostgreSQL share: a server with Supabase's roles and schemas, one for each file of tests.
bats_require_minimum_version 1.5.0

TWS=${TWS:-$BATS_TEST_DIRNAME/../../build/release/tws}
PG_SOURCES=$BATS_TEST_DIRNAME/../../sql/supabase

# Starts the server of a file; for setup_file. PG_URL is what `tws` connects with; `sql` below uses its socket.
pg_start() {
    export PG_FOLDER=$BATS_FILE_TMPDIR/pg
    chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
    PG_PORT=$(sh "$BATS_TEST_DIRNAME/server.sh" start "$PG_FOLDER")
    export PG_PORT PGHOST=$PG_FOLDER PGPORT=$PG_PORT PGDATABASE=postgres PGOPTIONS='-c client_min_messages=warning'
    export PG_URL="postgresql://postgres:postgres@localhost:$PG_PORT/postgres?sslmode=verify-full&sslrootcert=$PG_FOLDER/ca.crt"
}

# Ends it; for teardown_file.
pg_stop() {
    sh "$BATS_TEST_DIRNAME/server.sh" stop "$PG_FOLDER"
}

# Starts it again where it was.
pg_again() {
    sh "$BATS_TEST_DIRNAME/server.sh" again "$PG_FOLDER" "$PG_PORT"
}

# sql [psql ARGUMENT...]: a statement as the owner of the migrations.
sql() {
    psql -XqAt -v ON_ERROR_STOP=1 -U postgres "$@"
}

# Applies the migrations one transaction a file, as `supabase db push` does.
pg_migrate() {
    local file
    for file in "$PG_SOURCES"/migrations/*.sql; do
        sql -1 -f "$file" "$@"
    done
}
