#!/bin/sh
# A file includes only from its own layer or from one to the left, and no header reaches itself:
# src/base < src/io < src/core < tui < src/cli < src/main.c
set -u
cd "${1:-.}" || exit 2
files=$(find src tui -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort)

{
    # shellcheck disable=SC2086
    grep -n '^[ ]*#[ ]*include[ ]*"' $files /dev/null | awk -F: '
        BEGIN { split("src/base src/io src/core tui src/cli src/main.c", names, " "); for (i in names) rank[names[i]] = i }
        function layer(path,   part) {
            split(path, part, "/")
            return path == "src/main.c" ? path : part[1] == "tui" ? "tui" : part[1] "/" part[2]
        }
        {
            split($3, quoted, "\"")
            header = quoted[2]
            if (header == "sql.h" || header == "completions.h") next # made by the build
            path = header ~ /^tui\// ? header : "src/" header
            where = $1 ":" $2
            if (header !~ /\//)
                print where ": \"" header "\" is written without its folder, such as \"base/err.h\""
            else if (!(layer(path) in rank))
                print where ": \"" header "\" is in no layer"
            else if (rank[layer(path)] > rank[layer($1)])
                print where ": " layer($1) " must not know " layer(path) ", and this includes \"" header "\""
        }'
    # shellcheck disable=SC2086
    for header in $(grep -n '^[ ]*#[ ]*include[ ]*"' $files /dev/null | awk -F: '{
            split($3, quoted, "\""); print $1, quoted[2] ~ /^tui\// ? quoted[2] : "src/" quoted[2]
        }' | tsort 2>&1 >/dev/null | sed -n 's/^tsort: \([^-].*\)/\1/p'); do
        echo "$header:1: part of an include cycle"
    done
} | awk '{ print } END { exit NR > 0 }'
