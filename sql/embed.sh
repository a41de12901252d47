#!/bin/sh
# Turns the .sql files into C: build/gen/sql.h (ids) and build/gen/sql.c (texts as byte arrays, checksums).
# A query's id is SQL_ and its file name in upper case; a migration is known by its leading number, those of a team's
# database (sql/supabase) by the 14 digits that the Supabase CLI knows them by. What a team_*_hours.sql does with hours its
# team_*_days does with days, which are a table of the same shape: that one is made here.
set -eu
root=$1 out=$2
rm -rf "$out/query"
mkdir -p "$out/query"
cp "$root"/query/*.sql "$out/query"
for hours in "$out"/query/team_*_hours.sql; do
    sed 's/aggregated_analytics/daily_analytics/g; s/hours/days/g; s/Hours/Days/g; s/3600/86400/g' "$hours" >"${hours%_hours.sql}_days.sql"
done
query=$(cd "$out/query" && LC_ALL=C ls -- *.sql)
sqlite=$(cd "$root/sqlite" && LC_ALL=C ls -- *.sql)
team=$(cd "$root/supabase/migrations" && LC_ALL=C ls -- *.sql)

bytes() { od -An -v -tu1 "$1" | sed 's/  */,/g; s/^,//; s/$/,/'; echo 0; }
upper() { echo "${1%.sql}" | tr 'a-z-' 'A-Z_'; }

{
    echo '/* Made by sql/embed.sh. */'
    echo '#ifndef SQL_H'
    echo '#define SQL_H'
    echo 'enum sql_id {'
    for f in $query; do echo "    SQL_$(upper "$f"),"; done
    echo '    SQL_COUNT'
    echo '};'
    echo 'struct sql_migration { int version; const char *name; const char *text; const char *sha256; };'
    echo '/* The text of a statement; static. */'
    echo 'const char *sql_text(enum sql_id id);'
    echo '/* The name of its file without .sql; static. */'
    echo 'const char *sql_name(enum sql_id id);'
    echo '/* The migrations of the local store in order; `count` of them. */'
    echo 'const struct sql_migration *sql_migrations(int *count);'
    echo 'struct sql_team_migration { const char *version, *name, *text; };'
    echo '/* The migrations of a team database in order; `count` of them. */'
    echo 'const struct sql_team_migration *sql_team_migrations(int *count);'
    echo '#endif'
} >"$out/sql.h.new"

{
    echo '/* Made by sql/embed.sh. */'
    echo '#include "sql.h"'
    for f in $query; do
        echo "static const char q_$(upper "$f")[] = {"
        bytes "$out/query/$f"
        echo '};'
    done
    for f in $sqlite; do
        echo "static const char m_${f%%_*}[] = {"
        bytes "$root/sqlite/$f"
        echo '};'
    done
    for f in $team; do
        echo "static const char t_${f%%_*}[] = {"
        bytes "$root/supabase/migrations/$f"
        echo '};'
    done
    echo 'static const struct { const char *name, *text; } texts[] = {'
    for f in $query; do echo "    {\"${f%.sql}\", q_$(upper "$f")},"; done
    echo '};'
    echo 'static const struct sql_migration migrations[] = {'
    for f in $sqlite; do
        number=$(echo "${f%%_*}" | sed 's/^0*//')
        sum=$(sha256sum <"$root/sqlite/$f" | cut -d' ' -f1)
        echo "    {$number, \"${f%.sql}\", m_${f%%_*}, \"$sum\"},"
    done
    echo '};'
    echo 'const char *sql_text(enum sql_id id) { return texts[id].text; }'
    echo 'const char *sql_name(enum sql_id id) { return texts[id].name; }'
    echo 'const struct sql_migration *sql_migrations(int *count)'
    echo '{'
    echo '    *count = (int)(sizeof migrations / sizeof *migrations);'
    echo '    return migrations;'
    echo '}'
    echo 'static const struct sql_team_migration team_migrations[] = {'
    for f in $team; do
        name=${f#*_}
        echo "    {\"${f%%_*}\", \"${name%.sql}\", t_${f%%_*}},"
    done
    echo '};'
    echo 'const struct sql_team_migration *sql_team_migrations(int *count)'
    echo '{'
    echo '    *count = (int)(sizeof team_migrations / sizeof *team_migrations);'
    echo '    return team_migrations;'
    echo '}'
} >"$out/sql.c.new"

# An unchanged header keeps its time, so that editing a query rebuilds one file, not all.
cmp -s "$out/sql.h.new" "$out/sql.h" || mv "$out/sql.h.new" "$out/sql.h"
mv "$out/sql.c.new" "$out/sql.c"
rm -f "$out/sql.h.new"
