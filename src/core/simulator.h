/*
 * A marketplace on loopback with the true shapes, plausible markets and faults on demand: what the
 * demo and the tests poll. A market is a function of (seed, event, time) alone, so any moment can
 * be asked for and every run is the same.
 *
 * It answers GET of
 *   /hermes/api/v1/listings?productionId=ID
 *   /hermes/api/v1/productions?query=WORDS&page=N&pageSize=N&excludeParking=true&categoryId=N&performerId=N
 *   /hermes/api/v1/productions/ID
 *   /simulator/clock?at=TIME     RFC 3339, or real
 *   /simulator/faults?add=FAULT  or clear=1
 *   /simulator/stats?reset=1     tells first, then forgets
 *
 * The last three tell how things stand when nothing is asked of them.
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
    /* Productions on sale. Ids count up from SIMULATOR_FIRST_ID; the car parks of every third event
       stand behind the last. */
    int events;
    int listings; /* of the largest event when it goes on sale */
    /* Listings that differ after 15 minutes: four fifths of them repriced, one fifth replaced. */
    int churn_permille;
    bool all_in; /* showAip "true" and aip on every ticket */
    /* Every event has all its listings at any time and never ends, else they sell through. */
    bool steady;
};

enum { SIMULATOR_FIRST_ID = 7000001 };

/* What settings may be, from 1 (churn from 0). */
enum { SIMULATOR_EVENTS_MAX = 10000, SIMULATOR_LISTINGS_MAX = 100000, SIMULATOR_CHURN_MAX = 1000 };

struct simulator;

/* A free port, seed 1, 12 events, 400 listings, churn 70 permille, no all-in. */
void simulator_settings_init(struct simulator_settings *settings);

/* Serves on 127.0.0.1 until simulator_close(). The time of a market is clock_now_ms() unless set by
   simulator_set_clock(). Event dates lie around `base_ms` (the first a fortnight after it, the
   others over 60 days). ERR_USAGE for settings out of range, ERR_FAILURE for a port in use. */
struct simulator *simulator_open(const struct simulator_settings *settings, int64_t base_ms,
                                 struct err *err);

/* Stops and frees. NULL is fine. */
void simulator_close(struct simulator *simulator);

/* The port it serves on. */
int simulator_port(const struct simulator *simulator);

/* Sets the time of all markets; negative: clock_now_ms() again. From any thread, as the two below.
 */
void simulator_set_clock(struct simulator *simulator, int64_t at_ms);

/* Adds a fault: NAME[@EVENT][:COUNT][:KEY=VALUE...], such as "429:3" (the next three listings
   requests), "429:3:retry-after=5", "blocked@7000002" (always, for one event),
   "slow:every=5:ms=800", "500:on=productions". The names are in core/simfault.def, the keys in
   core/simfault.h. Of several that strike a request the first counts. ERR_USAGE lists the faults
   there are. */
bool simulator_add_fault(struct simulator *simulator, const char *text, struct err *err);

/* Forgets all faults. */
void simulator_clear_faults(struct simulator *simulator);

/* The listings answer of an event at a time, as it would be served; for fixtures and benchmarks.
   False for an event that is not on sale, or when it passes the cap of `out`. */
bool simulator_listings(const struct simulator_settings *settings, int64_t base_ms,
                        int64_t external_id, int64_t at_ms, struct buf *out);

#endif
