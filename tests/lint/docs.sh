#!/bin/sh
# The header is the manual: a comment stands directly above every prototype, or above the group of prototypes that it is
# about, with no blank line between.
set -u
cd "${1:-.}" || exit 2
find src tui -name '*.h' | LC_ALL=C sort | xargs awk -f tests/lint/headers.awk | awk -F: '
    $3 == "function" && !$5 { print $1 ":" $2 ": " $4 "() has no comment directly above it" }' |
    awk '{ print } END { exit NR > 0 }'
