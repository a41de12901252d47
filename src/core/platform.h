/*
 * A marketplace: one file that fills one `const struct platform`. An adapter knows URLs and wire
 * formats and nothing of stores, clocks or transports; adding one touches its file, its fixtures
 * and one line of a list.
 */
#ifndef CORE_PLATFORM_H
#define CORE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/event.h"
#include "core/listing.h"
#include "core/outcome.h"

/* A whole answer of the platform as it came. */
struct platform_answer {
    int status;               /* HTTP status; 200 for a saved file */
    const char *content_type; /* "" when not known */
    const char *body;         /* plain bytes, not NUL-terminated */
    size_t length;
};

/* A page of productions. */
struct platform_page {
    struct event *events; /* mem_alloc()ed; released by platform_page_release() */
    size_t count;
    int page, page_count; /* from 1 */
};

struct platform {
    const char *name;        /* "vividseats" */
    const char *title;       /* "Vivid Seats" */
    const char *default_url; /* "https://www.vividseats.com" */
    const char *url_setting; /* conf key of another scheme, host and port: "vividseats.url" */

    /* Finds the event id in a URL of this platform (host already checked) or a bare id. False when
     * there is none. */
    bool (*read_id)(const char *text, char *external_id, size_t size);

    /* Write request URLs below `origin`. */
    bool (*listings_url)(const char *origin, const char *external_id, struct buf *url);
    bool (*production_url)(const char *origin, const char *external_id, struct buf *url);
    bool (*search_url)(const char *origin, const char *words, int page, struct buf *url);

    /* One page, from 1, of what a performer (event->performer_id) plays, in the shape of a search. */
    bool (*performer_url)(const char *origin, const char *performer_id, int page, struct buf *url);

    /* Reads a listings answer. The outcome is the verdict on the whole answer; unless it is good
       the market stays empty and `err` says why in one line. `external_id` is the event that was
       asked for; NULL for a file that may be about any. */
    enum outcome (*read_listings)(const struct platform_answer *answer, const char *external_id,
                                  struct market *market, struct err *err);

    /* Reads one production into `event` (its names, place, date). Outcome as above. */
    enum outcome (*read_production)(const struct platform_answer *answer, const char *external_id,
                                    struct event *event, struct err *err);

    /* Reads a page of a search. Outcome as above. */
    enum outcome (*read_page)(const struct platform_answer *answer, struct platform_page *page,
                              struct err *err);

    /* Whether a URL is one of this platform's listings requests, and of which event: for HAR files.
     */
    bool (*is_listings_url)(const char *url, char *external_id, size_t size);
};

/* All platforms, NULL at the end. */
const struct platform *const *platform_list(void);

/* A platform by its name; NULL when there is none. */
const struct platform *platform_find(const char *name);

/* Frees what a page holds. Safe on a zeroed one. */
void platform_page_release(struct platform_page *page);

/* The verdict that needs no platform: by status and by the look of the body (a challenge page is
   blocked whatever its status, 404 and 410 are not_found, 5xx network, ...). True when the answer
   is decided and `outcome` and `err` are set; false when the body is JSON to be read. */
bool platform_refused(const struct platform_answer *answer, enum outcome *outcome, struct err *err);

#endif
