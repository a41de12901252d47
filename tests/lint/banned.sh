#!/bin/sh
# Calls that have a better one in the house, or none at all.
set -u
cd "${1:-.}" || exit 2
find src tui -name '*.[ch]' | LC_ALL=C sort | xargs awk -f tests/lint/code.awk | awk '
    function ban(names, why, allowed,   list, i, count) {
        count = split(names, list, " ")
        for (i = 1; i <= count; i++) { reason[list[i]] = why; room[list[i]] = allowed }
    }
    BEGIN {
        ban("sprintf vsprintf strcpy strcat strncpy strncat stpcpy gets", "writes without a limit; use buf or snprintf")
        ban("strtok", "keeps hidden state; use text")
        ban("atoi atol atoll atof sscanf", "does not tell a number from rubbish; use text, money or when")
        ban("localtime gmtime ctime asctime", "shares one static buffer; use date or tzfile")
        ban("system popen", "runs a shell")
        ban("malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf getline", "memory is of base/mem", "src/base/mem.c")
        ban("time gettimeofday clock_gettime timespec_get", "the time comes from base/clock", "src/base/clock.c")
        ban("printf vprintf puts putchar", "only src/cli speaks on stdout", "src/cli/")
    }
    {
        code = $0
        sub(/^[^:]*:[^:]*:/, "", code)
        where = substr($0, 1, length($0) - length(code) - 1)
        if (code ~ /(^|[^A-Za-z0-9_])stdout([^A-Za-z0-9_]|$)/ && where !~ /^src\/cli\//)
            print where ": only src/cli knows stdout"
        while (match(code, /[A-Za-z_][A-Za-z0-9_]*[ ]*\(/)) {
            name = substr(code, RSTART, RLENGTH)
            sub(/[ ]*\($/, "", name)
            before = substr(code, 1, RSTART - 1)
            code = substr(code, RSTART + RLENGTH)
            if (name in reason && before !~ /(\.|->)$/ && (room[name] == "" || index(where, room[name]) != 1))
                print where ": " name "() is banned: " reason[name]
        }
    }' | awk '{ print } END { exit NR > 0 }'
