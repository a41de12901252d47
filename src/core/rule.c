#include "core/rule.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "base/when.h"
#include "core/rule_private.h"

enum { TOKEN_MAX = RULE_NAME_MAX };

enum token_kind { END, WORD, QUOTED, ORDER };

/* Where reading has come to: one word ahead. */
struct reader {
    const char *text, *at; /* the rest behind the word */
    size_t start;          /* of the word */
    enum token_kind kind;
    char word[TOKEN_MAX];
    struct err *err;
};

/* Refuses what stands at a place. `allowed` is what may. */
static bool refuse_at(struct err *err, size_t place, const char *what, const char *allowed)
{
    err_set(err, ERR_USAGE, "character %zu: %s", place + 1, what);
    return err_hint(err, "%s", allowed);
}

static bool refuse(struct reader *reader, const char *what, const char *allowed)
{
    char text[TOKEN_MAX + 80];
    snprintf(text, sizeof text, "'%s' %s", reader->word, what);
    return refuse_at(reader->err, reader->start, reader->kind == END ? "the rule ends here" : text,
                     allowed);
}

static bool take(struct reader *reader, const char *from, size_t length, enum token_kind kind)
{
    if (length >= sizeof reader->word)
        return refuse_at(reader->err, reader->start, "a word too long", "at most 200 bytes");
    memcpy(reader->word, from, length);
    reader->word[length] = '\0';
    reader->kind = kind;
    reader->at = from + length;
    return true;
}

static bool take_quoted(struct reader *reader)
{
    char quote = *reader->at++;
    const char *end = strchr(reader->at, quote);
    if (!end || end == reader->at)
        return refuse_at(reader->err, reader->start,
                         "a quote with nothing in it, or without its end",
                         "names with blanks stand in quotes: \"100 Level\"");
    if (!take(reader, reader->at, (size_t)(end - reader->at), QUOTED))
        return false;
    reader->at++;
    return true;
}

/* Moves to the next word. */
static bool next(struct reader *reader)
{
    reader->at += strspn(reader->at, " \t");
    reader->start = (size_t)(reader->at - reader->text);
    if (*reader->at == '"' || *reader->at == '\'')
        return take_quoted(reader);
    size_t order = strspn(reader->at, "<>=");
    if (order > 0)
        return take(reader, reader->at, order, ORDER);
    size_t length = strcspn(reader->at, " \t<>=\"'");
    return take(reader, reader->at, length, length > 0 ? WORD : END);
}

static bool is_word(const struct reader *reader, const char *word)
{
    return reader->kind == WORD && strcmp(reader->word, word) == 0;
}

static bool read_measure(struct reader *reader, struct rule *rule)
{
    char known[ERR_HINT_MAX] = "a rule begins with ";
    for (size_t i = 0; i < RULE_MEASURES; i++) {
        const struct rule_form *form = &rule_forms[i];
        if (is_word(reader, form->word)) {
            rule->measure = (enum rule_measure)i;
            rule->unit = form->unit;
            rule->within_ms = form->within_ms;
            rule->reach = form->reach;
            rule->threshold = form->unit == RULE_STATE;
            rule->order = rule->measure == RULE_NEW_LOW ? RULE_BELOW : RULE_AT_LEAST;
            return next(reader);
        }
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", form->word);
    }
    return refuse(reader, "is nothing that a rule can measure", known);
}

static bool read_people(struct reader *reader, struct rule *rule)
{
    if (reader->kind != WORD || reader->word[0] < '1' || reader->word[0] > '0' + MEASURES_SIZES ||
        reader->word[1] != '\0')
        return refuse(reader, "is no number of people", "1 to 8 people");
    rule->people = reader->word[0] - '0';
    return next(reader);
}

static bool read_order(struct reader *reader, struct rule *rule)
{
    static const char *const words[] = {"<", "<=", ">", ">="};
    for (size_t i = 0; i < 4; i++) {
        if (reader->kind != ORDER || strcmp(reader->word, words[i]) != 0)
            continue;
        rule->order = (enum rule_order)i;
        return next(reader);
    }
    return refuse(reader, "is no comparison", "one of < <= > >=");
}

