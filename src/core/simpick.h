/* Chance that is the same every time: numbers drawn from a key and a question, never from a state.
   The same key and question give the same answer, in any order and on any machine. */
#ifndef CORE_SIMPICK_H
#define CORE_SIMPICK_H

#include <stdint.h>

/* 64 bits, as good as random; also a key of its own for what belongs to the answer. */
uint64_t simpick_bits(uint64_t key, uint64_t question);

/* 0 <= number < bound. */
int simpick_below(uint64_t key, uint64_t question, int bound);

/* 0 <= share < 1. */
double simpick_share(uint64_t key, uint64_t question);

/* About normal, mean 0, deviation 1, never beyond 3.5. */
double simpick_normal(uint64_t key, uint64_t question);

/* One piece of a line of time that is cut at random: [from, to). */
struct simpick_span {
    int64_t index; /* pieces are numbered on */
    int64_t from_ms, to_ms;
};

/* The piece that holds at a time >= 0, when each cell of a grid of `period_ms` has one cut at
   random: a cut every period on average at all times, found without walking there. A period of 0
   has no cuts: one piece from 0. */
struct simpick_span simpick_span_at(uint64_t key, int64_t period_ms, int64_t at_ms);

#endif
