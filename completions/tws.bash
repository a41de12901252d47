# bash completion for tws. Thin: it asks the binary, so the two cannot drift.
# To try it: source <(tws completion bash)

_tws() {
    local words=() lines=() glue='' cur prefix word line value i
    # bash cuts words at ':' and '='; vividseats:6501519 and --zone=Floor are one
    for ((i = 1; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == [:=] && ${#words[@]} -gt 0 ]]; then
            words[-1]+=$word glue=1
        elif [[ $glue ]]; then
            words[-1]+=$word glue=''
        else
            words+=("$word")
        fi
    done
    cur=${words[-1]#[\"\']}
    cur=${cur//\\/}
    words[-1]=$cur
    # bash replaces only what stands behind the last cut
    prefix=''
    case $cur in *[:=]*) [[ $COMP_WORDBREAKS == *[:=]* ]] && prefix=${cur%"${cur##*[:=]}"} ;; esac

    mapfile -t lines < <("$1" __complete -- "${words[@]}" 2>/dev/null)
    if [[ ${lines[0]} == :files ]]; then
        compopt -o default
        return
    fi
    for line in "${lines[@]}"; do
        value=${line%%$'\t'*}
        value=${value#"$prefix"}
        # while bash only lists, the descriptions are shown too
        if [[ ${#lines[@]} -gt 1 && $COMP_TYPE == @(63|33|64) && $line == *$'\t'?* ]]; then
            value="$value  (${line#*$'\t'})"
        elif [[ ${words[-1]} == "${COMP_WORDS[COMP_CWORD]}" ]]; then
            printf -v value %q "$value"
        fi
        COMPREPLY+=("$value")
    done
    [[ ${COMPREPLY[0]} == *= && ${#COMPREPLY[@]} -eq 1 ]] && compopt -o nospace
    return 0
}

complete -o nosort -F _tws tws
