#include "core/schedule.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/int64.h"
#include "core/event.h"
#include "core/limiter.h"

/* How much more often than usual while something is going on, as divisors; and how much more seldom. */
enum { NEAR_TIMES = 3, MOVING_TIMES = 2, QUIET_TIMES = 2, SELDOM_TIMES = 4 };

enum { RETRY_FIRST_MS = 2 * 60 * 1000, RETRY_LAST_MS = 60 * 60 * 1000 };

static const struct {
    const char *word, *sentence;
    bool retired;
} reasons[] = {
#define X(name, word, sentence, retired) [SCHEDULE_##name] = {word, sentence, retired},
#include "core/schedule.def"
#undef X
};

/* A number of [0, 1) that two numbers give: splitmix64. */
static double number_of(int64_t event_id, int64_t number)
{
    uint64_t z = (uint64_t)event_id * 0x9e3779b97f4a7c15 + (uint64_t)number * 0xd1b54a32d192ed03;
    for (int round = 0; round < 2; round++) {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        z ^= z >> 31;
    }
    return (double)(z >> 11) * 0x1p-53;
}

int64_t schedule_moment_ms(int64_t event_id, int64_t number, int64_t span_ms)
{
    return span_ms > 0 ? (int64_t)(number_of(event_id, number) * (double)span_ms) : 0;
}

bool schedule_settings_read(const struct conf *conf, struct schedule_settings *settings,
                            struct err *err)
{
    *settings = (struct schedule_settings){
        .every_ms = conf_span_ms(conf, CONF_WATCH_EVERY),
        .fastest_ms = conf_span_ms(conf, CONF_WATCH_FASTEST),
        .slowest_ms = conf_span_ms(conf, CONF_WATCH_SLOWEST),
    };
    if (settings->fastest_ms <= settings->slowest_ms)
        return true;
    return err_set(err, ERR_USAGE,
                   "setting 'watch.fastest' (%s) is longer than 'watch.slowest' (%s)",
                   conf_text(conf, CONF_WATCH_FASTEST), conf_text(conf, CONF_WATCH_SLOWEST));
}

/* Whether it is over, gone or empty for long. */
static bool is_retired(const struct schedule_facts *facts, int64_t now_ms,
                       enum schedule_reason *reason)
{
    int64_t last_ms = (facts->time_tbd ? SCHEDULE_OVER_TBD_H : SCHEDULE_OVER_H) * CLOCK_HOUR_MS;
    int64_t empty_ms = facts->good_ms - int64_max(facts->changed_ms, facts->since_ms);
    if (facts->date_ms != EVENT_NO_DATE && now_ms - facts->date_ms >= last_ms)
        *reason = SCHEDULE_OVER;
    else if (facts->missing >= SCHEDULE_MISSING &&
             facts->polled_ms - facts->missing_ms >= SCHEDULE_MISSING_H * CLOCK_HOUR_MS)
        *reason = SCHEDULE_GONE;
    else if (facts->good_ms >= 0 && facts->listings == 0 &&
             empty_ms >= SCHEDULE_VANISHED_D * CLOCK_DAY_MS)
        *reason = SCHEDULE_VANISHED;
    else
        return false;
    return true;
}

/* What is going on, the most urgent first. */
static enum schedule_reason situation(const struct schedule_facts *facts, int64_t now_ms)
{
    if (facts->failures >= SCHEDULE_FAILURES)
        return SCHEDULE_FAILING;
    if (facts->good_ms < 0)
        return SCHEDULE_INTERVAL;
    if (facts->listings == 0)
        return SCHEDULE_EMPTY;
    if (facts->date_ms != EVENT_NO_DATE &&
        facts->date_ms - now_ms <= SCHEDULE_NEAR_H * CLOCK_HOUR_MS)
        return SCHEDULE_NEAR;
    if (facts->moved_permille >= SCHEDULE_MOVED_PERMILLE)
        return SCHEDULE_MOVING;
    if (facts->good_ms - facts->changed_ms >= SCHEDULE_QUIET_H * CLOCK_HOUR_MS)
        return SCHEDULE_QUIET;
    return SCHEDULE_INTERVAL;
}

/* The middle of the intervals for a reason. */
static int64_t middle_ms(int64_t every_ms, enum schedule_reason reason)
{
    switch (reason) {
    case SCHEDULE_NEAR:
        return every_ms / NEAR_TIMES;
    case SCHEDULE_MOVING:
        return every_ms / MOVING_TIMES;
    case SCHEDULE_QUIET:
        return every_ms * QUIET_TIMES;
    case SCHEDULE_EMPTY:
    case SCHEDULE_FAILING:
        return every_ms * SELDOM_TIMES;
    case SCHEDULE_NEW:
    case SCHEDULE_EVERY:
    case SCHEDULE_INTERVAL:
    case SCHEDULE_RETRY:
    case SCHEDULE_MISSED:
    case SCHEDULE_OVER:
    case SCHEDULE_GONE:
    case SCHEDULE_VANISHED:
    case SCHEDULE_REASON_COUNT:
        break;
    }
    return every_ms;
}

