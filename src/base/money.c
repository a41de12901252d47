#include "base/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/text.h"

static const struct {
    char currency[4];
    const char *sign;
} signs[] = {{"USD", "$"}, {"EUR", "€"}, {"GBP", "£"}, {"CAD", "CA$"}, {"AUD", "A$"}};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Up to two decimals as minor units; further ones must be zeros. NULL, or where the digits end. */
static const char *parse_decimals(const char *text, int64_t *minor)
{
    if (!is_digit(*text))
        return NULL;
    *minor = (*text++ - '0') * 10;
    if (is_digit(*text))
        *minor += *text++ - '0';
    while (*text == '0')
        text++;
    return text;
}

bool money_parse(const char *text, int64_t *minor)
{
    if (!is_digit(*text))
        return false;
    int64_t major = 0, decimals = 0;
    for (; is_digit(*text); text++) {
        major = major * 10 + (*text - '0');
        if (major > MONEY_LIMIT / 100)
            return false;
    }
    if (*text == '.')
        text = parse_decimals(text + 1, &decimals);
    int64_t amount = major * 100 + decimals;
    if (!text || *text || amount > MONEY_LIMIT)
        return false;
    *minor = amount;
    return true;
}

/* Unsigned, because the magnitude of INT64_MIN has no int64_t. */
static uint64_t magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

char *money_format(char *out, int64_t minor)
{
    uint64_t amount = magnitude(minor);
    snprintf(out, MONEY_TEXT_MAX, "%s%" PRIu64 ".%02u", minor < 0 ? "-" : "", amount / 100,
             (unsigned)(amount % 100));
    return out;
}

static const char *sign_of(const char *currency)
{
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strcmp(signs[i].currency, currency) == 0)
            return signs[i].sign;
    return NULL;
}

char *money_format_human(char *out, int64_t minor, const char *currency)
{
    char major[32];
    uint64_t amount = magnitude(minor);
    text_thousands(major, (int64_t)(amount / 100));
    const char *sign = sign_of(currency);
    snprintf(out, MONEY_TEXT_MAX, "%s%s%.22s.%02u%s%.3s", minor < 0 ? "-" : "", sign ? sign : "",
             major, (unsigned)(amount % 100), sign || !*currency ? "" : " ", sign ? "" : currency);
    return out;
}

int64_t money_divide(int64_t numerator, int64_t denominator)
{
    if (denominator <= 0)
        BUG("money divided by %" PRId64, denominator);
    int64_t quotient = numerator / denominator;
    int64_t rest = numerator % denominator;
    int64_t distance = rest < 0 ? -rest : rest;
    if (distance >= denominator - distance)
        quotient += numerator < 0 ? -1 : 1;
    return quotient;
}
