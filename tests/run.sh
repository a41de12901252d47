#!/bin/sh
# Runs tests and adds them up; the last line is `N passed, N failed`. Each argument is a kind, with the folder of the build
# that is tested behind a colon: sh tests/run.sh lint unit:build/release cli:build/release
# T=glob picks by name, TIMEOUT=seconds is for each program (300).
set -u
cd "$(dirname "$0")/.." || exit 2
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$work" # some tests run as nobody
mkdir -m 1777 "$work/tmp" && mkdir "$work/home"

# Nothing of whoever runs this: no settings, no store, no proxy between a test and 127.0.0.1.
for name in $(env | sed -n 's/^\(TWS_[A-Z_]*\|XDG_[A-Z_]*\|[A-Za-z]*_[Pp][Rr][Oo][Xx][Yy]\)=.*/\1/p'); do
    [ "$name" = TWS_SAMPLES ] || unset "$name"
done
unset NO_COLOR COLUMNS LINES
export HOME="$work/home" TMPDIR="$work/tmp"
export LSAN_OPTIONS="suppressions=$PWD/tests/leaks.txt:print_suppressions=0"

# run LABEL COMMAND...: a program that speaks TAP. What fails is shown, with all it said about it.
run() {
    label=$1 out=$(mktemp "$work/out.XXXXXX")
    shift
    timeout -k 5 "${TIMEOUT:-300}" "$@" >"$out" 2>&1 </dev/null
    awk -v status=$? -v label="$label" -v counts="$work/counts" -v failures="$work/failures" '
        /^1\.\.[0-9]+/ { planned += substr($1, 4); next }
        /^(not )?ok / && / # skip/ || /^not ok [0-9]+ # SKIP/ {
            skipped++
            show = 0
            sub(/^(not )?ok [0-9]* *(# SKIP *)?/, "")
            text = text "  skipped: " $0 "\n"
            next
        }
        /^ok / { passed++; show = 0; next }
        /^not ok / { failed++; show = 1; sub(/^not ok [0-9]*[ -]*/, ""); text = text "  FAILED " label ": " $0 "\n"; next }
        { said[++lines] = $0; if (show) text = text "    " $0 "\n" }
        END {
            if ((status && !failed) || planned > passed + failed + skipped) {
                failed++
                text = text "  FAILED " label (status == 124 ? ": too slow\n" : ": ended early, with status " status "\n")
                for (i = lines > 40 ? lines - 39 : 1; i <= lines; i++) text = text "    " said[i] "\n"
            }
            printf "%-46s %4d passed%s%s\n%s", label, passed, failed ? sprintf(", %d FAILED", failed) : "",
                skipped ? sprintf(", %d skipped", skipped) : "", text
            print passed + 0, failed + 0, skipped + 0 >>counts
            if (failed) printf "%s", text >>failures
        }' "$out"
}

# one COMMAND...: one test by itself, which prints what is wrong and ends with 0 when nothing is. Speaks TAP for it.
one() {
    if said=$("$@" 2>&1); then echo "ok 1"; else printf 'not ok 1 - %s\n%s\n' "$*" "$said"; return 1; fi
}

# What valgrind finds is wrong; what it makes too slow is not.
under_valgrind() {
    valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite "$@"
    [ $? != 99 ]
}

case ${1:-} in
--lint) one sh "$2"; exit ;;
--valgrind) one under_valgrind "$2"; exit ;;
esac

# picked FILE: whether T wants it.
picked() {
    name=$(basename "$1" | sed 's/\..*//; s/_test$//')
    # shellcheck disable=SC2254
    case $name in ${T:-*}) [ -e "$1" ] ;; *) false ;; esac
}

: >"$work/counts"
for kind in "$@"; do
    folder=${kind#*:}
    case $kind in
    lint) for file in tests/lint/*.sh; do picked "$file" && run "$file" sh tests/run.sh --lint "$file"; done ;;
    unit:* | valgrind:*)
        for file in tests/unit/*_test.c; do
            program=$folder/tests/$(basename "$file" .c)
            picked "$file" || continue
            case $kind in
            unit:*) CMOCKA_MESSAGE_OUTPUT=TAP run "$program" "$program" ;;
            *) run "$program" sh tests/run.sh --valgrind "$program" ;;
            esac
        done
        ;;
    cli:* | fault:* | tui:*)
        export TWS="$PWD/$folder/tws" PROBE="$PWD/$folder/tests/tui/probe"
        for file in tests/"${kind%%:*}"/*.bats; do picked "$file" && run "$file ($folder)" bats --tap "$file"; done
        ;;
    pg:*)
        export TWS="$PWD/$folder/tws"
        mkfifo "$work/lanes" && exec 9<>"$work/lanes" && printf '1\n2\n3\n' >&9 # they wait more than they work
        for file in tests/pg/*.bats tests/pg/*_test.sql; do
            picked "$file" || continue
            read -r lane <&9
            case $file in
            *.bats) { run "$file ($folder)" bats --tap "$file" 9>&-; echo "$lane" >&9; } & ;;
            *) { run "$file" sh tests/pg/tap.sh "$file" 9>&-; echo "$lane" >&9; } & ;;
            esac
        done
        wait
        ;;
    pg-full) run tests/pg/full.sh sh tests/pg/full.sh ;;
    *) echo "tests/run.sh: no such kind of test: $kind" >&2; exit 2 ;;
    esac
done
[ ! -s "$work/failures" ] || [ "$(wc -l <"$work/counts")" -lt 30 ] || { echo; echo "What failed, once more:"; cat "$work/failures"; }
awk '{ passed += $1; failed += $2; skipped += $3 }
    END {
        printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
        exit failed > 0 || passed == 0
    }' "$work/counts"
