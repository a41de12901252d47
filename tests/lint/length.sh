#!/bin/sh
# No function over 70 lines, from its first line to its brace, and no file over 500. clang-format puts a function's
# braces at the start of a line, so they can be counted without a parser.
set -u
cd "${1:-.}" || exit 2
find src tui -name '*.[ch]' | LC_ALL=C sort | xargs awk '
    function past_end() { if (lines > 500) print file ":" lines ": a file of " lines " lines; 500 is the most" }
    FNR == 1 { past_end(); file = FILENAME; start = 0 }
    { lines = FNR }
    /^[A-Za-z_]/ && !body {
        if (!start) start = FNR
        if (/\(/ && !named) name = $0
        named = /\(/ || named
    }
    /^{/ { body = start }
    /^}/ {
        if (body && FNR - body + 1 > 70) {
            sub(/\(.*/, "", name)
            sub(/^.*[ *]/, "", name)
            print FILENAME ":" body ": " name "() has " FNR - body + 1 " lines; 70 is the most"
        }
        body = 0
    }
    /^}/ || (!body && /;[ ]*$/) || /^[ ]*$/ && !body { start = named = 0 }
    END { past_end() }' | awk '{ print } END { exit NR > 0 }'
