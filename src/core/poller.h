/* The world as it is: the service's polls by fetch and collector, its waiting by the monotonic clock. */
#ifndef CORE_POLLER_H
#define CORE_POLLER_H

#include "core/fetch.h"
#include "core/store.h"
#include "core/watch.h"

/* Only poller.c looks inside; open so that it can be embedded. */
struct poller {
    struct store *store;
    struct fetch *fetch;
    int64_t started_ms;              /* monotonic */
    struct watch_question *question; /* under way; NULL: none */
};

/* Makes the world of a store and a transport, which must outlive it. */
void poller_init(struct poller *poller, struct store *store, struct fetch *fetch,
                 struct watch_world *world);

#endif
