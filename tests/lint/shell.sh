#!/bin/sh
# shellcheck over every script.
set -u
cd "${1:-.}" || exit 2
command -v shellcheck >/dev/null || { echo "not asked: shellcheck is not installed"; exit 0; }
scripts=$(find sql completions tests -name '*.sh' -o -name '*.bash' | LC_ALL=C sort)
[ ! -e .ci/run ] || scripts="$scripts .ci/run"
# SC2016: awk and zsh programs in single quotes are meant so. SC1091: helper files are looked at by themselves.
# shellcheck disable=SC2086
shellcheck -f gcc -e SC2016,SC1091 $scripts
