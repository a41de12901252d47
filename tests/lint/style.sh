#!/bin/sh
# clang-format decides how C looks. Its versions disagree in small things, so only that of Debian 12 is asked.
set -u
cd "${1:-.}" || exit 2
format=$(command -v clang-format-14 || command -v clang-format) || format=
if [ -z "$format" ] || ! "$format" --version | grep -q 'version 14\.'; then
    echo "not asked: clang-format 14 is not installed"
    exit 0
fi
find src tui tests -name '*.[ch]' | LC_ALL=C sort | xargs "$format" --dry-run -Werror 2>&1 |
    sed -n 's/: error: code should be clang-formatted.*/: clang-format would write this otherwise (make format)/p' |
    awk -F: '!seen[$1]++ { print } END { exit NR > 0 }'