static int64_t interval_ms(const struct schedule_settings *settings,
                           const struct schedule_facts *facts, enum schedule_reason reason)
{
    int64_t least_ms, most_ms;
    if (reason == SCHEDULE_EVERY) {
        least_ms = facts->every_ms - facts->every_ms / 10;
        most_ms = facts->every_ms + facts->every_ms / 10;
    } else {
        int64_t wanted_ms = middle_ms(settings->every_ms, reason);
        int64_t center_ms =
            int64_max(int64_min(wanted_ms, settings->slowest_ms), settings->fastest_ms);
        least_ms = int64_max(center_ms - center_ms / 3, settings->fastest_ms);
        most_ms = int64_min(center_ms + center_ms / 3, settings->slowest_ms);
    }
    return least_ms + schedule_moment_ms(facts->event_id, facts->polled_ms, most_ms - least_ms + 1);
}

struct schedule_verdict schedule_decide(const struct schedule_settings *settings,
                                        const struct schedule_facts *facts, int64_t now_ms,
                                        int64_t age_ms, double stretch)
{
    struct schedule_verdict verdict = {.reason = SCHEDULE_NEW};
    if (is_retired(facts, now_ms, &verdict.reason))
        return verdict;
    verdict.reason = facts->every_ms > 0 ? SCHEDULE_EVERY : situation(facts, now_ms);
    verdict.interval_ms = (int64_t)((double)interval_ms(settings, facts, verdict.reason) *
                                    (stretch > 1 ? stretch : 1));
    if (facts->polled_ms < 0) {
        verdict.reason = SCHEDULE_NEW;
        return verdict;
    }
    int64_t late_ms = age_ms - verdict.interval_ms;
    verdict.wait_ms = int64_max(-late_ms, 0);
    if (late_ms > 0) {
        verdict.reason = SCHEDULE_MISSED;
        verdict.wait_ms = schedule_moment_ms(facts->event_id, facts->polled_ms,
                                             int64_min(late_ms, verdict.interval_ms));
    }
    return verdict;
}

/* Whether it was over, or gone, so long ago that nobody will set another date. */
static bool is_history(const struct schedule_facts *facts, int64_t now_ms)
{
    enum schedule_reason reason;
    if (!is_retired(facts, now_ms, &reason) || reason == SCHEDULE_VANISHED)
        return false;
    int64_t since_ms = reason == SCHEDULE_OVER ? facts->date_ms : facts->missing_ms;
    return now_ms - since_ms > SCHEDULE_DESCRIBE_LAST_D * CLOCK_DAY_MS;
}

int64_t schedule_describe_ms(const struct schedule_facts *facts, int64_t now_ms)
{
    if (is_history(facts, now_ms))
        return -1;
    if (facts->pending || (facts->missing > 0 && facts->described_ms < facts->missing_ms))
        return 0;
    bool near = facts->date_ms != EVENT_NO_DATE && now_ms <= facts->date_ms &&
                facts->date_ms - now_ms <= 2 * CLOCK_DAY_MS;
    int64_t interval_ms = (near ? SCHEDULE_DESCRIBE_NEAR_H : SCHEDULE_DESCRIBE_H) * CLOCK_HOUR_MS;
    int64_t wait_ms = facts->described_ms + interval_ms - now_ms;
    return int64_max(int64_min(wait_ms, interval_ms),
                     0); /* a clock that was set back waits no longer */
}

bool schedule_is_retired(enum schedule_reason reason)
{
    return reasons[reason].retired;
}

const char *schedule_reason_word(enum schedule_reason reason)
{
    return reasons[reason].word;
}

const char *schedule_reason_sentence(enum schedule_reason reason)
{
    return reasons[reason].sentence;
}

const char *schedule_priority_word(enum schedule_priority priority)
{
    static const char *const words[] = {"low", "normal", "high"};
    return (size_t)priority < sizeof words / sizeof *words ? words[priority] : NULL;
}

double schedule_stretch(double demand, int64_t per_minute)
{
    double usable = limiter_sustained(per_minute) * 0.9;
    return usable > 0 && demand > usable ? demand / usable : 1;
}

int64_t schedule_retry_ms(int64_t event_id, int64_t attempts, int64_t interval_ms)
{
    int64_t span_ms = RETRY_FIRST_MS;
    for (int64_t i = 1; i < attempts && span_ms < RETRY_LAST_MS; i++)
        span_ms *= 2;
    span_ms = int64_min(span_ms, int64_max(interval_ms, RETRY_FIRST_MS));
    return span_ms / 2 + schedule_moment_ms(event_id, attempts, span_ms / 2 + 1);
}
