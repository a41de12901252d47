/* Where the service's numbers are shown: a page on loopback, and a file. */
#ifndef CORE_METRICS_PAGE_H
#define CORE_METRICS_PAGE_H

#include "base/err.h"
#include "core/gauges.h"

struct metrics_page;

/* Serves http://127.0.0.1:`port`/metrics (negative: no page) and writes `file` (NULL: none). NULL with ERR_FAILURE when
   the port is taken. The page is empty until it is first filled. */
struct metrics_page *metrics_page_open(int port, const char *file, struct err *err);

/* Stops serving and frees; the file stays. NULL is fine. */
void metrics_page_close(struct metrics_page *page);

/* Whether it wants to be filled again: numbers are some seconds old, and it is asked for them. NULL does not. */
bool metrics_page_is_due(const struct metrics_page *page);

/* Fills it; a file that cannot be written is warned of. */
void metrics_page_fill(struct metrics_page *page, const struct gauges *gauges);

#endif
