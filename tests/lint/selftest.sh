#!/bin/sh
# Plants one violation at a time in a copy of the tree and asks that the lint it is meant for names it.
set -u
cd "${1:-.}" || exit 2
copy=$(mktemp -d) && trap 'rm -rf "$copy"' EXIT
cp -r src tui sql completions .ci .clang-format "$copy"
mkdir -p "$copy/tests" && cp -r tests/lint "$copy/tests"
mkdir -p "$copy/objects/src/core" "$copy/objects/tui" "$copy/sql/query"
failed=0

# plant FILE: standard input becomes FILE of the copy.
plant() { cat >"$copy/$1"; }

# clean FILE...: takes the planted files away again.
clean() { (cd "$copy" && rm -f "$@"); }

# lint NAME: runs it over the copy.
lint() {
    name=$1
    said=$(cd "$copy" && B=objects sh "tests/lint/$name.sh" 2>&1)
    status=$?
}

# finds PLACE WORDS: the last lint failed and said WORDS at PLACE.
finds() {
    if [ "$status" = 1 ] && echo "$said" | grep -F "$1:" | grep -qF "$2"; then return; fi
    echo "tests/lint/$name.sh:1: does not find what was planted: $1: $2"
    failed=1
}

# allows WORDS: the last lint did not say them.
allows() {
    echo "$said" | grep -qF "$1" || return
    echo "tests/lint/$name.sh:1: complains about what is allowed: $(echo "$said" | grep -F "$1" | head -n 1)"
    failed=1
}

# compile FILE: an object of the planted file, where those lints that read objects look.
compile() {
    object=$copy/objects/${1%.c}.o
    (cd "$copy" && ${CC:-cc} -std=c17 -fPIE -Isrc -I. -c -o "$object" "$1") || failed=1
}

plant src/io/planted.h <<'C'
#include "core/frame.h"
C
lint layers
finds src/io/planted.h:1 'src/io must not know src/core'
plant src/io/planted.h <<'C'
#include "planted_b.h"
C
lint layers
finds src/io/planted.h:1 'without its folder'
plant src/io/planted.h <<'C'
#include "io/planted_b.h"
C
plant src/io/planted_b.h <<'C'
#include "io/planted.h"
C
lint layers
finds src/io/planted_b.h:1 cycle
clean src/io/planted.h src/io/planted_b.h

plant src/core/planted.c <<'C'
/* #include <zstd.h> */
#include <sqlite3.h>
#include <gnutls/gnutls.h>
#include "io/db_private.h"
C
lint wrappers
finds src/core/planted.c:2 '<sqlite3.h> belongs to src/io/db'
finds src/core/planted.c:3 'no header of the C library'
finds src/core/planted.c:4 'private to io/'
allows src/core/planted.c:1:

plant src/core/planted.c <<'C'
const char *a = "SELECT id FROM event";
const char *b = "insert into event values (1)"; /* "select 1 from t" */
const char *c = "tws sql \"select name from event\"";
const char *d = "one statement: SELECT, WITH";
const char *e = "delete" " from "; // "DELETE FROM x"
const char *f = "DELETE "
                "FROM event";
C
lint sql
finds src/core/planted.c:1 'SQL belongs in sql/query'
finds src/core/planted.c:2 'SQL belongs in sql/query'
finds src/core/planted.c:6 'SQL belongs in sql/query'
allows src/core/planted.c:3:
allows src/core/planted.c:4:
allows src/core/planted.c:5:

plant src/core/planted.h <<'C'
/* A head. */
#ifndef PLANTED_H
#define PLANTED_H

struct planted { /* data */
    int (*hook)(int);
};

/* Both are
   explained. */
void planted_one(void);
int planted_two(int a,
                int b);

char *planted_three(void);
void other_four(void); /* a remark is no manual */

/* Fine. */
void planted_five(void);

#endif
C
lint docs
finds src/core/planted.h:15 'planted_three() has no comment'
finds src/core/planted.h:16 'other_four() has no comment'
allows src/core/planted.h:6:
allows src/core/planted.h:11:
allows src/core/planted.h:12:
allows src/core/planted.h:19:

plant src/core/planted.c <<'C'
int planted_count;
static int hidden;
const int planted_limit = 7;
const char *const foreign_text = "x";
void planted_one(void) { hidden++; }
void strayed(void) { planted_one(); }
C
compile src/core/planted.c
lint prefix
finds src/core/planted.h:16 'other_four() does not start with planted_'
finds src/core/planted.c:1 'strayed() is exported, but no header declares it'
finds src/core/planted.c:1 'planted_count is an exported variable'
finds src/core/planted.c:1 'foreign_text is exported without the name of its module'
allows src/core/planted.h:15:
allows planted_limit
allows hidden

lint unused
finds src/core/planted.c:6 'strayed() is exported and used in this file only'
echo '-- nobody asks' >"$copy/sql/query/planted.sql"
lint unused
finds sql/query/planted.sql:1 'no C names SQL_PLANTED'
clean src/core/planted.h src/core/planted.c sql/query/planted.sql

plant src/core/planted.c <<'C'
/* malloc(1) */
void *planted(struct vtable *t, char *d) { t->free(d); puts_all("gets(x)"); arena_free(d); return d; }
void *planted_two(void) { return malloc(1); }
void planted_three(char *d) { strcpy (d, "x"); }
long planted_four(void) { return time(NULL); }
void planted_five(void) { printf("x"); }
void planted_six(void) { fputs("x", stdout); }
C
lint banned
finds src/core/planted.c:3 'malloc() is banned'
finds src/core/planted.c:4 'strcpy() is banned'
finds src/core/planted.c:5 'time() is banned'
finds src/core/planted.c:6 'printf() is banned'
finds src/core/planted.c:7 'only src/cli knows stdout'
allows src/core/planted.c:1:
allows src/core/planted.c:2:

{
    printf '/* A comment. */\nstatic int\nplanted_long(int a,\n             int b)\n{\n'
    i=0; while [ $i -lt 66 ]; do echo '    a += b;'; i=$((i + 1)); done
    printf '}\n\nint planted_fits(void)\n{\n'
    i=0; while [ $i -lt 67 ]; do echo '    ;'; i=$((i + 1)); done
    printf '}\n'
} | plant src/core/planted.c
lint length
finds src/core/planted.c:2 'planted_long() has 71 lines'
allows src/core/planted.c:74:
{ echo 'int planted;'; i=0; while [ $i -lt 500 ]; do echo; i=$((i + 1)); done; } | plant src/core/planted.c
lint length
finds src/core/planted.c:501 'a file of 501 lines'

if ! sh tests/lint/style.sh | grep -q '^not asked'; then
    echo 'int planted( void );' | plant src/core/planted.c
    lint style
    finds src/core/planted.c:1 'make format'
fi

if ! sh tests/lint/shell.sh | grep -q '^not asked'; then
    printf '#!/bin/sh\nrm $1/planted\n' | plant tests/lint/planted.sh
    lint shell
    finds tests/lint/planted.sh:2 SC2086
fi
exit $failed
