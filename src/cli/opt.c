#include "cli/opt.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"

enum { HELP_COLUMN = 24, WORD_MAX = 64 };

void opt_init(struct opt_values *values, const struct opt_sets *sets)
{
    *values = (struct opt_values){.sets = *sets};
}

void opt_release(struct opt_values *values)
{
    mem_free(values->values);
    mem_free(values->arguments);
    *values = (struct opt_values){0};
}

const struct opt *opt_find(const struct opt_sets *sets, const char *name)
{
    for (const struct opt *const *set = sets->set; *set; set++)
        for (const struct opt *row = *set; row->name; row++)
            if (strcmp(row->name, name) == 0)
                return row;
    return NULL;
}

const struct opt *opt_find_letter(const struct opt_sets *sets, char letter)
{
    for (const struct opt *const *set = sets->set; *set; set++)
        for (const struct opt *row = *set; row->name; row++)
            if (row->letter == letter)
                return row;
    return NULL;
}

/* Words are told apart by '|'; an empty one (a list made by a macro ends in '|') does not count. */
bool opt_word_at(const char *words, size_t nth, char *out, size_t size)
{
    while (*words) {
        size_t length = strcspn(words, "|");
        if (length > 0 && nth-- == 0) {
            if (length >= size)
                BUG("option word '%s' is too long", words);
            memcpy(out, words, length);
            out[length] = '\0';
            return true;
        }
        words += length + (words[length] == '|');
    }
    return false;
}

int opt_word_index(const char *words, const char *word)
{
    char name[WORD_MAX];
    for (int i = 0; opt_word_at(words, (size_t)i, name, sizeof name); i++)
        if (strcmp(name, word) == 0)
            return i;
    return -1;
}

void opt_guess_add(struct opt_guess *guess, const char *name)
{
    size_t length = strlen(guess->typed);
    int near = length <= 3 ? 1 : length < 8 ? 2 : 3;
    int distance = text_distance(guess->typed, name);
    if (distance > near || (guess->best && distance >= guess->distance))
        return;
    guess->best = name;
    guess->distance = distance;
}

static bool refuse_unknown(const struct opt_sets *sets, const char *typed, struct err *err)
{
    struct opt_guess guess = {.typed = typed};
    for (const struct opt *const *set = sets->set; *set; set++)
        for (const struct opt *row = *set; row->name; row++)
            opt_guess_add(&guess, row->name);
    err_set(err, ERR_USAGE, "unknown option '--%.60s'", typed);
    return guess.best ? err_hint(err, "did you mean '--%s'?", guess.best) : false;
}

static bool refuse_word(const struct opt *row, const char *typed, struct err *err)
{
    char names[8 * WORD_MAX] = "", near[WORD_MAX] = "", name[WORD_MAX];
    struct opt_guess guess = {.typed = typed};
    size_t used = 0;
    for (size_t i = 0; opt_word_at(row->words, i, name, sizeof name); i++) {
        const char *before = guess.best;
        int distance = guess.distance;
        opt_guess_add(&guess, name);
        if (guess.best && (!before || guess.distance < distance))
            memcpy(near, name, sizeof near);
        size_t length = strlen(name);
        if (used + length + 3 > sizeof names)
            BUG("option '%s' has too many words", row->name);
        memcpy(names + used, i ? ", " : "", i ? 2 : 0);
        used += i ? 2 : 0;
        memcpy(names + used, name, length + 1);
        used += length;
    }
    err_set(err, ERR_USAGE, "option '--%s': '%.60s' is none of %s", row->name, typed, names);
    return near[0] ? err_hint(err, "did you mean '%s'?", near) : false;
}

static bool check_value(const struct opt *row, const char *text, struct err *err)
{
    int64_t number;
    switch (row->kind) {
    case OPT_FLAG:
        return true;
    case OPT_TEXT:
    case OPT_LIST:
        if (*text == '\0')
            return err_set(err, ERR_USAGE, "option '--%s' was given an empty value", row->name);
        if (!text_is_utf8(text, strlen(text)))
            return err_set(err, ERR_USAGE, "option '--%s': not UTF-8 text", row->name);
        return true;
    case OPT_COUNT:
        if (!text_to_int(text, &number) || number < row->min || number > row->max)
            return err_set(err, ERR_USAGE,
                           "option '--%s': '%.60s' is not a whole number from %lld to %lld",
                           row->name, text, (long long)row->min, (long long)row->max);
        return true;
    case OPT_WORD:
    case OPT_WORDS:
        return opt_word_index(row->words, text) >= 0 || refuse_word(row, text, err);
    }
    BUG("option '%s' is of no kind", row->name);
}

static bool take(struct opt_values *values, const struct opt *row, const char *text,
                 struct err *err)
{
    if (text && !check_value(row, text, err))
        return false;
    values->values[values->count++] = (struct opt_value){.row = row, .text = text};
    return true;
}

/* The words of one parse, and how far it is. */
struct cursor {
    const char *const *words;
    size_t count, at;
};

static bool take_next(struct opt_values *values, const struct opt *row, struct cursor *cursor,
                      struct err *err)
{
    if (cursor->at + 1 < cursor->count)
        return take(values, row, cursor->words[++cursor->at], err);
    err_set(err, ERR_USAGE, "option '--%s' needs a value", row->name);
    return err_hint(err, "--%s %s: %s", row->name, row->value, row->help);
}

