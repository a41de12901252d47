/* Messages about alerts on their way out. They wait in the store until they have arrived, or were tried five times. */
#ifndef CORE_NOTIFY_H
#define CORE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/store.h"

/* Sends what is due, all that goes one way in one piece, and writes what came of it; a failure is warned about. False only when the
   store fails. Ends early when a stop is requested: what was not tried waits. */
bool notify_due(struct store *store, const struct conf *conf, int64_t now_ms, int64_t *arrived,
                int64_t *failed, struct err *err);

#endif
