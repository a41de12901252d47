#!/bin/sh
# Runs a file of pgTAP tests in a database with the migrations, in both worlds of default privileges: sh tests/pg/tap.sh FILE. The
# server is a throw-away of its own, or with PG_FOLDER one that runs already.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${PG_FOLDER:-$(mktemp -d)}
export PGHOST="$folder" PGOPTIONS='-c client_min_messages=warning'
if [ -z "${PG_FOLDER:-}" ]; then
    chmod 755 "$folder"
    trap 'sh "$here/server.sh" stop "$folder"; rm -rf "$folder"' EXIT
    PGPORT=$(sh "$here/server.sh" start "$folder")
    export PGPORT
    for database in postgres old; do
        for file in "$here"/../../sql/supabase/migrations/*.sql; do
            psql -Xq1 -v ON_ERROR_STOP=1 -U postgres -d "$database" -f "$file" >/dev/null
        done
    done
fi
for database in postgres old; do
    psql -Xq -v ON_ERROR_STOP=1 -U supabase_admin -d "$database" -f "$here/actors.sql" >/dev/null
    psql -XqAt -v ON_ERROR_STOP=1 -U postgres -d "$database" -f "$1"
done
