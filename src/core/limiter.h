/*
 * Manners toward one host: a rate that no window of a minute exceeds, backoff with full jitter, and
 * a breaker that rests the host after refusals. Pure arithmetic on a monotonic clock that the
 * caller reads.
 */
#ifndef CORE_LIMITER_H
#define CORE_LIMITER_H

#include <stdbool.h>
#include <stdint.h>

/* Only limiter.c looks inside; open so that it can be embedded. */
struct limiter {
    int64_t per_minute;       /* the most; 0: no limit */
    int64_t allowed;          /* what it is now: lowered by refusals, raised by answers */
    int64_t answers;          /* since `allowed` was raised or lowered */
    int64_t lowered_ms;       /* when it was lowered; 0: never */
    int64_t credit;           /* what may start at once, LIMITER_COST each */
    int64_t refilled_ms;      /* when `credit` was last right */
    int64_t resting_until_ms; /* no request before; 0: not resting */
    int refusals;             /* in a row */
    bool probing;             /* the breaker let one request through that has not ended yet */
};

/* A token bucket of a tenth of the rate, refilled with the other nine tenths in LIMITER_COST
   milliseconds: that is a minute, and a second more for what lies between a start and its arrival
   at the host. */
enum { LIMITER_COST = 61 * 1000 };
enum { LIMITER_EASE_MS = 10 * 1000 };      /* refusals so close together lower the rate once */
enum { LIMITER_ANSWERS = 10 };             /* so many answers raise it by a hundredth of the most */
enum { LIMITER_REFUSALS = 5 };             /* refused attempts in a row that open the breaker */
enum { LIMITER_REST_MS = 15 * 60 * 1000 }; /* how long the host then rests */

/* A closed breaker and a full bucket at a time of the monotonic clock. */
void limiter_init(struct limiter *limiter, int64_t per_minute, int64_t now_ms);

/* How a limiter stood when its process ended. */
struct limiter_rest {
    int64_t allowed; /* requests a minute that refusals have left */
    int64_t held_ms; /* how long nothing may be asked; 0: something may */
    int64_t idle_ms; /* how long surely nothing was asked */
    int refusals;    /* in a row */
};

/* Goes on as one stood, instead of with a full bucket and a closed breaker; after limiter_init(). Only what came back
   while nothing was asked may start at once. */
void limiter_resume(struct limiter *limiter, const struct limiter_rest *rest, int64_t now_ms);

/* Milliseconds until a request may start; 0: now. When the breaker's rest is over one request may
   start as a probe; while it is under way the answer is a second: its end decides. */
int64_t limiter_wait_ms(const struct limiter *limiter, int64_t now_ms);

/* Requests a minute that a rate comes to in the long run; 0 for no limit. */
double limiter_sustained(int64_t per_minute);

/* Counts a request that starts now; only after limiter_wait_ms() gave 0. */
void limiter_start(struct limiter *limiter, int64_t now_ms);

/* Sets another rate, from now on. */
void limiter_set_rate(struct limiter *limiter, int64_t per_minute, int64_t now_ms);

/* Learns how an attempt ended: a refusal halves the rate, to no less than one a minute, answers raise it slowly back.
   `refused` is 401, 403, 429, a challenge page. `retry_after_ms`
   negative when absent; it holds the whole host back, for a day at most. */
void limiter_finish(struct limiter *limiter, bool refused, int64_t retry_after_ms, int64_t now_ms);

/* Forgets a probe that was given up without an end. */
void limiter_abandon(struct limiter *limiter);

/* Milliseconds that the breaker or a Retry-After still holds the host back; 0: neither does. */
int64_t limiter_held_ms(const struct limiter *limiter, int64_t now_ms);

/* Whether the breaker is open. */
bool limiter_is_resting(const struct limiter *limiter, int64_t now_ms);

/* Wait before attempt `attempt` (1 = the first retry): full jitter over an exponentially growing
   span, 0.5 s to at most 60 s; `random` is a number of [0, 1). */
int64_t limiter_backoff_ms(int attempt, double random);

#endif
