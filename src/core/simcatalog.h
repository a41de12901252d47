/* The simulated productions as Vivid Seats lists them: pages of a search and single items. */
#ifndef CORE_SIMCATALOG_H
#define CORE_SIMCATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/simevent.h"

enum { SIMCATALOG_PAGE_MAX = 50 };

/* What is searched for. */
struct simcatalog_query {
    const char
        *words; /* all must occur in name, venue, city or performers; NULL or "": everything */
    bool no_parking;
    int64_t category;        /* 0: any */
    int64_t performer;       /* id; 0: any */
    int64_t page, page_size; /* from 1; 1 to SIMCATALOG_PAGE_MAX */
};

/* Adds a page of the productions that are not over at a time; an empty one behind the last. */
void simcatalog_put_page(const struct simevent_world *world, const struct simcatalog_query *query,
                         int64_t at_ms, struct buf *out);

/* Adds one production. */
void simcatalog_put_item(const struct simevent_world *world, const struct simevent *event,
                         int64_t at_ms, struct buf *out);

#endif
