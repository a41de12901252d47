/*
 * Keeps hours and days up as polls come. An hour is folded when the first poll after it arrives; until then a reader
 * folds the open part for itself. A poll that arrives late folds its hour and day again.
 */
#ifndef CORE_FOLD_H
#define CORE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/atlas.h"
#include "core/replay.h"
#include "core/rollup.h"
#include "core/samples.h"
#include "core/store.h"

/* Folds what a good poll at `at_ms` made due, inside the caller's transaction: the hours before its own, or, when its
   own was folded already, that hour and its day again. `known` is a market that is at hand, of any good poll, and is read
   no second time when it helps; NULL: there is none. */
bool fold_note(struct store *store, int64_t event_id, int64_t at_ms, const struct replay_set *known,
               struct err *err);

/* Measures the good polls of [from_ms, to_ms) again from the versions and folds their hours again, inside the caller's
   transaction. */
bool fold_remeasure(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
                    struct err *err);

/* The start of the first hour of an event that is not folded; *any is false before its first good poll. */
bool fold_mark(struct store *store, int64_t event_id, bool *any, int64_t *folded_ms,
               struct err *err);

/* Moves that mark. */
bool fold_set_mark(struct store *store, int64_t event_id, int64_t folded_ms, struct err *err);

/* Samples of a kind from what is cheapest to read: metrics for the event and zones, versions for sections. */
bool fold_sample(struct store *store, const struct atlas *atlas, enum rollup_kind kind,
                 int64_t from_ms, int64_t to_ms, struct samples *samples, struct err *err);

/* Folds samples into hours, one row a scope (`scope_id` 0: every scope) that was not empty throughout. */
void fold_samples(const struct samples *samples, int64_t scope_id, struct rollup_rows *rows);

/* Folds and stores the hours with a poll from `from_ms` (an hour's start) up to `to_ms`, and the days that end by then, inside
   the caller's transaction. */
bool fold_window(struct store *store, const struct atlas *atlas, int64_t from_ms, int64_t to_ms,
                 struct err *err);

/* Stores the measures of one moment (event samples, then zone samples) as that snapshot's own metrics. */
bool fold_write_metrics(struct store *store, int64_t event_id, const struct samples *const kinds[2],
                        size_t moment, struct err *err);

/* Says that the metrics of a snapshot stand at `metric_ms`. */
bool fold_set_metric(struct store *store, int64_t event_id, int64_t at_ms, int64_t metric_ms,
                     struct err *err);

#endif
