#!/bin/sh
# One module, one noun: what frame.h declares starts with frame_ (or with the name of a struct that it defines), and what
# an object exports is declared in a header. No exported variables, unless constant and named for their file or folder's
# module, as cmd_zones in cmd_zones.c. Needs the objects of a build: $B, by default build/release.
set -u
cd "${1:-.}" || exit 2
B=${B:-build/release}
objects=$(find "$B/src" "$B/tui" -name '*.o' 2>/dev/null)
[ -n "$objects" ] || { echo "Makefile:1: no objects to look at in $B; build first"; exit 1; }

{
    find src tui -name '*.h' | LC_ALL=C sort | xargs awk -f tests/lint/headers.awk
    # shellcheck disable=SC2086
    nm -A -g --defined-only --format=sysv $objects | awk -F'[|]' -v B="$B" '
        NF >= 7 {
            gsub(/ /, "")
            split($1, at, ":")
            source = substr(at[1], length(B) + 2)
            sub(/o$/, "c", source)
            print source ":1:" ($3 == "T" ? "exported" : $7 ~ /\.rodata|\.data\.rel\.ro/ ? "constant" : "variable") ":" at[2] ":"
        }'
} | awk -F: '
    function module(path) {
        sub(/.*\//, "", path)
        sub(/(_private)?\.[ch]$/, "", path)
        return path
    }
    function starts(name, prefix) { return name == prefix || index(name, prefix "_") == 1 }
    $3 == "type" { types[$1] = types[$1] " " $4 }
    $3 == "function" { declared[$4] = 1; header[++count] = $1; line[count] = $2; name[count] = $4 }
    $3 == "exported" && $4 != "main" && !($4 in declared) {
        print $1 ":1: " $4 "() is exported, but no header declares it"
    }
    $3 == "variable" { print $1 ":1: " $4 " is an exported variable" }
    $3 == "constant" {
        noun = module($1)
        sub(/_.*/, "", noun)
        if (!starts($4, module($1)) && !starts($4, noun))
            print $1 ":1: " $4 " is exported without the name of its module"
    }
    END {
        for (i = 1; i <= count; i++) {
            fine = starts(name[i], module(header[i]))
            for (n = split(types[header[i]], type, " "); n > 0 && !fine; n--) fine = starts(name[i], type[n])
            if (!fine)
                print header[i] ":" line[i] ": " name[i] "() does not start with " module(header[i]) "_"
        }
    }' | awk '{ print } END { exit NR > 0 }'
