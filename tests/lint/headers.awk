# Reads headers and prints what they declare: `file:line:function:NAME:documented`, the last 1 or 0, and
# `file:line:type:NAME:` for every struct and enum that is defined with a name. A comment documents the prototypes that
# stand directly below it, without a blank line.
FNR == 1 { documented = depth = inside = comment = continued = 0 }
!inside && (comment || /^[ ]*\/\*/) {
    comment = !/\*\//
    documented = 1
    next
}
!inside && /^[ ]*$/ { documented = 0; next }
continued || /^[ ]*#/ { continued = /\\$/; next }
{
    line = $0
    if (comment) {
        if (!sub(/^.*\*\//, "", line)) next
        comment = 0
    }
    gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
    if (sub(/\/\*.*$/, "", line)) comment = 1
    sub(/\/\/.*$/, "", line)
    if (!inside) { statement = ""; first = FNR }
    statement = statement " " line
    depth += gsub(/{/, "{", line) - gsub(/}/, "}", line)
    inside = depth > 0 || line !~ /[;}][ ]*$/
    if (inside) next
    if (statement ~ /^ (struct|enum|union) [A-Za-z_0-9]+ *{/) {
        split(statement, word, " ")
        sub(/{.*/, "", word[2])
        print FILENAME ":" first ":type:" word[2] ":"
    } else if (statement ~ /\(/ && statement !~ /^ (typedef|static|struct [A-Za-z_0-9]* *{|#)/) {
        sub(/\(.*/, "", statement)
        sub(/^.*[ *]/, "", statement)
        print FILENAME ":" first ":function:" statement ":" documented
    }
}
