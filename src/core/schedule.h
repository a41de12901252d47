/*
 * When an event is to be polled next, and why then. Pure arithmetic: the same facts give the same
 * answer, so that what the service does and what `tws events --schedule` shows is one.
 */
#ifndef CORE_SCHEDULE_H
#define CORE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"

enum schedule_reason {
#define X(name, word, sentence, retired) SCHEDULE_##name,
#include "core/schedule.def"
#undef X
    SCHEDULE_REASON_COUNT
};

enum schedule_priority { SCHEDULE_LOW, SCHEDULE_NORMAL, SCHEDULE_HIGH };

/* What the user allows. */
struct schedule_settings {
    int64_t every_ms;               /* the usual interval, on average */
    int64_t fastest_ms, slowest_ms; /* no interval is outside, but one that was asked for by hand */
};

/* What is known of an event. Times are the wall clock's; negative: never, or not known. */
struct schedule_facts {
    int64_t event_id;
    int64_t every_ms; /* asked for by hand; 0: not */
    enum schedule_priority priority;
    int64_t date_ms; /* EVENT_NO_DATE when not known */
    bool time_tbd;
    int64_t polled_ms, good_ms;  /* the last poll, the last good one */
    int64_t changed_ms;          /* since when the market has been as it is */
    int64_t listings;            /* on sale at good_ms */
    int64_t moved_permille;      /* of price or tickets within the hour before good_ms */
    int64_t failures;            /* since the last good one; counted no further than matters */
    int64_t missing, missing_ms; /* of these the ones that ended not_found; the first of them */
    int64_t since_ms;            /* when it was tracked or asked for again */
    bool pending;                /* its names and date were never told */
    int64_t described_ms;        /* when they were told last */
};

struct schedule_verdict {
    enum schedule_reason reason;
    int64_t interval_ms; /* from one poll to the next; 0 when retired */
    int64_t wait_ms;     /* from now; 0: at once */
};

/* Rules of which the header is the manual. */
enum {
    SCHEDULE_FAILURES = 5,         /* in a row, from which an event is asked seldom */
    SCHEDULE_MISSING = 5,          /* polls in a row that found no event, and ... */
    SCHEDULE_MISSING_H = 24,       /* ... over so many hours retire it */
    SCHEDULE_OVER_H = 6,           /* after its start an event is over */
    SCHEDULE_OVER_TBD_H = 36,      /* after the midnight of a day whose hour is not known */
    SCHEDULE_VANISHED_D = 7,       /* without anything on sale */
    SCHEDULE_NEAR_H = 24,          /* before its start */
    SCHEDULE_QUIET_H = 12,         /* without any change */
    SCHEDULE_DESCRIBE_H = 24,      /* names, place and date are asked for so seldom, and ... */
    SCHEDULE_DESCRIBE_NEAR_H = 6,  /* ... so often in the last two days; ... */
    SCHEDULE_DESCRIBE_LAST_D = 30, /* ... so long after an event was over or gone never again */
    SCHEDULE_MOVED_PERMILLE = 50,
    SCHEDULE_EVERY_MIN_S = 60, /* the shortest and ... */
    SCHEDULE_EVERY_MAX_D = 7,  /* ... the longest interval that may be asked for */
};

/* Reads the settings. ERR_USAGE when the bounds contradict each other. */
bool schedule_settings_read(const struct conf *conf, struct schedule_settings *settings,
                            struct err *err);

/* Decides. `age_ms`: how long ago the last poll was, on whatever clock the caller trusts; `stretch`
   (1 or more) is how many times longer all intervals are because the rate allows no more.
   Intervals of the usual kind lie within a third around their middle and the bounds, those asked for by hand
   within a tenth, by a number that the event and its last poll give: polls of many events spread
   evenly. Polls that were missed come after a moment of a span as long as they are late, and no
   longer than the interval: they are made up as they were due, not in a burst. */
struct schedule_verdict schedule_decide(const struct schedule_settings *settings,
                                        const struct schedule_facts *facts, int64_t now_ms,
                                        int64_t age_ms, double stretch);

/* How long until names, place and date of an event are to be asked for again: 0, at once, when they were never told, or
   not since polls began to find no such event; negative: never. A postponed event keeps its id and gets another date, so
   one that is retired is asked about, too. */
int64_t schedule_describe_ms(const struct schedule_facts *facts, int64_t now_ms);

/* Whether the reason is one not to poll any more. */
bool schedule_is_retired(enum schedule_reason reason);

/* The word for machines and its sentence; static. */
const char *schedule_reason_word(enum schedule_reason reason);
const char *schedule_reason_sentence(enum schedule_reason reason);

/* "low", "normal", "high"; static. NULL for a number that is none. */
const char *schedule_priority_word(enum schedule_priority priority);

/* How many times longer intervals must be when `demand` polls a minute are due and the host's limiter allows
   `per_minute` requests (0: no limit). A tenth of what that comes to is left for other questions. */
double schedule_stretch(double demand, int64_t per_minute);

/* How long to wait for the next attempt after `attempts` that failed: doubling from two minutes to the
   interval, with a jitter that the event and the attempt give. */
int64_t schedule_retry_ms(int64_t event_id, int64_t attempts, int64_t interval_ms);

/* A moment of [0, span_ms) that an event and a number give: evenly spread over many events. */
int64_t schedule_moment_ms(int64_t event_id, int64_t number, int64_t span_ms);

#endif
