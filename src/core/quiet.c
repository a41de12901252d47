#include "core/quiet.h"

#include <string.h>

#include "base/clock.h"

static bool read_digits(const char *text, int limit, int *number)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *number = (text[0] - '0') * 10 + text[1] - '0';
    return *number < limit;
}

/* "22:00"; reads no further than it is right. */
static bool read_time(const char *text, int *minutes)
{
    int hour, minute;
    if (!read_digits(text, 24, &hour) || text[2] != ':' || !read_digits(text + 3, 60, &minute))
        return false;
    *minutes = hour * 60 + minute;
    return true;
}

bool quiet_parse(const char *text, struct quiet *quiet, struct err *err)
{
    *quiet = (struct quiet){0};
    if (!*text)
        return true;
    bool times = read_time(text, &quiet->from_min) && text[5] == '-' &&
                 read_time(text + 6, &quiet->to_min) && quiet->from_min != quiet->to_min;
    const char *clock = times ? text + strlen("22:00-07:00") : "";
    quiet->venue = strcmp(clock, " venue") == 0;
    if (times && (quiet->venue || !*clock || strcmp(clock, " local") == 0))
        return true;
    err_set(err, ERR_USAGE, "'%.60s' are no quiet hours", text);
    return err_hint(err,
                    "quiet hours are 22:00-07:00, by this machine's clock, or 22:00-07:00 venue");
}

/* Clocks that are set back or forward are no matter: it is asked what the clock on the wall shows. */
bool quiet_holds(const struct quiet *quiet, const char *venue_zone, int64_t at_ms)
{
    struct civil civil = clock_civil_utc(at_ms);
    const char *zone = quiet->venue && venue_zone && *venue_zone ? venue_zone : clock_local_zone();
    if (quiet->from_min == quiet->to_min)
        return false;
    if (zone)
        clock_civil_zone(at_ms, zone, &civil);
    int minutes = civil.hour * 60 + civil.minute;
    bool after = minutes >= quiet->from_min, before = minutes < quiet->to_min;
    return quiet->from_min < quiet->to_min ? after && before : after || before;
}