static bool parse_long(struct opt_values *values, struct cursor *cursor, struct err *err)
{
    char name[WORD_MAX] = "";
    const char *text = cursor->words[cursor->at] + 2;
    size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    memcpy(name, text, length < sizeof name ? length : sizeof name - 1);
    const struct opt *row = opt_find(&values->sets, name);
    if (!row || length >= sizeof name)
        return refuse_unknown(&values->sets, name, err);
    if (row->kind != OPT_FLAG)
        return value ? take(values, row, value, err) : take_next(values, row, cursor, err);
    if (value)
        return err_set(err, ERR_USAGE, "option '--%s' takes no value", row->name);
    return take(values, row, NULL, err);
}

static bool parse_letters(struct opt_values *values, struct cursor *cursor, struct err *err)
{
    for (const char *at = cursor->words[cursor->at] + 1; *at; at++) {
        const struct opt *row = opt_find_letter(&values->sets, *at);
        if (!row)
            return err_set(err, ERR_USAGE, "unknown option '%.60s'", cursor->words[cursor->at]);
        if (row->kind != OPT_FLAG)
            return at[1] ? take(values, row, at + 1, err) : take_next(values, row, cursor, err);
        if (!take(values, row, NULL, err))
            return false;
    }
    return true;
}

static void take_argument(struct opt_values *values, const char *word)
{
    values->arguments[values->argument_count++] = word;
}

bool opt_parse(struct opt_values *values, const char *const *words, size_t count, bool to_command,
               size_t *used, struct err *err)
{
    /* "-abc" may hold as many flags as it has letters */
    size_t room = values->count;
    for (size_t i = 0; i < count; i++)
        room += strlen(words[i]) + 1;
    values->values = mem_resize(values->values, room + 1, sizeof *values->values);
    values->arguments = mem_resize(values->arguments, values->argument_count + count + 1,
                                   sizeof *values->arguments);
    struct cursor cursor = {.words = words, .count = count};
    bool options = true, ok = true;
    for (; ok && cursor.at < count; cursor.at++) {
        const char *word = words[cursor.at];
        if (options && strcmp(word, "--") == 0)
            options = false;
        else if (options && strncmp(word, "--", 2) == 0)
            ok = parse_long(values, &cursor, err);
        else if (options && word[0] == '-' && word[1] != '\0')
            ok = parse_letters(values, &cursor, err);
        else
            take_argument(values, word);
        if (to_command && values->argument_count > 0) {
            cursor.at++;
            break;
        }
    }
    *used = cursor.at;
    return ok;
}

static const struct opt *known(const struct opt_values *values, const char *name)
{
    const struct opt *row = opt_find(&values->sets, name);
    if (!row)
        BUG("no option '%s' in this command's tables", name);
    return row;
}

static const struct opt_value *last(const struct opt_values *values, const char *name)
{
    const struct opt *row = known(values, name);
    for (size_t i = values->count; i-- > 0;)
        if (values->values[i].row == row)
            return &values->values[i];
    return NULL;
}

bool opt_has(const struct opt_values *values, const char *name)
{
    return last(values, name) != NULL;
}

const char *opt_text(const struct opt_values *values, const char *name)
{
    const struct opt_value *value = last(values, name);
    return value ? value->text : NULL;
}

const char *opt_nth(const struct opt_values *values, const char *name, size_t nth)
{
    const struct opt *row = known(values, name);
    for (size_t i = 0; i < values->count; i++)
        if (values->values[i].row == row && nth-- == 0)
            return values->values[i].text;
    return NULL;
}

int64_t opt_count(const struct opt_values *values, const char *name, int64_t otherwise)
{
    const char *text = opt_text(values, name);
    int64_t number = otherwise;
    if (text && !text_to_int(text, &number))
        BUG("option '%s' is no COUNT", name);
    return number;
}

int opt_word(const struct opt_values *values, const char *name)
{
    const char *text = opt_text(values, name);
    return text ? opt_word_index(known(values, name)->words, text) : -1;
}

static void put_form(struct buf *out, const struct opt *row)
{
    if (row->letter)
        buf_printf(out, "-%c, ", row->letter);
    else
        buf_puts(out, "    ");
    buf_printf(out, "--%s", row->name);
    if (row->value)
        buf_printf(out, " %s", row->value);
}

void opt_put_help(struct buf *out, const struct opt *rows)
{
    for (const struct opt *row = rows; row->name; row++) {
        size_t start = out->length;
        buf_puts(out, "  ");
        put_form(out, row);
        int width = (int)(out->length - start);
        if (width > HELP_COLUMN)
            buf_printf(out, "\n%*s", HELP_COLUMN + 2, "");
        else
            buf_printf(out, "%*s", HELP_COLUMN + 2 - width, "");
        buf_printf(out, "%s", row->help);
        if (row->kind == OPT_LIST || row->kind == OPT_WORDS)
            buf_puts(out, "; may be repeated");
        buf_putc(out, '\n');
        if (!row->words)
            continue;
        buf_printf(out, "%*s", HELP_COLUMN + 2, "");
        char word[WORD_MAX];
        for (size_t i = 0; opt_word_at(row->words, i, word, sizeof word); i++)
            buf_printf(out, "%s%s", i ? ", " : "", word);
        buf_putc(out, '\n');
    }
}
