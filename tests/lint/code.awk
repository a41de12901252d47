# Reads C and prints `file:line:text` for every line: the code alone, comments gone and literals empty; with
# -v want=literals one line for each string literal; with -v want=all the code with its literals.
FNR == 1 { comment = 0 }
{
    rest = $0
    code = ""
    while (rest != "") {
        if (comment) {
            if (!match(rest, /\*\//)) break
            rest = substr(rest, RSTART + 2)
            comment = 0
        } else if (match(rest, /\/\*|\/\/|"([^"\\]|\\.)*"|'([^'\\]|\\.)*'/)) {
            token = substr(rest, RSTART, RLENGTH)
            code = code substr(rest, 1, RSTART - 1)
            rest = substr(rest, RSTART + RLENGTH)
            if (token == "//") break
            if (token == "/*") {
                comment = 1
                code = code " "
                continue
            }
            if (want == "literals" && token ~ /^"/) print FILENAME ":" FNR ":" token
            code = code (want == "all" || code ~ /^#[ ]*include/ ? token : substr(token, 1, 1) substr(token, 1, 1))
        } else {
            code = code rest
            break
        }
    }
    if (want != "literals") print FILENAME ":" FNR ":" code
}