/* A number with at most two decimals in hundredths, and what stands behind it. */
static bool read_hundredths(const char *word, int64_t *hundredths, const char **unit)
{
    char number[TOKEN_MAX];
    size_t length = strspn(word, "0123456789.");
    memcpy(number, word, length);
    number[length] = '\0';
    *unit = word + length;
    return money_parse(number, hundredths);
}

static bool read_amount(const char *word, int64_t *value)
{
    return money_parse(word, value);
}

static bool read_percent(const char *word, int64_t *value)
{
    const char *unit;
    if (!read_hundredths(word, value, &unit) || strcmp(unit, "%") != 0 || *value > 100 * 100)
        return false;
    *value *= 100;
    return true;
}

static bool read_count(const char *word, int64_t *value)
{
    return text_to_int(word, value) && *value >= 0 && *value <= 1000000000;
}

static bool read_span(const char *word, int64_t *value)
{
    struct err ignored;
    return when_parse_span(word, value, &ignored);
}

static bool read_bytes(const char *word, int64_t *value)
{
    const char *unit;
    if (!read_hundredths(word, value, &unit))
        return false;
    for (size_t i = 0; rule_sizes[i].word[0]; i++) {
        if (strcmp(unit, rule_sizes[i].word) != 0)
            continue;
        /* a hundredth of a unit is whole bytes; above a petabyte it is a mistake */
        *value = *value * (rule_sizes[i].bytes / 100);
        return *value <= INT64_C(1000000000000000);
    }
    return false;
}

static bool read_threshold(struct reader *reader, struct rule *rule)
{
    static const struct {
        bool (*read)(const char *word, int64_t *value);
        const char *what, *allowed;
    } units[] = {
        [RULE_MONEY] = {read_amount, "is no amount", "an amount is 150 or 149.99"},
        [RULE_PERCENT] = {read_percent, "is no share", "a share is 20% or 12.5%, at most 100%"},
        [RULE_COUNT] = {read_count, "is no count", "a count is a whole number such as 50"},
        [RULE_SPAN] = {read_span, "is no length of time",
                       "a length of time is 2s, 15min, 36h or 7d"},
        [RULE_BYTES] = {read_bytes, "is no size", "a size is 500MB, 1.5GB or 2TB"},
        [RULE_STATE] = {read_count, "", ""},
    };
    if (rule->measure == RULE_DROP) /* in percent or in money, as the word says */
        rule->unit = strchr(reader->word, '%') ? RULE_PERCENT : RULE_MONEY;
    bool ok = reader->kind == WORD && units[rule->unit].read(reader->word, &rule->threshold);
    if (ok)
        return next(reader);
    if (rule->measure == RULE_DROP)
        return refuse(reader, "is neither an amount nor a share",
                      "a fall is 25, 24.99 or 10%, at most 100%");
    return refuse(reader, units[rule->unit].what, units[rule->unit].allowed);
}

static bool take_within(struct reader *reader, struct rule *rule)
{
    if (reader->kind != WORD || !read_span(reader->word, &rule->within_ms) || rule->within_ms == 0)
        return refuse(reader, "is no length of time", "a length of time is 15min, 36h or 30d");
    return next(reader);
}

static bool take_name(struct reader *reader, char *out, const char *allowed)
{
    if (reader->kind != WORD && reader->kind != QUOTED)
        return refuse(reader, "is no name", allowed);
    snprintf(out, RULE_NAME_MAX, "%s", reader->word);
    return next(reader);
}

static bool take_zone(struct reader *reader, struct rule *rule)
{
    return take_name(reader, rule->zone,
                     "`in` is followed by a zone's name, in quotes if it has blanks");
}

static bool take_section(struct reader *reader, struct rule *rule)
{
    return take_name(reader, rule->section,
                     "`section` is followed by its name, in quotes if it has blanks");
}

