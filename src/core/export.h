/* Everything of an event, for other programs: the same bytes whatever the order in which it was collected. */
#ifndef CORE_EXPORT_H
#define CORE_EXPORT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/event.h"
#include "core/store.h"

enum export_format { EXPORT_NDJSON, EXPORT_CSV };

/* Takes some bytes; false stops the export. */
typedef bool export_sink(void *context, const char *bytes, size_t length);

/* Writes the event, its snapshots, versions and rollups, sorted by natural keys, without any of the store's own row
   ids. NDJSON: one object a line with a "kind". CSV: one table with a `kind` column and the union of all fields. */
bool export_event(struct store *store, const struct event *event, enum export_format format,
                  export_sink *sink, void *context, struct err *err);

#endif
