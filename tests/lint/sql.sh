#!/bin/sh
# SQL lives in sql/: no string literal in C is a statement. A command line that is shown ("tws sql ...") is none.
set -u
cd "${1:-.}" || exit 2
find src tui -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort | xargs awk -v want=literals -f tests/lint/code.awk | awk '
    {
        text = $0
        sub(/^[^:]*:[^:]*:/, "", text)
        where = substr($0, 1, length($0) - length(text))
        if (text ~ /^"tws /) next
        lower = " " tolower(substr(text, 2))
        if ((" " text) ~ /[^A-Za-z_](SELECT|INSERT|UPDATE|DELETE|CREATE)[ ]+["A-Za-z_*(:?%]/ ||
            lower ~ /[^a-z_](select .* from |insert (or [a-z]+ )?into |update .* set |delete from |create (table|view|index|trigger|unique|temp|virtual) )/)
            print where " SQL belongs in sql/query: " text
    }' | awk '{ print } END { exit NR > 0 }'
