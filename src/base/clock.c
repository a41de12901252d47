#include "base/clock.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/err.h"
#include "base/tzfile.h"

#define NOT_FIXED INT64_MIN

static _Atomic int64_t fixed_ms = NOT_FIXED;

static int64_t read_clock(clockid_t id)
{
    struct timespec now;
    if (clock_gettime(id, &now) != 0)
        BUG("the system has no clock %d", (int)id);
    return (int64_t)now.tv_sec * CLOCK_SECOND_MS + now.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
    int64_t at_ms = atomic_load(&fixed_ms);
    return at_ms != NOT_FIXED ? at_ms : read_clock(CLOCK_REALTIME);
}

void clock_fix(int64_t at_ms)
{
    atomic_store(&fixed_ms, at_ms);
}

bool clock_is_fixed(void)
{
    return atomic_load(&fixed_ms) != NOT_FIXED;
}

int64_t clock_monotonic_ms(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

int64_t clock_floor(int64_t at_ms, int64_t step_ms)
{
    if (step_ms <= 0)
        BUG("time floored to steps of %" PRId64, step_ms);
    int64_t rest = at_ms % step_ms;
    return at_ms - (rest < 0 ? rest + step_ms : rest);
}

static struct civil civil_at(int64_t at_ms, int offset_s)
{
    at_ms += offset_s * CLOCK_SECOND_MS;
    int64_t day_ms = clock_floor(at_ms, CLOCK_DAY_MS);
    int64_t days = day_ms / CLOCK_DAY_MS, rest = at_ms - day_ms;
    struct civil civil = {
        .hour = (int)(rest / CLOCK_HOUR_MS),
        .minute = (int)(rest / CLOCK_MINUTE_MS % 60),
        .second = (int)(rest / CLOCK_SECOND_MS % 60),
        .millisecond = (int)(rest % CLOCK_SECOND_MS),
        .weekday = date_weekday(days),
        .offset_s = offset_s,
    };
    date_from_days(days, &civil.year, &civil.month, &civil.day);
    return civil;
}

struct civil clock_civil_utc(int64_t at_ms)
{
    return civil_at(at_ms, 0);
}

int64_t clock_from_civil(const struct civil *civil)
{
    int64_t days = date_days(civil->year, civil->month, civil->day);
    return days * CLOCK_DAY_MS + civil->hour * CLOCK_HOUR_MS + civil->minute * CLOCK_MINUTE_MS +
           (civil->second - civil->offset_s) * CLOCK_SECOND_MS + civil->millisecond;
}

bool clock_civil_zone(int64_t at_ms, const char *zone, struct civil *civil)
{
    int offset_s = 0;
    bool known =
        tzfile_offset(zone, clock_floor(at_ms, CLOCK_SECOND_MS) / CLOCK_SECOND_MS, &offset_s);
    *civil = civil_at(at_ms, offset_s);
    return known;
}

static char local_zone[256];

static void find_local_zone(void)
{
    static const char folder[] = "zoneinfo/";
    char path[sizeof local_zone] = "";
    struct civil civil;
    const char *name = getenv("TZ"), *found;
    if (name)
        name += *name == ':';
    else if (readlink("/etc/localtime", path, sizeof path - 1) > 0)
        name = (found = strstr(path, folder)) ? found + sizeof folder - 1 : NULL;
    if (name && *name && clock_civil_zone(0, name, &civil))
        snprintf(local_zone, sizeof local_zone, "%s", name);
}

const char *clock_local_zone(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_local_zone);
    return local_zone[0] ? local_zone : NULL;
}

/* The readers below take what they expect from the front of `*at`, or take nothing and say false.
 */

static bool take_char(const char **at, char expected)
{
    if (**at != expected)
        return false;
    (*at)++;
    return true;
}

static bool take_digits(const char **at, int count, int *value)
{
    int sum = 0;
    for (int i = 0; i < count; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        sum = sum * 10 + (c - '0');
    }
    *at += count;
    *value = sum;
    return true;
}

/* One of the three-letter names that are strung together in `names`: its index, or -1. */
static int take_name(const char **at, const char *names)
{
    for (int i = 0; names[3 * i]; i++) {
        if (strncmp(*at, names + 3 * i, 3) == 0) {
            *at += 3;
            return i;
        }
    }
    return -1;
}

static bool take_time(const char **at, struct civil *civil)
{
    return take_digits(at, 2, &civil->hour) && take_char(at, ':') &&
           take_digits(at, 2, &civil->minute) && take_char(at, ':') &&
           take_digits(at, 2, &civil->second);
}

static bool take_date(const char **at, struct civil *civil)
{
    return take_digits(at, 4, &civil->year) && take_char(at, '-') &&
           take_digits(at, 2, &civil->month) && take_char(at, '-') &&
           take_digits(at, 2, &civil->day);
}

