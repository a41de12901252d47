/* The service's numbers for Prometheus: OpenMetrics text for a page, its older text format for the node exporter's
   textfile collector. Names and units by Prometheus' conventions, "tws_" first. */
#ifndef CORE_GAUGES_H
#define CORE_GAUGES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/fetch.h"
#include "core/vitals.h"
#include "core/watch.h"

enum gauges_format { GAUGES_OPENMETRICS, GAUGES_TEXT };

/* What is told; all of one moment. */
struct gauges {
    int64_t started_ms; /* wall clock */
    struct watch_tally tally;
    struct watch_state state;
    struct fetch_host host;
    struct vitals vitals;
    struct frame freshness; /* vitals_freshness() */
};

/* Adds the page. */
void gauges_put(const struct gauges *gauges, enum gauges_format format, struct buf *out);

/* The media type of a format; static. */
const char *gauges_media_type(enum gauges_format format);

/* Writes a file whole or not at all: beside it, and then in its place. ERR_FAILURE. */
bool gauges_write(const char *path, const struct buf *page, struct err *err);

#endif
