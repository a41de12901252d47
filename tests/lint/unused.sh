#!/bin/sh
# Nothing is there for nobody: a query that no C names, a function that is exported and used in its own file only.
# Needs the objects of a build: $B, by default build/release.
set -u
cd "${1:-.}" || exit 2
objects=$(find "${B:-build/release}/src" "${B:-build/release}/tui" -name '*.o' 2>/dev/null)
[ -n "$objects" ] || { echo "Makefile:1: no objects to look at in ${B:-build/release}; build first"; exit 1; }

{
    { grep -rhow "SQL_[A-Z0-9_]*" src tui; echo; ls sql/query; } | awk '
        !listing { named[$0] = 1; if ($0 == "") listing = 1; next }
        {
            id = toupper("SQL_" substr($0, 1, length($0) - 4))
            gsub(/-/, "_", id)
            if (!(id in named)) print "sql/query/" $0 ":1: no C names " id
        }'
    # shellcheck disable=SC2086
    nm -A $objects | awk -F'[: ]+' '
        $NF ~ /^(main|__.*|\.L.*)$/ { next }
        $(NF - 1) == "U" { used[$NF] = 1 }
        $(NF - 1) == "T" { defined[$NF] = $1 }
        END { for (name in defined) if (!(name in used)) print name, defined[name] }' | LC_ALL=C sort |
    while read -r name object; do
        grep -rqw "$name" tests --include='*.[ch]' && continue
        source=$(echo "$object" | sed "s|^${B:-build/release}/||; s|o\$|c|")
        line=$(grep -nE "^[A-Za-z].*[ *]$name\(" "$source" 2>/dev/null | head -n 1 | cut -d: -f1)
        echo "$source:${line:-1}: $name() is exported and used in this file only; make it static or remove it"
    done
} | awk '{ print } END { exit NR > 0 }'
