/* The simulated productions: what, where, when, and how their markets move as a whole. */
#ifndef CORE_SIMEVENT_H
#define CORE_SIMEVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/simulator.h"
#include "core/simvenue.h"

/* All events there are. */
struct simevent_world {
    struct simulator_settings settings;
    int64_t base_ms;
};

struct simevent {
    int64_t id;
    int index;    /* from 0; a parking production has that of its event */
    bool parking; /* the car parks of an event */
    bool steady;  /* never sells through, never ends */
    bool time_tbd;
    const struct simvenue *venue;
    const struct simvenue_act *act;
    const struct simvenue_layout *layout;
    char name[96];
    uint64_t key; /* what everything about it is drawn from */
    int64_t start_ms;
    int slots; /* listings when it goes on sale */
};

/* How many productions there are, parking ones too. */
int simevent_count(const struct simevent_world *world);

/* The `nth` of them, 0 <= nth < count. */
void simevent_nth(const struct simevent_world *world, int nth, struct simevent *event);

/* Finds an event by its id; false when there is none. */
bool simevent_find(const struct simevent_world *world, int64_t id, struct simevent *event);

enum {
    SIMEVENT_PLAYS_MS = 4 * 60 * 60 * 1000
}; /* from its start until the platform forgets an event */

/* Whether the platform has forgotten it at a time: hours after its start, never when steady. */
bool simevent_is_over(const struct simevent *event, int64_t at_ms);

/* Listings that are on sale at a time: fewer as the event nears, none once it has begun; always all
 * when steady. */
int simevent_stock(const struct simevent *event, int64_t at_ms);

/* What all prices that are made at a time are multiplied with: waves, a drift down in the last
   days, and a drop or a spike on the last. */
double simevent_mood(const struct simevent *event, int64_t at_ms);

/* Whole days until it starts, 0 from then on. */
int simevent_days_left(const struct simevent *event, int64_t at_ms);

#endif
