#include "core/limiter.h"

#include "base/clock.h"
#include "base/int64.h"

enum { BACKOFF_FIRST_MS = 500, BACKOFF_LAST_MS = 60 * 1000, PROBE_PAUSE_MS = 1000 };

/* Requests that may start at once after a pause. */
static int64_t burst(const struct limiter *limiter)
{
    int64_t tenth = limiter->allowed / 10;
    return tenth > 1 ? tenth : 1;
}

/* Requests that come back in LIMITER_COST ms, which is also credit a millisecond. Together with the
   burst no more than the rate, since both may fall into one minute; a rate of 1 lives on the second
   by which LIMITER_COST is longer. */
static int64_t refill(const struct limiter *limiter)
{
    int64_t rest = limiter->allowed - burst(limiter);
    return rest > 1 ? rest : 1;
}

static int64_t credit_at(const struct limiter *limiter, int64_t now_ms)
{
    int64_t elapsed_ms = int64_min(now_ms - limiter->refilled_ms, LIMITER_COST);
    if (elapsed_ms <= 0)
        return limiter->credit;
    return int64_min(limiter->credit + elapsed_ms * refill(limiter), burst(limiter) * LIMITER_COST);
}

static bool is_broken(const struct limiter *limiter)
{
    return limiter->refusals >= LIMITER_REFUSALS;
}

void limiter_init(struct limiter *limiter, int64_t per_minute, int64_t now_ms)
{
    *limiter =
        (struct limiter){.per_minute = per_minute, .allowed = per_minute, .refilled_ms = now_ms};
    limiter->credit = burst(limiter) * LIMITER_COST;
}

void limiter_resume(struct limiter *limiter, const struct limiter_rest *rest, int64_t now_ms)
{
    if (rest->allowed > 0 && rest->allowed < limiter->per_minute)
        limiter->allowed = rest->allowed;
    limiter->credit = 0;
    limiter->refilled_ms = now_ms - int64_min(rest->idle_ms, LIMITER_COST);
    limiter->refusals = rest->refusals;
    limiter->resting_until_ms =
        rest->held_ms > 0 ? now_ms + int64_min(rest->held_ms, CLOCK_DAY_MS) : 0;
}

int64_t limiter_wait_ms(const struct limiter *limiter, int64_t now_ms)
{
    int64_t wait_ms = limiter_held_ms(limiter, now_ms);
    if (limiter->probing && wait_ms < PROBE_PAUSE_MS)
        wait_ms = PROBE_PAUSE_MS;
    int64_t missing = LIMITER_COST - credit_at(limiter, now_ms);
    if (limiter->per_minute == 0 || missing <= 0)
        return wait_ms;
    int64_t refill_ms = (missing + refill(limiter) - 1) / refill(limiter);
    return refill_ms > wait_ms ? refill_ms : wait_ms;
}

double limiter_sustained(int64_t per_minute)
{
    const struct limiter limiter = {.allowed = per_minute};
    return per_minute > 0 ? (double)(refill(&limiter) * CLOCK_MINUTE_MS) / LIMITER_COST : 0;
}

void limiter_start(struct limiter *limiter, int64_t now_ms)
{
    limiter->credit = credit_at(limiter, now_ms) - LIMITER_COST;
    limiter->refilled_ms = now_ms;
    limiter->probing = is_broken(limiter);
}

/* Another rate from now on: what was saved up under the old one is no more than the new one allows. */
static void allow(struct limiter *limiter, int64_t per_minute, int64_t now_ms)
{
    int64_t credit = credit_at(limiter, now_ms);
    limiter->allowed = per_minute;
    limiter->answers = 0;
    limiter->credit = int64_min(credit, burst(limiter) * LIMITER_COST);
    limiter->refilled_ms = now_ms;
}

void limiter_set_rate(struct limiter *limiter, int64_t per_minute, int64_t now_ms)
{
    if (limiter->per_minute == per_minute)
        return;
    limiter->per_minute = per_minute;
    allow(limiter, per_minute, now_ms);
}

/* Requests that were under way together are refused together: that is one reason to go slower. */
static void lower(struct limiter *limiter, int64_t now_ms)
{
    if (limiter->lowered_ms > 0 && now_ms - limiter->lowered_ms < LIMITER_EASE_MS)
        return;
    limiter->lowered_ms = now_ms;
    if (limiter->allowed > 1)
        allow(limiter, limiter->allowed / 2, now_ms);
}

static void raise_slowly(struct limiter *limiter, int64_t now_ms)
{
    int64_t step = limiter->per_minute / 100;
    if (limiter->allowed == limiter->per_minute || ++limiter->answers < LIMITER_ANSWERS)
        return;
    allow(limiter, int64_min(limiter->allowed + (step > 1 ? step : 1), limiter->per_minute),
          now_ms);
}

static void hold(struct limiter *limiter, int64_t until_ms)
{
    if (until_ms > limiter->resting_until_ms)
        limiter->resting_until_ms = until_ms;
}

void limiter_finish(struct limiter *limiter, bool refused, int64_t retry_after_ms, int64_t now_ms)
{
    if (refused) {
        limiter->refusals++;
        lower(limiter, now_ms);
        limiter->credit = int64_min(credit_at(limiter, now_ms), 0); /* no burst after a refusal */
        limiter->refilled_ms = now_ms;
        if (is_broken(limiter))
            hold(limiter, now_ms + LIMITER_REST_MS);
    } else if (!limiter_is_resting(limiter, now_ms)) {
        limiter->refusals = 0; /* while it rests this is a straggler, which proves nothing */
        raise_slowly(limiter, now_ms);
    }
    limiter->probing = false;
    if (retry_after_ms > 0)
        hold(limiter, now_ms + int64_min(retry_after_ms, CLOCK_DAY_MS));
}

void limiter_abandon(struct limiter *limiter)
{
    limiter->probing = false;
}

int64_t limiter_held_ms(const struct limiter *limiter, int64_t now_ms)
{
    int64_t held_ms = limiter->resting_until_ms - now_ms;
    return held_ms > 0 ? held_ms : 0;
}

bool limiter_is_resting(const struct limiter *limiter, int64_t now_ms)
{
    return is_broken(limiter) && limiter_held_ms(limiter, now_ms) > 0;
}

int64_t limiter_backoff_ms(int attempt, double random)
{
    int64_t span_ms = BACKOFF_FIRST_MS;
    for (int i = 1; i < attempt && span_ms < BACKOFF_LAST_MS; i++)
        span_ms *= 2;
    return (int64_t)((double)int64_min(span_ms, BACKOFF_LAST_MS) * random);
}
