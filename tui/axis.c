#include "tui/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"

/* How many of the unit make one, and one more thing than that is told in thousands or millions. */
static const int64_t ones[] = {[AXIS_MONEY] = 100, [AXIS_COUNT] = 1, [AXIS_REAL] = 1000};

static int64_t limit(int64_t value)
{
    return value > AXIS_LIMIT ? AXIS_LIMIT : value < -AXIS_LIMIT ? -AXIS_LIMIT : value;
}

int axis_pixel(const struct axis_scale *scale, int64_t value)
{
    if (value <= scale->from)
        return 0;
    if (value >= scale->to)
        return scale->pixels - 1;
    double share = (double)(value - scale->from) / (double)(scale->to - scale->from);
    if (scale->log)
        share =
            log((double)value / (double)scale->from) / log((double)scale->to / (double)scale->from);
    return (int)lround(share * (scale->pixels - 1));
}

static int64_t floor_to(int64_t value, int64_t step)
{
    int64_t rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

static struct axis_range cover(int64_t low, int64_t high, int64_t step)
{
    struct axis_range range = {
        .from = floor_to(low, step),
        .to = -floor_to(-high, step),
        .step = step,
    };
    if (range.from == range.to)
        range.to += step;
    return range;
}

int axis_steps(const struct axis_range *range)
{
    return (int)((range->to - range->from) / range->step);
}

/* The power of ten that a number above 0 starts with. */
static int64_t power_of(int64_t value)
{
    int64_t power = 1;
    while (value / power >= 10)
        power *= 10;
    return power;
}

/* The next of 1, 2, 5, 10 ... */
static int64_t next_log(int64_t value)
{
    int64_t power = power_of(value), digit = value / power;
    return digit >= 5 ? 10 * power : (digit == 1 ? 2 : 5) * power;
}

bool axis_next(const struct axis_range *range, int64_t *value)
{
    if (*value >= range->to)
        return false;
    int64_t next = range->fine ? next_log(*value) : 10 * power_of(*value);
    if (range->step)
        next = *value + range->step;
    *value = next < range->to ? next : range->to;
    return true;
}

/* What makes a range ugly: rows without data, ticks too close, too far apart or unevenly spaced. */
static double ugliness(const struct axis_range *range, int64_t low, int64_t high, int rows)
{
    int steps = axis_steps(range);
    double covered = (double)(high - low) / (double)(range->to - range->from);
    double used = range->rows ? (double)(steps * range->rows) / (rows - 1) : 1;
    double rows_a_step = (double)(rows - 1) / steps;
    double uneven = range->rows ? 0 : 0.1;
    return 1 - covered * used + 0.05 * fabs(rows_a_step - 4) + uneven;
}

static void make_room(int64_t *low, int64_t *high, enum axis_unit unit)
{
    int64_t room = *high / 20 > 0 ? *high / 20 : -*high / 20;
    if (room < ones[unit])
        room = ones[unit];
    *low = *low >= 0 && *low < room ? 0 : *low - room;
    *high += room;
}

struct axis_range axis_nice(int64_t low, int64_t high, enum axis_unit unit, int rows)
{
    static const int64_t digits[] = {1, 2, 5};
    low = limit(low);
    high = limit(high);
    if (low == high)
        make_room(&low, &high, unit);
    int most = rows >= 5 ? (rows - 1) / 2 : 2;
    struct axis_range best = {0};
    for (int64_t power = 1; power <= 10 * AXIS_LIMIT; power *= 10)
        for (int i = 0; i < 3; i++) {
            struct axis_range range = cover(low, high, power * digits[i]);
            if ((range.to - range.from) / range.step > most)
                continue;
            struct axis_range even = range;
            even.rows = (rows - 1) / axis_steps(&range);
            if (ugliness(&even, low, high, rows) < ugliness(&range, low, high, rows))
                range = even;
            if (!best.step || ugliness(&range, low, high, rows) < ugliness(&best, low, high, rows))
                best = range;
        }
    return best;
}

static struct axis_range cover_log(int64_t low, int64_t high)
{
    int64_t power = power_of(low), digit = low / power;
    struct axis_range range = {.from = (digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * power, .fine = true};
    range.to = range.from;
    while (range.to < high || range.to == range.from)
        range.to = next_log(range.to);
    return range;
}

struct axis_range axis_log(int64_t low, int64_t high, enum axis_unit unit, int rows)
{
    low = low < 1 ? 1 : limit(low);
    high = limit(high);
    struct axis_range range = cover_log(low, high);
    struct axis_range even = axis_nice(low, high, unit, rows);
    double data = log((double)high / (double)low);
    if (even.from > 0 && data < log((double)range.to / (double)range.from) / 2) {
        even.rows = 0;
        return even;
    }
    int ticks = 1;
    for (int64_t value = range.from; axis_next(&range, &value);)
        ticks++;
    range.fine = ticks * 2 <= rows;
    return range;
}

/* The scale that all labels of a range share. */
struct shape {
    int64_t one; /* of the unit, in what is printed before the point */
    const char *suffix;
    int decimals;
};

static struct shape shape_of(const struct axis_range *range, enum axis_unit unit)
{
    int64_t most = range->to > -range->from ? range->to : -range->from;
    struct shape shape = {ones[unit], "", 0};
    if (most >= 10000000 * shape.one)
        shape = (struct shape){1000000 * shape.one, "M", 0};
    else if (most >= 10000 * shape.one)
        shape = (struct shape){1000 * shape.one, "k", 0};
    for (int64_t least = shape.one; least > 1 && range->step % least; least /= 10)
        shape.decimals++;
    /* half a dollar is $0.50, not $0.5 */
    if (unit == AXIS_MONEY && shape.one == 100 && shape.decimals == 1)
        shape.decimals = 2;
    return shape;
}

char *axis_label(char *out, int64_t value, const struct axis_range *range, enum axis_unit unit,
                 const char *prefix)
{
    /* where values differ a thousandfold each is told in its own scale */
    struct axis_range own = {.to = value, .step = value > 0 ? power_of(value) : 1};
    struct shape shape = shape_of(range->step ? range : &own, unit);
    int64_t amount = value < 0 ? -value : value, last = shape.one;
    for (int i = 0; i < shape.decimals; i++)
        last /= 10;
    char whole[32];
    text_thousands(whole, amount / shape.one);
    int used = snprintf(out, AXIS_LABEL_MAX, "%s%.8s%.20s", value < 0 ? "-" : "", prefix, whole);
    if (amount && shape.decimals)
        used += snprintf(out + used, (size_t)(AXIS_LABEL_MAX - used), ".%0*d", shape.decimals,
                         (int)(amount % shape.one / last));
    if (amount)
        snprintf(out + used, (size_t)(AXIS_LABEL_MAX - used), "%s", shape.suffix);
    return out;
}

char *axis_value(char *out, int64_t value, enum axis_unit unit, const char *currency)
{
    char text[32];
    switch (unit) {
    case AXIS_MONEY:
        if (currency)
            snprintf(out, AXIS_LABEL_MAX, "%s", money_format_human(text, value, currency));
        else
            snprintf(out, AXIS_LABEL_MAX, "%s", money_format(text, value));
        break;
    case AXIS_COUNT:
        snprintf(out, AXIS_LABEL_MAX, "%s", text_thousands(text, value));
        break;
    case AXIS_REAL:
        snprintf(out, AXIS_LABEL_MAX, "%.1f", (double)value / 1000);
        break;
    }
    return out;
}

char *axis_sign(char *out, const char *currency)
{
    out[0] = '\0';
    if (!currency)
        return out;
    char text[MONEY_TEXT_MAX];
    money_format_human(text, 0, currency);
    snprintf(out, AXIS_LABEL_MAX, "%.*s", (int)strcspn(text, "0"), text);
    return out;
}
