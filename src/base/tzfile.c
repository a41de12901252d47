#include "base/tzfile.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"

enum {
    FILE_BYTES_MAX = 16384, /* the largest in tzdata has under 4000 */
    HEADER_BYTES = 44,
    TYPE_BYTES = 6,
    DAY_S = 86400
};

/* When a year's change comes: `M3.2.0/2`, `J60`, `59`. */
struct change {
    char kind;            /* 'M', 'J', or 'n' for a day counted from 0 with leap days */
    int month, week, day; /* only `day` unless the kind is 'M' */
    int time_s;           /* after midnight by the clock that the change ends; may be negative */
};

/* The file's last line: the rule for all time after its last transition. */
struct rule {
    bool given, has_dst;
    int standard_s, dst_s; /* seconds east of UTC */
    struct change to_dst, to_standard;
};

struct zone {
    char path[256];
    bool known;
    size_t count; /* of transitions */
    size_t type_count;
    const unsigned char *times; /* `count` instants of 8 bytes, ascending */
    const unsigned char *kinds; /* the type that each of them starts */
    const unsigned char *types; /* `type_count` records that begin with the offset */
    struct rule rule;
    unsigned char bytes[FILE_BYTES_MAX + 1]; /* ends with a NUL */
};

static uint32_t read_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t transition_at(const struct zone *zone, size_t index)
{
    const unsigned char *at = zone->times + 8 * index;
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

/* The readers of the rule take what they expect from the front of `*at`, or say false. */

static bool take_number(const char **at, int most, int *value)
{
    if (!isdigit((unsigned char)**at))
        return false;
    int sum = 0;
    for (; isdigit((unsigned char)**at) && sum <= most; (*at)++)
        sum = sum * 10 + (**at - '0');
    *value = sum;
    return sum <= most;
}

static bool take_char(const char **at, char expected)
{
    bool there = **at == expected;
    *at += there;
    return there;
}

/* [+-]hh[:mm[:ss]] */
static bool take_seconds(const char **at, int *seconds)
{
    int hours, minutes = 0, rest = 0;
    bool negative = take_char(at, '-');
    if (!negative)
        take_char(at, '+');
    if (!take_number(at, 167, &hours))
        return false;
    if (take_char(at, ':') &&
        (!take_number(at, 59, &minutes) || (take_char(at, ':') && !take_number(at, 59, &rest))))
        return false;
    *seconds = (hours * 60 + minutes) * 60 + rest;
    *seconds = negative ? -*seconds : *seconds;
    return true;
}

/* EST, or <-03> */
static bool take_name(const char **at)
{
    const char *start = *at;
    if (take_char(at, '<')) {
        *at += strcspn(*at, ">\n");
        return take_char(at, '>');
    }
    while (isalpha((unsigned char)**at))
        (*at)++;
    return *at - start >= 3;
}

static bool take_change(const char **at, struct change *change)
{
    *change = (struct change){.kind = 'n', .time_s = 2 * 3600};
    if (!take_char(at, ','))
        return false;
    if (take_char(at, 'M')) {
        change->kind = 'M';
        if (!take_number(at, 12, &change->month) || change->month < 1 || !take_char(at, '.') ||
            !take_number(at, 5, &change->week) || change->week < 1 || !take_char(at, '.') ||
            !take_number(at, 6, &change->day))
            return false;
    } else {
        if (take_char(at, 'J'))
            change->kind = 'J';
        if (!take_number(at, 365, &change->day) || (change->kind == 'J' && change->day < 1))
            return false;
    }
    return !take_char(at, '/') || take_seconds(at, &change->time_s);
}

/* EST5EDT,M3.2.0,M11.1.0 between newlines. POSIX counts west of UTC as positive. */
static bool parse_rule(const char *text, struct rule *rule)
{
    int west_s;
    *rule = (struct rule){0};
    if (!take_char(&text, '\n'))
        return false;
    if (take_char(&text, '\n'))
        return true;
    rule->given = true;
    if (!take_name(&text) || !take_seconds(&text, &west_s))
        return false;
    rule->standard_s = -west_s;
    if (take_char(&text, '\n'))
        return true;
    rule->has_dst = true;
    if (!take_name(&text))
        return false;
    rule->dst_s = rule->standard_s + 3600;
    if (*text != ',') {
        if (!take_seconds(&text, &west_s))
            return false;
        rule->dst_s = -west_s;
    }
    return take_change(&text, &rule->to_dst) && take_change(&text, &rule->to_standard) &&
           take_char(&text, '\n');
}

/* The change's moment in a year, as seconds since 1970 by the clock that it ends. */
static int64_t change_moment(const struct change *change, int year)
{
    int64_t days;
    if (change->kind == 'M') {
        int64_t first = date_days(year, change->month, 1);
        int skip = (change->day - date_weekday(first) + 7) % 7 + 7 * (change->week - 1);
        if (skip >= date_month_length(year, change->month))
            skip -= 7; /* week 5 is the last one, whether the month has five or not */
        days = first + skip;
    } else {
        days = date_days(year, 1, 1) + change->day;
        if (change->kind == 'J') /* counted from 1, and never 29 February */
            days -= change->day < 60 || date_month_length(year, 2) == 28;
    }
    return days * DAY_S + change->time_s;
}

static int rule_offset(const struct rule *rule, int64_t at_s)
{
    if (!rule->has_dst)
        return rule->standard_s;
    int year, month, day;
    int64_t local_s = at_s + rule->standard_s;
    date_from_days(local_s / DAY_S - (local_s % DAY_S < 0), &year, &month, &day);
    int64_t start_s = change_moment(&rule->to_dst, year) - rule->standard_s;
    int64_t end_s = change_moment(&rule->to_standard, year) - rule->dst_s;
    /* south of the equator, summer time goes over the new year */
    bool dst = start_s < end_s ? start_s <= at_s && at_s < end_s : at_s < end_s || start_s <= at_s;
    return dst ? rule->dst_s : rule->standard_s;
}

/* Bytes of the data block behind a header whose times have `time_bytes`. */
static size_t block_bytes(const unsigned char *header, size_t time_bytes)
{
    size_t utc = read_u32(header + 20), standard = read_u32(header + 24);
    size_t leaps = read_u32(header + 28), times = read_u32(header + 32);
    size_t types = read_u32(header + 36), letters = read_u32(header + 40);
    return times * (time_bytes + 1) + types * TYPE_BYTES + letters + leaps * (time_bytes + 4) +
           standard + utc;
}

/* Fills the views into `bytes`. Only version 2 and later, whose second block has 64-bit times;
   files that count leap seconds ("right/...") are not ours. */
static bool parse(struct zone *zone, size_t size)
{
    const unsigned char *header = zone->bytes, *end = zone->bytes + size;
    if (size < HEADER_BYTES || memcmp(header, "TZif", 4) != 0 || header[4] < '2')
        return false;
    size_t first = HEADER_BYTES + block_bytes(header, 4);
    if (first > size || size - first < HEADER_BYTES)
        return false;
    header += first;
    size_t second = block_bytes(header, 8);
    if (memcmp(header, "TZif", 4) != 0 || second > (size_t)(end - header) - HEADER_BYTES)
        return false;
    zone->count = read_u32(header + 32);
    zone->type_count = read_u32(header + 36);
    zone->times = header + HEADER_BYTES;
    zone->kinds = zone->times + 8 * zone->count;
    zone->types = zone->kinds + zone->count;
    return read_u32(header + 28) == 0 && zone->type_count > 0 &&
           parse_rule((const char *)header + HEADER_BYTES + second, &zone->rule);
}

static bool load(struct zone *zone)
{
    int fd = open(zone->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return false;
    size_t size = 0;
    ssize_t got;
    while (size < FILE_BYTES_MAX && (got = read(fd, zone->bytes + size, FILE_BYTES_MAX - size)) > 0)
        size += (size_t)got;
    close(fd);
    zone->bytes[size] = '\0';
    return parse(zone, size);
}

static bool type_offset(const struct zone *zone, size_t type, int *offset_s)
{
    if (type >= zone->type_count)
        return false;
    *offset_s = (int)read_u32(zone->types + TYPE_BYTES * type);
    return true;
}

static bool offset_at(const struct zone *zone, int64_t at_s, int *offset_s)
{
    size_t below = 0,
           above = zone->count; /* transitions before `below` are not after the instant */
    while (below < above) {
        size_t middle = below + (above - below) / 2;
        if (transition_at(zone, middle) <= at_s)
            below = middle + 1;
        else
            above = middle;
    }
    if (below == zone->count && zone->rule.given) {
        *offset_s = rule_offset(&zone->rule, at_s);
        return true;
    }
    return type_offset(zone, below > 0 ? zone->kinds[below - 1] : 0, offset_s);
}

static bool is_plain_name(const char *zone)
{
    return *zone && *zone != '/' && !strstr(zone, "..");
}

bool tzfile_offset(const char *name, int64_t at_s, int *offset_s)
{
    static _Thread_local struct zone zone;
    char path[sizeof zone.path];
    const char *folder = getenv("TZDIR");
    if (!folder || !*folder)
        folder = "/usr/share/zoneinfo";
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!is_plain_name(name) || length < 0 || (size_t)length >= sizeof path)
        return false;
    if (strcmp(path, zone.path) != 0) {
        memcpy(zone.path, path, sizeof path);
        zone.known = load(&zone);
    }
    return zone.known && offset_at(&zone, at_s, offset_s);
}
