#!/bin/sh
# A library's header is included by its wrapper and nobody else; those of the C library by anyone.
set -u
cd "${1:-.}" || exit 2
find src tui -name '*.[ch]' | LC_ALL=C sort | xargs grep -nE '^ *# *include *[<"]' /dev/null | awk -F: '
    BEGIN {
        wrapper["curl/"] = "src/io/http"
        wrapper["cjson/"] = "src/io/json"
        wrapper["sqlite3.h"] = "src/io/db_private.h" # shared by db.c and stmt.c
        wrapper["microhttpd.h"] = "src/io/httpd"
        wrapper["zstd.h"] = wrapper["libdeflate.h"] = wrapper["brotli/"] = "src/io/zip"
        wrapper["ini.h"] = "src/io/ini"
        wrapper["uuid/"] = "src/io/uuid"
        wrapper["xxhash.h"] = "src/io/hash"
        wrapper["nettle/"] = "src/io/hmac"
        wrapper["libpq-fe.h"] = "src/io/pg"
        wrapper["cairo.h"] = wrapper["cairo-svg.h"] = "src/io/picture_cairo"
        wrapper["ncurses.h"] = wrapper["term.h"] = "tui/term"
        wrapper["openssl/"] = "src/io/digest"
        system_headers = " assert ctype dirent dlfcn endian errno fcntl fenv float fnmatch ftw getopt glob iconv inttypes " \
            "langinfo limits locale malloc math netdb poll pthread pwd regex sched setjmp signal spawn stdalign stdarg " \
            "stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings syslog termios threads time " \
            "unistd wchar wctype wordexp "
    }
    {
        where = $1 ":" $2
        split($3, quoted, /[<>"]/)
        header = quoted[2]
        if ($3 ~ /"/) {
            folder = header
            sub(/[^\/]*$/, "", folder)
            if (header ~ /_private\.h$/ && index($1, "src/" folder) != 1 && index($1, folder) != 1)
                print where ": \"" header "\" is private to " folder
            next
        }
        name = header
        sub(/\.h$/, "", name)
        if (header ~ /^(sys|arpa|netinet|net)\// || index(system_headers, " " name " ")) next
        key = header
        if (!(key in wrapper)) sub(/\/.*/, "/", key)
        if (!(key in wrapper))
            print where ": <" header "> is no header of the C library; name the wrapper of this library in tests/lint/wrappers.sh"
        else if (index($1, wrapper[key]) != 1)
            print where ": <" header "> belongs to " wrapper[key]
    }' | awk '{ print } END { exit NR > 0 }'
