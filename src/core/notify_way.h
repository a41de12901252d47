/* The ways out of an alert. */
#ifndef CORE_NOTIFY_WAY_H
#define CORE_NOTIFY_WAY_H

#include <stdbool.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/notify_text.h"

/* One way: sends a batch, within seconds. False with the reason, in which no secret stands. */
struct notify_way {
    const char *name; /* as in the setting alerts.to */
    bool (*send)(const struct conf *conf, const struct notify_batch *batch, struct err *err);
};

/* All of them, a NULL name at the end. */
extern const struct notify_way notify_ways[];

#endif
