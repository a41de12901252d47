/* Offsets of IANA time zones, read from the system's TZif files (RFC 9636). Leaves TZ and the C
   library's own zone alone, so any thread may ask for any zone. */
#ifndef BASE_TZFILE_H
#define BASE_TZFILE_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds east of UTC that hold in a zone ("America/New_York") at an instant (seconds since 1970),
   by the file under $TZDIR, else /usr/share/zoneinfo. False, and `offset_s` untouched, when there
   is no such file or it cannot be understood; names with ".." or a leading "/" are never looked up.
   Each thread keeps the zone it asked for last. */
bool tzfile_offset(const char *zone, int64_t at_s, int *offset_s);

#endif
