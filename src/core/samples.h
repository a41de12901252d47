/* Measures of every scope of a kind at every good poll of a window: from the stored metrics, or anew from the versions. */
#ifndef CORE_SAMPLES_H
#define CORE_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/atlas.h"
#include "core/measures.h"
#include "core/replay.h"
#include "core/store.h"

enum samples_kind {
    SAMPLES_EVENT,
    SAMPLES_ZONE,
    SAMPLES_SECTION
}; /* the `kind` column of rollup */

struct samples_scope {
    int64_t id;       /* of the zone or section; 0 for the event */
    int64_t first_ms; /* it is known from then on */
};

struct samples {
    int64_t *moments;   /* ascending */
    int64_t *metric_ms; /* of each: the snapshot whose metric rows hold for it */
    size_t moment_count;
    struct samples_scope *scopes;
    size_t scope_count;
    struct measures *measures; /* of scope s at moment m: [s * moment_count + m] */
};

/* Reads the stored metrics of good polls in [from_ms, to_ms) for the event or its zones. */
bool samples_from_metrics(struct store *store, const struct atlas *atlas, enum samples_kind kind,
                          int64_t from_ms, int64_t to_ms, struct samples *samples, struct err *err);

/* Measures the versions at the same moments, for any kind. The oracle of the former. When the market that held at the last of
   them is at hand in `known` (NULL: it is not), it is not read again. */
bool samples_from_versions(struct store *store, const struct atlas *atlas, enum samples_kind kind,
                           int64_t from_ms, int64_t to_ms, const struct replay_set *known,
                           struct samples *samples, struct err *err);

/* Frees them. Safe on zeroed ones. */
void samples_release(struct samples *samples);
#define AUTO_SAMPLES __attribute__((cleanup(samples_release)))

/* Merges a scope's samples whose moments lie in [from_ms, to_ms), from its first sighting on, into one bucket. False when
   there is none. */
bool samples_fold(const struct samples *samples, size_t scope, int64_t from_ms, int64_t to_ms,
                  struct measures *bucket);

#endif
