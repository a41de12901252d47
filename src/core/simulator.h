/*
 * A marketplace on loopback with the true shapes, plausible markets and faults on demand: what the
 * demo and the tests poll. A market is a function of (seed, event, time) alone, so any moment can
 * be asked for and every run is the same.
 */
#ifndef CORE_SIMULATOR_H
#define CORE_SIMULATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct simulator_settings {
    int port; /* 0: a free one */
    uint64_t seed;
    int events;         /* productions on sale: ids count up from SIMULATOR_FIRST_ID */
    int listings;       /* of the largest event when it goes on sale */
    int churn_permille; /* listings that differ after 15 minutes: four fifths repriced, one fifth
                           replaced */
    bool all_in;        /* showAip "true" and aip on every ticket */
    bool steady; /* keep the number of listings constant (benchmarks), else they sell through */
};

enum { SIMULATOR_FIRST_ID = 7000001 };

struct simulator;

/* 127.0.0.1, seed 1, 12 events, 400 listings, churn 70 permille, no all-in. */
void simulator_settings_init(struct simulator_settings *settings);

/* Serves until simulator_close(). The time of a market is clock_now_ms() unless set by
   simulator_set_clock(). Event dates lie around `base_ms` (the first a fortnight after it).
   ERR_USAGE for settings out of range, ERR_FAILURE for a port in use. */
struct simulator *simulator_open(const struct simulator_settings *settings, int64_t base_ms,
                                 struct err *err);

/* Stops and frees. NULL is fine. */
void simulator_close(struct simulator *simulator);

/* The port it serves on. */
int simulator_port(const struct simulator *simulator);

/* Sets the time of all markets; negative: clock_now_ms() again. */
void simulator_set_clock(struct simulator *simulator, int64_t at_ms);

/* Adds a fault: "429:3" (the next three requests), "429:3:retry-after=5", "blocked@7000002"
   (always, for one event), "slow:1:ms=800". ERR_USAGE lists the faults there are. */
bool simulator_add_fault(struct simulator *simulator, const char *text, struct err *err);

/* Forgets all faults. */
void simulator_clear_faults(struct simulator *simulator);

/* The listings answer of an event at a time, as it would be served; for fixtures and benchmarks.
   False for an event that is not on sale. */
bool simulator_listings(const struct simulator_settings *settings, int64_t base_ms,
                        int64_t external_id, int64_t at_ms, struct buf *out);

#endif
