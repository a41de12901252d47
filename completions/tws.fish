# fish completion for tws. Thin: it asks the binary, so the two cannot drift.
# To try it: tws completion fish | source

function __tws_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string unescape)
    set -l lines ($words[1] __complete -- $words[2..] "$current" 2>/dev/null)
    if test "$lines[1]" = :files
        __fish_complete_path "$current"
        return
    end
    printf '%s\n' $lines
end

complete -c tws -f -k -a '(__tws_complete)'
