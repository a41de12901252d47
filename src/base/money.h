/* Money: a 64-bit count of minor units (cents). Never a float; what cannot be exact is refused. */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

enum { MONEY_TEXT_MAX = 32 };

/* Largest amount that is believed from outside: ten million in major units. The dearest listing seen was
   66,715.00; a price above this is a mistake or an attack. */
#define MONEY_LIMIT INT64_C(1000000000)

/* Reads "178.6", "178.60", "1046" as minor units with two decimals. Nothing else is money: no sign, no
   exponent, no thousands mark, no blank, at most two decimals (further ones only if they are zeros).
   False when it is not, or above MONEY_LIMIT. */
bool money_parse(const char *text, int64_t *minor);

/* The amount as "178.60" ("-178.60"); into `out` of MONEY_TEXT_MAX, returned. */
char *money_format(char *out, int64_t minor);

/* The amount for people, with thousands marks and its sign: "$1,178.60" for USD, "1,178.60 SEK" for a
   currency without a well-known sign. */
char *money_format_human(char *out, int64_t minor, const char *currency);

/* numerator / denominator, rounded half away from zero. denominator > 0. */
int64_t money_divide(int64_t numerator, int64_t denominator);

#endif
