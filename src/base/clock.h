/*
 * The only reader of time. Inside, time is UTC milliseconds since 1970; a fixed clock (TWS_NOW) makes
 * every answer reproducible. Waiting, timeouts and rates use the monotonic clock, which nothing fixes.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_TEXT_MAX = 40 };

#define CLOCK_SECOND_MS INT64_C(1000)
#define CLOCK_MINUTE_MS (60 * CLOCK_SECOND_MS)
#define CLOCK_HOUR_MS (60 * CLOCK_MINUTE_MS)
#define CLOCK_DAY_MS (24 * CLOCK_HOUR_MS)

/* Times that are believed from outside: 1970-01-01 up to, not including, 2200-01-01. */
#define CLOCK_MAX_MS INT64_C(7258118400000)

/* UTC milliseconds now, or the fixed time. */
int64_t clock_now_ms(void);

/* Fixes the clock (tests, TWS_NOW, the demo's accelerated days); may be called again. Safe to call while
   another thread reads. */
void clock_fix(int64_t at_ms);

/* Whether the clock is fixed. */
bool clock_is_fixed(void);

/* Milliseconds on the monotonic clock, from an unknown start. */
int64_t clock_monotonic_ms(void);

/* The bucket start at or before a time: floors to a multiple of `step_ms` since 1970, for negative too. */
int64_t clock_floor(int64_t at_ms, int64_t step_ms);

/* A civil time in some zone, as people write it. */
struct civil {
    int year, month, day; /* month 1..12, day 1..31 */
    int hour, minute, second, millisecond;
    int weekday;  /* 0 = Sunday */
    int offset_s; /* seconds east of UTC that held there */
};

/* UTC civil time of an instant. */
struct civil clock_civil_utc(int64_t at_ms);

/* The instant of a civil time, taking its offset_s into account (0 = UTC). */
int64_t clock_from_civil(const struct civil *civil);

/* Civil time in an IANA zone ("America/New_York", "US/Pacific"), by the system's zone files. False (and UTC
   given) when the zone is unknown; names with ".." or a leading "/" are unknown. Does not touch TZ. */
bool clock_civil_zone(int64_t at_ms, const char *zone, struct civil *civil);

/* The zone of this machine: what TZ names, or /etc/localtime points to. NULL for UTC, and when it has no
   name that clock_civil_zone() knows. Static, read once. */
const char *clock_local_zone(void);

/* Reads RFC 3339 ("2026-02-09T18:00:00Z", any offset, up to 3 decimals of a second; more are cut) or a
   bare date, which is UTC midnight. An IANA suffix in brackets, as Vivid Seats writes it, is allowed and
   skipped. False when it is anything else, an impossible date, or outside 0..CLOCK_MAX_MS. */
bool clock_parse(const char *text, int64_t *at_ms);

/* RFC 3339 with Z, the fraction only when the milliseconds are not 0; into `out` of CLOCK_TEXT_MAX. */
char *clock_format(char *out, int64_t at_ms);

/* Reads an HTTP date (IMF-fixdate, RFC 9110 5.6.7). */
bool clock_parse_http(const char *text, int64_t *at_ms);

/* A length of time for people: "45 s", "12 min", "3.5 h", "9 d". */
char *clock_format_span(char *out, int64_t span_ms);

#endif
