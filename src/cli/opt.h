/*
 * Options as tables: a row says how an option is written, what it takes, its sentence and how it is
 * completed. Parsing, "did you mean", usage text, the manual and the completions all come from the
 * same rows.
 */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum opt_kind {
    OPT_FLAG,  /* takes no value */
    OPT_TEXT,  /* any text; the last one counts */
    OPT_LIST,  /* any text, repeatable */
    OPT_COUNT, /* an integer from `min` to `max`; the last one counts */
    OPT_WORD,  /* one of `words`; the last one counts */
    OPT_WORDS, /* one of `words`, repeatable */
};

/* What stands behind an option or an argument, for the shell's Tab key. Words complete themselves.
 */
enum opt_complete {
    OPT_COMPLETE_NOTHING,
    OPT_COMPLETE_EVENT,   /* stored events, with their names */
    OPT_COMPLETE_ZONE,    /* zones of the event that was typed */
    OPT_COMPLETE_SECTION, /* sections of the event that was typed */
    OPT_COMPLETE_TIME,
    OPT_COMPLETE_FILE, /* left to the shell */
    OPT_COMPLETE_COMMAND,
    OPT_COMPLETE_SHELL,
    OPT_COMPLETE_ALERTS, /* what `tws alerts` does */
};

/* A row. Tables end with a row whose `name` is NULL. */
struct opt {
    const char *name; /* "zone": typed as --zone */
    char letter;      /* 'z': typed as -z; 0 when there is none */
    enum opt_kind kind;
    const char *value; /* "NAME", as usage shows it; NULL for flags */
    const char *help;  /* a sentence without full stop */
    const char *words; /* "table|csv|json", for WORD and WORDS */
    int64_t min, max;  /* for COUNT; both included */
    enum opt_complete complete;
};

enum { OPT_SETS_MAX = 6 };

/* The tables that hold for a command, NULL at the end: its own, those it shares, the global ones.
 */
struct opt_sets {
    const struct opt *set[OPT_SETS_MAX + 1];
};

/* One option as it was typed. */
struct opt_value {
    const struct opt *row;
    const char *text; /* as typed; NULL for flags */
};

/* What was typed, in order. Texts point into argv. */
struct opt_values {
    struct opt_sets sets;
    struct opt_value *values;
    size_t count;
    const char **arguments; /* what is no option */
    size_t argument_count;
};

/* Parses `count` words into `values`: --name VALUE, --name=VALUE, -n VALUE, -nVALUE, -ab for flags,
   `--` ends the options, a lone `-` is an argument. With `to_command` it stops behind the first
   argument. Adds to what `values` holds; `*used` says how many words were taken. ERR_USAGE names
   the option, with the nearest known one as hint. */
bool opt_parse(struct opt_values *values, const char *const *words, size_t count, bool to_command,
               size_t *used, struct err *err);

/* Makes an empty set of values for some tables. */
void opt_init(struct opt_values *values, const struct opt_sets *sets);

/* Frees. Safe on a zeroed one. */
void opt_release(struct opt_values *values);

/* Whether an option was typed. A name that is in no table is a BUG, here and below. */
bool opt_has(const struct opt_values *values, const char *name);

/* The text that was typed last; NULL when it was not. */
const char *opt_text(const struct opt_values *values, const char *name);

/* The `nth` text that was typed, from 0; NULL behind the last. */
const char *opt_nth(const struct opt_values *values, const char *name, size_t nth);

/* The number that was typed last, else `otherwise`. For COUNT. */
int64_t opt_count(const struct opt_values *values, const char *name, int64_t otherwise);

/* The position in its row's `words` of the word that was typed last, else -1. For WORD. */
int opt_word(const struct opt_values *values, const char *name);

/* Finds a row by its long name; NULL when no table has it. */
const struct opt *opt_find(const struct opt_sets *sets, const char *name);

/* Finds a row by its letter; NULL when no table has it. */
const struct opt *opt_find_letter(const struct opt_sets *sets, char letter);

/* The position of a word in "a|b|c", -1 when it is not there. */
int opt_word_index(const char *words, const char *word);

/* Copies the `nth` word of "a|b|c" into `out`; false behind the last. */
bool opt_word_at(const char *words, size_t nth, char *out, size_t size);

/* Of several names the one that `typed` was most likely meant to be. Give names one by one; `best`
   is NULL at first and stays NULL when none is near. */
struct opt_guess {
    const char *typed, *best;
    int distance;
};
void opt_guess_add(struct opt_guess *guess, const char *name);

/* Adds two columns of help text, one line a row: "  -q, --quiet    no talk". */
void opt_put_help(struct buf *out, const struct opt *rows);

#endif
