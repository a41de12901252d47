/* Quiet hours: a part of the day in which nobody is told, `22:00-07:00`. */
#ifndef CORE_QUIET_H
#define CORE_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* [from, to) in minutes since midnight; around midnight when `to` is not after `from`. Both 0: none. */
struct quiet {
    int from_min, to_min;
    bool venue; /* by the clock of the event's venue, else by this machine's */
};

/* Reads "22:00-07:00", "22:00-07:00 venue" or "22:00-07:00 local"; "" is none. ERR_USAGE says what is allowed. */
bool quiet_parse(const char *text, struct quiet *quiet, struct err *err);

/* Whether a moment is in it. `venue_zone` is an IANA name, or "" or NULL where there is none: this machine's counts. */
bool quiet_holds(const struct quiet *quiet, const char *venue_zone, int64_t at_ms);

#endif
