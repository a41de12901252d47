/* What a person typed for an event, found: `platform:id`, a bare id, a URL, or words that match one
 * event. */
#ifndef CORE_RESOLVE_H
#define CORE_RESOLVE_H

#include <stdbool.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/event.h"
#include "core/store.h"

/* Finds platform and external id in `platform:id`, a bare id, or a URL on the host of a platform
   (or of its url setting), without a store. False with ERR_USAGE and what is accepted. */
bool resolve_id(const struct conf *conf, const char *text, struct event *event, struct err *err);

/* Finds a stored event by the same, or by words that all occur in its name, venue or city. Several
   matches, or none: ERR_NOT_FOUND; the matches are listed in the error's hint. */
bool resolve_event(struct store *store, const struct conf *conf, const char *text,
                   struct event *event, struct err *err);

#endif