static bool take_event(struct reader *reader, struct rule *rule)
{
    bool health = rule_about(rule) == RULE_ABOUT_POLLS;
    if (is_word(reader, "each") || (health && is_word(reader, "all"))) {
        rule->reach = is_word(reader, "each") ? RULE_EACH : RULE_ALL;
        return next(reader);
    }
    rule->reach = RULE_ONE;
    return take_name(reader, rule->event,
                     health
                         ? "`at` is followed by each, all, or an event: an id, or words in quotes"
                         : "`at` is followed by each or an event: an id, or words in quotes");
}

static bool take_all_in(struct reader *reader, struct rule *rule)
{
    (void)reader;
    rule->basis = MEASURES_ALL_IN;
    return true;
}

static const struct clause {
    const char *word, *shown;
    unsigned bit;
    bool (*take)(struct reader *reader, struct rule *rule);
} clauses[] = {
    {"for", "for K", RULE_FOR, read_people},
    {"all-in", "all-in", RULE_ALL_IN, take_all_in},
    {"within", "within 24h", RULE_WITHIN, take_within},
    {"in", "in ZONE", RULE_PLACE, take_zone},
    {"section", "section NAME", RULE_PLACE, take_section},
    {"at", "at EVENT", RULE_AT, take_event},
};

enum { CLAUSES = sizeof clauses / sizeof *clauses };

static bool refuse_clause(struct reader *reader, unsigned allowed, const char *what)
{
    char known[ERR_HINT_MAX] = "";
    for (size_t i = 0; i < CLAUSES; i++) {
        size_t used = strlen(known);
        if (clauses[i].bit & allowed)
            snprintf(known + used, sizeof known - used, "%s%s",
                     used ? ", " : "allowed here: ", clauses[i].shown);
    }
    return refuse(reader, what, known[0] ? known : "nothing more is allowed here");
}

/* What follows the limit, in any order, each once. */
static bool read_clauses(struct reader *reader, struct rule *rule)
{
    const struct rule_form *form = &rule_forms[rule->measure];
    unsigned allowed = form->clauses | (form->reach == RULE_STORE ? 0u : (unsigned)RULE_AT);
    unsigned seen = 0;
    while (reader->kind != END) {
        size_t i = 0;
        while (i < CLAUSES && !is_word(reader, clauses[i].word))
            i++;
        if (i == CLAUSES || !(clauses[i].bit & allowed))
            return refuse_clause(reader, allowed, "is not understood here");
        if (seen >> i & 1)
            return refuse_clause(reader, allowed, "is there twice");
        seen |= 1u << i;
        if (!next(reader) || !clauses[i].take(reader, rule))
            return false;
    }
    return true;
}

bool rule_parse(const char *text, struct rule *rule, struct err *err)
{
    struct reader reader = {.text = text, .at = text, .err = err};
    *rule = (struct rule){0};
    if (strlen(text) >= RULE_TEXT_MAX)
        return refuse_at(err, 0, "a rule too long", "at most 511 bytes");
    if (!next(&reader) || !read_measure(&reader, rule))
        return false;
    if (rule_forms[rule->measure].clauses & RULE_PEOPLE && !read_people(&reader, rule))
        return false;
    bool bare = rule_forms[rule->measure].clauses & RULE_BARE;
    if (!bare && (!read_order(&reader, rule) || !read_threshold(&reader, rule)))
        return false;
    return read_clauses(&reader, rule);
}

bool rule_name_check(const char *name, struct err *err)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
    if (length > 0 && length <= 40 && name[length] == '\0')
        return true;
    err_set(err, ERR_USAGE, "'%.60s' is no name for a rule", name);
    return err_hint(err, "a name has lower-case letters, digits, '-' and '_', at most 40");
}

enum rule_about rule_about(const struct rule *rule)
{
    return rule_forms[rule->measure].about;
}

bool rule_holds(const struct rule *rule, int64_t value, int64_t threshold)
{
    switch (rule->order) {
    case RULE_BELOW:
        return value < threshold;
    case RULE_AT_MOST:
        return value <= threshold;
    case RULE_ABOVE:
        return value > threshold;
    case RULE_AT_LEAST:
        return value >= threshold;
    }
    BUG("order %d", (int)rule->order);
}