static bool take_fraction(const char **at, int *millisecond)
{
    if (!take_char(at, '.'))
        return true;
    int digit, weight = 100, count = 0;
    for (; take_digits(at, 1, &digit); count++, weight /= 10)
        *millisecond += digit * weight;
    return count > 0;
}

static bool take_offset(const char **at, int *offset_s)
{
    if (take_char(at, 'Z') || take_char(at, 'z'))
        return true;
    int hours, minutes, sign = **at == '-' ? -1 : 1;
    if (!take_char(at, '+') && !take_char(at, '-'))
        return false;
    if (!take_digits(at, 2, &hours) || !take_char(at, ':') || !take_digits(at, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *offset_s = sign * (hours * 60 + minutes) * 60;
    return true;
}

/* "[America/New_York]": the offset before it has said all, so the name only has to look like one.
 */
static bool take_zone_suffix(const char **at)
{
    if (!take_char(at, '['))
        return true;
    size_t length =
        strspn(*at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");
    *at += length;
    return length > 0 && take_char(at, ']');
}

/* A leap second is refused: 23:59:60 has no instant of its own in UTC milliseconds. */
static bool to_instant(const struct civil *civil, int64_t *at_ms)
{
    if (civil->day < 1 || civil->day > date_month_length(civil->year, civil->month) ||
        civil->hour > 23 || civil->minute > 59 || civil->second > 59)
        return false;
    int64_t instant = clock_from_civil(civil);
    if (instant < 0 || instant >= CLOCK_MAX_MS)
        return false;
    *at_ms = instant;
    return true;
}

bool clock_parse(const char *text, int64_t *at_ms)
{
    struct civil civil = {0};
    if (!take_date(&text, &civil))
        return false;
    if (*text && ((!take_char(&text, 'T') && !take_char(&text, 't')) || !take_time(&text, &civil) ||
                  !take_fraction(&text, &civil.millisecond) ||
                  !take_offset(&text, &civil.offset_s) || !take_zone_suffix(&text)))
        return false;
    return !*text && to_instant(&civil, at_ms);
}

char *clock_format(char *out, int64_t at_ms)
{
    struct civil c = clock_civil_utc(at_ms);
    int length = snprintf(out, CLOCK_TEXT_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month,
                          c.day, c.hour, c.minute, c.second);
    size_t room = CLOCK_TEXT_MAX - (size_t)length;
    if (c.millisecond)
        snprintf(out + length, room, ".%03dZ", c.millisecond);
    else
        snprintf(out + length, room, "Z");
    return out;
}

/* The day's name is redundant; it must be one, but the date is believed. */
bool clock_parse_http(const char *text, int64_t *at_ms)
{
    struct civil civil = {0};
    if (take_name(&text, "SunMonTueWedThuFriSat") < 0 || !take_char(&text, ',') ||
        !take_char(&text, ' ') || !take_digits(&text, 2, &civil.day) || !take_char(&text, ' '))
        return false;
    civil.month = 1 + take_name(&text, "JanFebMarAprMayJunJulAugSepOctNovDec");
    if (!take_char(&text, ' ') || !take_digits(&text, 4, &civil.year) || !take_char(&text, ' ') ||
        !take_time(&text, &civil) || strcmp(text, " GMT") != 0)
        return false;
    return to_instant(&civil, at_ms);
}

/* Cut, not rounded: 59.9 s is not yet a minute. Hours carry a tenth, up to two days. */
char *clock_format_span(char *out, int64_t span_ms)
{
    const char *sign = span_ms < 0 ? "-" : "";
    uint64_t ms = span_ms < 0 ? -(uint64_t)span_ms : (uint64_t)span_ms;
    uint64_t tenths = ms / (CLOCK_HOUR_MS / 10);
    if (ms < CLOCK_MINUTE_MS)
        snprintf(out, CLOCK_TEXT_MAX, "%s%" PRIu64 " s", sign, ms / CLOCK_SECOND_MS);
    else if (ms < CLOCK_HOUR_MS)
        snprintf(out, CLOCK_TEXT_MAX, "%s%" PRIu64 " min", sign, ms / CLOCK_MINUTE_MS);
    else if (ms >= 2 * CLOCK_DAY_MS)
        snprintf(out, CLOCK_TEXT_MAX, "%s%" PRIu64 " d", sign, ms / CLOCK_DAY_MS);
    else if (tenths % 10)
        snprintf(out, CLOCK_TEXT_MAX, "%s%" PRIu64 ".%" PRIu64 " h", sign, tenths / 10,
                 tenths % 10);
    else
        snprintf(out, CLOCK_TEXT_MAX, "%s%" PRIu64 " h", sign, tenths / 10);
    return out;
}
