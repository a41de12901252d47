/* A command line: one word a line; the first is the command. Parsed or refused with a reason. */
#include "fuzz.h"

#include "cli/cmd.h"
#include "cli/opt.h"

enum { WORDS_MAX = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[4096];
    const char *words[WORDS_MAX];
    size_t count = 0, used;
    input_text(text, sizeof text, data, size);
    for (char *at = text; at && count < WORDS_MAX;) {
        words[count++] = at;
        at = strchr(at, '\n');
        if (at)
            *at++ = '\0';
    }
    const struct cmd *cmd = cmd_find(words[0]);
    if (!cmd)
        cmd_guess(words[0]);
    struct opt_sets sets = cmd_option_sets(cmd);
    struct opt_values values;
    struct err err = {0};
    opt_init(&values, &sets);
    bool parsed = opt_parse(&values, words + 1, count - 1, false, &used, &err);
    must(parsed ? used == count - 1 : err.code == ERR_USAGE && err.text[0] != '\0');
    for (size_t i = 0; i < values.count; i++)
        must((values.values[i].text == NULL) == (values.values[i].row->kind == OPT_FLAG));
    opt_release(&values);
    return 0;
}
