/* The table of measures, and what is shown of it. */
#include <stdio.h>

#include "base/clock.h"
#include "base/money.h"
#include "core/rule_private.h"

/* The words of rule.def. */
enum { PEOPLE = RULE_PEOPLE, FOR = RULE_FOR, ALL_IN = RULE_ALL_IN, WITHIN = RULE_WITHIN };
enum { PLACE = RULE_PLACE, BARE = RULE_BARE };

const struct rule_form rule_forms[RULE_MEASURES] = {
#define X(NAME, word, about, reach, unit, clauses, within, example, sentence)                      \
    [RULE_##NAME] = {word,         example,     sentence, RULE_ABOUT_##about,                      \
                     RULE_##reach, RULE_##unit, clauses,  within},
#include "core/rule.def"
#undef X
};

const struct rule_size rule_sizes[] = {
    {"kB", 1000},
    {"MB", 1000 * 1000},
    {"GB", 1000 * 1000 * 1000},
    {"TB", INT64_C(1000) * 1000 * 1000 * 1000},
    {"", 0},
};

static void put_bytes(struct buf *out, int64_t value)
{
    size_t i = 0;
    while (rule_sizes[i + 1].word[0] && value >= rule_sizes[i + 1].bytes)
        i++;
    int64_t hundredths = money_divide(value, rule_sizes[i].bytes / 100);
    buf_printf(out, "%lld.%02lld %s", (long long)(hundredths / 100), (long long)(hundredths % 100),
               rule_sizes[i].word);
}

void rule_put_value(struct buf *out, enum rule_unit unit, int64_t value, const char *currency)
{
    char text[CLOCK_TEXT_MAX + MONEY_TEXT_MAX];
    switch (unit) {
    case RULE_MONEY:
        buf_puts(out, money_format_human(text, value, currency));
        break;
    case RULE_PERCENT:
        buf_printf(out, "%s %%", money_format(text, money_divide(value, 100)));
        break;
    case RULE_COUNT:
        buf_printf(out, "%lld", (long long)value);
        break;
    case RULE_SPAN:
        if (value < CLOCK_MINUTE_MS)
            buf_printf(out, "%lld.%03lld s", (long long)(value / 1000), (long long)(value % 1000));
        else
            buf_puts(out, clock_format_span(text, value));
        break;
    case RULE_BYTES:
        put_bytes(out, value);
        break;
    case RULE_STATE:
        buf_puts(out, value ? "yes" : "no");
        break;
    }
}

void rule_put_number(struct buf *out, enum rule_unit unit, int64_t value)
{
    char text[MONEY_TEXT_MAX];
    switch (unit) {
    case RULE_MONEY:
        buf_puts(out, money_format(text, value));
        break;
    case RULE_PERCENT:
        buf_printf(out, "%lld.%04lld", (long long)(value / 10000), (long long)(value % 10000));
        break;
    case RULE_SPAN:
        buf_printf(out, "%lld.%03lld", (long long)(value / 1000), (long long)(value % 1000));
        break;
    case RULE_COUNT:
    case RULE_BYTES:
    case RULE_STATE:
        buf_printf(out, "%lld", (long long)value);
        break;
    }
}

const char *rule_unit_word(enum rule_unit unit)
{
    static const char *const words[] = {
        [RULE_MONEY] = "money",  [RULE_PERCENT] = "percent", [RULE_COUNT] = "count",
        [RULE_SPAN] = "seconds", [RULE_BYTES] = "bytes",     [RULE_STATE] = "state",
    };
    return words[unit];
}

void rule_put_help(struct buf *out)
{
    buf_puts(
        out,
        "A rule is one line: what is measured, a limit (< <= > >=), and what it is about. Names\n"
        "with blanks stand in quotes. Behind the limit may stand, in any order\n"
        "  for K                   the price for K people together, 1 to 8\n"
        "  all-in                  prices as the buyer pays, instead of those before fees\n"
        "  within 24h              how far back it looks from the last poll\n"
        "  in ZONE, section NAME   a part of the market\n"
        "  at EVENT                one event; `at each` tracked event by itself, `at all`\n"
        "                          together (polls only)\n"
        "What can be measured, by example:\n");
    for (size_t i = 0; i < RULE_MEASURES; i++)
        buf_printf(out, "  %s\n      %s\n", rule_forms[i].example, rule_forms[i].sentence);
}
