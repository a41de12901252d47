#!/bin/sh
# A throw-away PostgreSQL with what a Supabase project has: sh tests/pg/server.sh start FOLDER prints its port, stop FOLDER ends it, again FOLDER
# PORT starts it once more.
# In it, the database `postgres` has today's default privileges and pg_cron where that is installed; `old` has those of projects
# made before 2026-05-30 and no pg_cron. Migrations are for the role `postgres` (no superuser), password `postgres`; the superuser
# is supabase_admin, password `postgres` too. FOLDER/ca.crt is the authority of its certificate (localhost, 127.0.0.1).
# PGBIN names another PostgreSQL's programs. With PG_CLOCK its clock is that of clock.c, built as $PG_CLOCK.so.
set -eu
here=$(dirname "$0")
PGBIN=${PGBIN:-/usr/lib/postgresql/15/bin}
action=$1 folder=$2 owner=nobody

# PostgreSQL refuses to be run by root.
as_owner() {
    set -- ${PG_CLOCK:+"LD_PRELOAD=$PG_CLOCK.so"} ${PG_CLOCK:+"PG_CLOCK=$PG_CLOCK"} "$@"
    if [ "$(id -u)" = 0 ]; then runuser -u "$owner" -- env -i PATH="$PATH" LC_ALL=C "$@"; else env LC_ALL=C "$@"; fi
}

quietly() { "$@" >"$folder/said" 2>&1 || { cat "$folder/said" >&2; exit 1; }; }

certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=tests \
        -keyout "$folder/ca.key" -out "$folder/ca.crt"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost \
        -keyout "$folder/server.key" -out "$folder/server.csr"
    echo 'subjectAltName=DNS:localhost,IP:127.0.0.1' >"$folder/names"
    openssl x509 -req -in "$folder/server.csr" -CA "$folder/ca.crt" -CAkey "$folder/ca.key" -CAcreateserial -days 2 \
        -extfile "$folder/names" -out "$folder/server.crt"
    chmod 600 "$folder/server.key"
    [ "$(id -u)" != 0 ] || chown "$owner" "$folder/server.key"
}

settings() {
    cat <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$folder'
max_connections = 60
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum_naptime = 5
log_timezone = 'UTC'
timezone = 'UTC'
ssl = on
ssl_cert_file = '$folder/server.crt'
ssl_key_file = '$folder/server.key'
END
    [ ! -e "$("$PGBIN/pg_config" --pkglibdir 2>/dev/null)/pg_cron.so" ] || cat <<END
shared_preload_libraries = 'pg_cron'
cron.database_name = 'postgres'
cron.use_background_workers = on
END
}

# No two servers of a machine may have one port; whoever is refused takes the next.
start_somewhere() {
    port=$((20000 + $$ % 20000))
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        as_owner "$PGBIN/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -o "-p $port" start >"$folder/said" 2>&1 && return
        port=$((port + 37))
    done
    cat "$folder/log" >&2
    exit 1
}

case $action in
start)
    mkdir -p "$folder" && folder=$(cd "$folder" && pwd)
    [ "$(id -u)" != 0 ] || chown "$owner" "$folder"
    quietly certificate
    echo postgres >"$folder/password"
    quietly as_owner "$PGBIN/initdb" -D "$folder/data" -U supabase_admin --pwfile="$folder/password" --no-sync \
        --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8
    settings >>"$folder/data/postgresql.conf"
    start_somewhere
    export PGHOST="$folder" PGPORT="$port" PGUSER=supabase_admin
    quietly psql -XqAt -d postgres -c 'create database old'
    quietly psql -XqAt -d postgres -v old=off -f "$here/supabase.sql"
    quietly psql -XqAt -d old -v old=on -f "$here/supabase.sql"
    echo "$port"
    ;;
again) quietly as_owner "$PGBIN/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -o "-p $3" start ;;
stop) as_owner "$PGBIN/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null ;;
*) echo "usage: server.sh start|stop|again FOLDER [PORT]" >&2; exit 2 ;;
esac
