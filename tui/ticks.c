#include "tui/ticks.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "tui/calendar.h"

static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char weekdays[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

static int column_of(const struct ticks_strip *strip, int64_t value)
{
    return axis_pixel(&strip->scale, value) / strip->cell;
}

/* Puts a label centred below a column if it keeps its distance from the one before and from the
 * ends. */
static bool place(struct ticks_label *labels, size_t *count, const struct ticks_strip *strip,
                  int column, const char *text)
{
    int width = (int)strlen(text), start = column - width / 2;
    int columns = (strip->scale.pixels + strip->cell - 1) / strip->cell;
    int earliest = -strip->left;
    if (*count > 0)
        earliest = labels[*count - 1].column + labels[*count - 1].width + TICKS_GAP;
    if (start < earliest || start + width > columns + strip->right || *count == TICKS_MAX)
        return false;
    struct ticks_label *label = &labels[(*count)++];
    label->column = start;
    label->width = width;
    snprintf(label->text, sizeof(label->text), "%s", text);
    return true;
}

static void add_tick(struct ticks *ticks, const struct ticks_strip *strip, int64_t value)
{
    ticks->values[ticks->count] = value;
    ticks->columns[ticks->count++] = column_of(strip, value);
}

/* Whether labels of that width below these ticks leave each other room to be read at ease. */
static bool fits(const struct ticks *ticks, int width)
{
    for (size_t i = 1; i < ticks->count; i++)
        if (ticks->columns[i] - ticks->columns[i - 1] < width + TICKS_GAP + 1)
            return false;
    return true;
}

static struct civil civil_in(int64_t at_ms, const char *zone)
{
    struct civil civil;
    if (!zone || !clock_civil_zone(at_ms, zone, &civil))
        civil = clock_civil_utc(at_ms);
    return civil;
}

/* What a row of labels says. */
enum saying { NOTHING, CLOCK, WEEKDAY_DATE, WEEKDAY, DAY, DATE, MONTH, MONTH_YEAR, YEAR };

/* Ways to label a time axis, the one most wanted first. */
static const struct form {
    enum calendar_step step;
    enum saying upper, lower;
    int width; /* of the widest upper label */
} forms[] = {
    {CALENDAR_1M, CLOCK, WEEKDAY_DATE, 5},  {CALENDAR_5M, CLOCK, WEEKDAY_DATE, 5},
    {CALENDAR_15M, CLOCK, WEEKDAY_DATE, 5}, {CALENDAR_1H, CLOCK, WEEKDAY_DATE, 5},
    {CALENDAR_3H, CLOCK, WEEKDAY_DATE, 5},  {CALENDAR_6H, CLOCK, WEEKDAY_DATE, 5},
    {CALENDAR_12H, CLOCK, WEEKDAY_DATE, 5}, {CALENDAR_1D, WEEKDAY, MONTH_YEAR, 6},
    {CALENDAR_2D, WEEKDAY, MONTH_YEAR, 6},  {CALENDAR_2D, DAY, MONTH_YEAR, 2},
    {CALENDAR_1W, DATE, YEAR, 6},           {CALENDAR_1MO, MONTH, YEAR, 3},
    {CALENDAR_3MO, MONTH, YEAR, 3},         {CALENDAR_1Y, YEAR, NOTHING, 4},
    {CALENDAR_2Y, YEAR, NOTHING, 4},        {CALENDAR_5Y, YEAR, NOTHING, 4},
    {CALENDAR_10Y, YEAR, NOTHING, 4},
};

enum { FORM_COUNT = sizeof(forms) / sizeof(forms[0]) };

/* Writes a label into `out` of AXIS_LABEL_MAX. */
static void say(char *out, enum saying saying, const struct civil *at)
{
    const char *month = months[at->month - 1], *weekday = weekdays[at->weekday];
    size_t size = AXIS_LABEL_MAX;
    switch (saying) {
    case NOTHING:
        out[0] = '\0';
        break;
    case CLOCK:
        snprintf(out, size, "%02d:%02d", at->hour, at->minute);
        break;
    case WEEKDAY_DATE:
        snprintf(out, size, "%s %s %d", weekday, month, at->day);
        break;
    case WEEKDAY:
        snprintf(out, size, "%s %d", weekday, at->day);
        break;
    case DAY:
        snprintf(out, size, "%d", at->day);
        break;
    case DATE:
        snprintf(out, size, "%s %d", month, at->day);
        break;
    case MONTH:
        snprintf(out, size, "%s", month);
        break;
    case MONTH_YEAR:
        snprintf(out, size, "%s %d", month, at->year);
        break;
    case YEAR:
        snprintf(out, size, "%d", at->year);
        break;
    }
}

/* As say(), and the year too if it is not in the words already. */
static void say_with_year(char *out, enum saying saying, const struct civil *at)
{
    char text[AXIS_LABEL_MAX];
    say(text, saying, at);
    if (saying == WEEKDAY_DATE)
        snprintf(out, AXIS_LABEL_MAX, "%.20s %d", text, at->year);
    else
        snprintf(out, AXIS_LABEL_MAX, "%s", text);
}

static bool collect(struct ticks *ticks, const struct ticks_strip *strip, enum calendar_step step,
                    const char *zone)
{
    const struct axis_scale *scale = &strip->scale;
    ticks->count = 0;
    if ((scale->to - scale->from) / calendar_length(step) > TICKS_MAX - 3)
        return false;
    int64_t at = calendar_first(step, scale->from, zone);
    for (; at <= scale->to && ticks->count < TICKS_MAX; at = calendar_next(step, at, zone))
        add_tick(ticks, strip, at);
    return true;
}

/* The second row says what changes. Its first label only tells where the window starts: it gives
   way to a real change. */
static void place_lower(struct ticks *ticks, const struct ticks_strip *strip, enum saying lower,
                        const char *zone)
{
    int year = 0;
    bool gives_way = false;
    char text[AXIS_LABEL_MAX], last[AXIS_LABEL_MAX] = "";
    for (size_t i = 0; i < ticks->count; i++) {
        struct civil at = civil_in(ticks->values[i], zone);
        say(text, lower, &at);
        if (!strcmp(text, last))
            continue;
        memcpy(last, text, sizeof(last));
        if (at.year != year)
            say_with_year(text, lower, &at);
        bool placed = place(ticks->lower, &ticks->lower_count, strip, ticks->columns[i], text);
        if (!placed && gives_way) {
            say_with_year(text, lower, &at);
            ticks->lower_count = 0;
            placed = place(ticks->lower, &ticks->lower_count, strip, ticks->columns[i], text);
            if (!placed)
                ticks->lower_count = 1;
        }
        gives_way = placed && i == 0;
        year = placed ? at.year : year;
    }
}

/* Labels at the left end, for a window in which no tick could be labelled. */
static void place_start(struct ticks *ticks, const struct ticks_strip *strip, const char *zone)
{
    struct civil at = civil_in(strip->scale.from, zone);
    char text[AXIS_LABEL_MAX];
    if (ticks->upper_count == 0) {
        say(text, CLOCK, &at);
        place(ticks->upper, &ticks->upper_count, strip, (int)strlen(text) / 2, text);
    }
    if (ticks->lower_count == 0) {
        say_with_year(text, WEEKDAY_DATE, &at);
        place(ticks->lower, &ticks->lower_count, strip, (int)strlen(text) / 2, text);
    }
}

void ticks_time(struct ticks *ticks, const struct ticks_strip *strip, const char *zone)
{
    size_t i = 0;
    while (!(collect(ticks, strip, forms[i].step, zone) && fits(ticks, forms[i].width)) &&
           i + 1 < FORM_COUNT)
        i++;
    const struct form *form = &forms[i];
    char text[AXIS_LABEL_MAX];
    ticks->upper_count = ticks->lower_count = 0;
    for (i = 0; i < ticks->count; i++) {
        struct civil at = civil_in(ticks->values[i], zone);
        say(text, form->upper, &at);
        place(ticks->upper, &ticks->upper_count, strip, ticks->columns[i], text);
    }
    if (form->lower == NOTHING)
        return;
    place_lower(ticks, strip, form->lower, zone);
    place_start(ticks, strip, zone);
}

static void to_event_text(char *out, int64_t value, int64_t step)
{
    bool hours = step % CLOCK_DAY_MS != 0;
    int64_t count = value / (hours ? CLOCK_HOUR_MS : CLOCK_DAY_MS);
    if (value == 0)
        snprintf(out, AXIS_LABEL_MAX, "T");
    else
        snprintf(out, AXIS_LABEL_MAX, "T%+" PRId64 "%s", count, hours ? "h" : "d");
}

void ticks_to_event(struct ticks *ticks, const struct ticks_strip *strip)
{
    static const int hours[] = {1,       3,       6,       12,       24,       48,       7 * 24,
                                14 * 24, 28 * 24, 56 * 24, 112 * 24, 364 * 24, 3640 * 24};
    const struct axis_scale *scale = &strip->scale;
    char text[AXIS_LABEL_MAX], last[AXIS_LABEL_MAX];
    int64_t step = 0;
    ticks->upper_count = ticks->lower_count = 0;
    for (size_t i = 0; i < sizeof(hours) / sizeof(hours[0]); i++) {
        step = hours[i] * CLOCK_HOUR_MS;
        ticks->count = 0;
        int64_t first = -clock_floor(-scale->from, step);
        for (int64_t at = first; at <= scale->to && ticks->count < TICKS_MAX; at += step)
            add_tick(ticks, strip, at);
        to_event_text(text, first, step);
        to_event_text(last, scale->to, step);
        size_t widest = strlen(text) > strlen(last) ? strlen(text) : strlen(last);
        if (ticks->count < TICKS_MAX && fits(ticks, (int)widest))
            break;
    }
    for (size_t i = 0; i < ticks->count; i++) {
        to_event_text(text, ticks->values[i], step);
        place(ticks->upper, &ticks->upper_count, strip, ticks->columns[i], text);
    }
}

char *ticks_moment(char *out, int64_t at_ms, const char *zone)
{
    struct civil at = civil_in(at_ms, zone);
    char day[AXIS_LABEL_MAX], clock[AXIS_LABEL_MAX];
    say(day, WEEKDAY_DATE, &at);
    say(clock, CLOCK, &at);
    snprintf(out, AXIS_LABEL_MAX, "%.20s %.8s", day, clock);
    return out;
}

char *ticks_moment_to_event(char *out, int64_t at_ms)
{
    int64_t away = at_ms < 0 ? -at_ms : at_ms;
    snprintf(out, AXIS_LABEL_MAX, "T%c%" PRId64 "d %dh", at_ms > 0 ? '+' : '-', away / CLOCK_DAY_MS,
             (int)(away % CLOCK_DAY_MS / CLOCK_HOUR_MS));
    return out;
}
