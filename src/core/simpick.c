#include "core/simpick.h"

enum { ASK_PHASE = 7919 };

/* splitmix64 */
uint64_t simpick_bits(uint64_t key, uint64_t question)
{
    uint64_t x = key + (question + 1) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

int simpick_below(uint64_t key, uint64_t question, int bound)
{
    return (int)(simpick_bits(key, question) % (uint64_t)bound);
}

double simpick_share(uint64_t key, uint64_t question)
{
    return (double)(simpick_bits(key, question) >> 11) * 0x1p-53;
}

/* The sum of four uniforms. */
double simpick_normal(uint64_t key, uint64_t question)
{
    uint64_t bits = simpick_bits(key, question);
    int sum = 0;
    for (int i = 0; i < 4; i++)
        sum += (int)(bits >> (16 * i) & 0xffff);
    return (sum / 65536.0 - 2) * 1.7320508;
}

static int64_t cut_of(uint64_t key, int64_t cell, int64_t period_ms)
{
    uint64_t into = simpick_bits(key, (uint64_t)cell) % (uint64_t)period_ms;
    return cell * period_ms + (int64_t)into;
}

struct simpick_span simpick_span_at(uint64_t key, int64_t period_ms, int64_t at_ms)
{
    if (period_ms == 0)
        return (struct simpick_span){0, 0, INT64_MAX};
    /* else all grids would begin a new cell together */
    int64_t phase = (int64_t)(simpick_bits(key, ASK_PHASE) % (uint64_t)period_ms);
    int64_t cell = (at_ms + phase) / period_ms;
    int64_t cut = cut_of(key, cell, period_ms) - phase;
    if (at_ms >= cut)
        return (struct simpick_span){cell, cut, cut_of(key, cell + 1, period_ms) - phase};
    return (struct simpick_span){cell - 1, cut_of(key, cell - 1, period_ms) - phase, cut};
}
