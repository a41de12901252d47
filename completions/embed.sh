#!/bin/sh
# Turns the completion scripts into build/gen/completions.h, which `tws completion` prints: one text, two ways to it.
set -eu
root=$1 out=$2
mkdir -p "$out"
{
    echo '/* Made by completions/embed.sh. */'
    for pair in bash:tws.bash zsh:_tws fish:tws.fish; do
        echo "static const char completion_${pair%%:*}[] = {"
        od -An -v -tu1 "$root/${pair#*:}" | sed 's/  */,/g; s/^,//; s/$/,/'
        echo '0};'
    done
} >"$out/completions.h.new"
mv "$out/completions.h.new" "$out/completions.h"
