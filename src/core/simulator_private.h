/* What the two halves of the simulator share: simulator.c lives and is controlled, simulator_api.c
   answers as the platform does. For nobody else. */
#ifndef CORE_SIMULATOR_PRIVATE_H
#define CORE_SIMULATOR_PRIVATE_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/simevent.h"
#include "core/simfault.h"
#include "core/simstats.h"
#include "io/httpd.h"

/* Answers that are kept: with a clock that stands still they are asked for again. */
enum { SIMULATOR_CACHE = 16 };

/* A packed listings answer. */
struct simulator_cached {
    int64_t external_id, at_ms; /* 0: nothing */
    struct buf body;
};

struct simulator {
    struct simevent_world world;
    struct httpd *httpd;
    pthread_mutex_t lock; /* of all below: requests come on the server's threads, calls on others */
    int64_t at_ms;        /* negative: clock_now_ms() */
    struct simfault *faults;
    size_t fault_count, fault_capacity;
    struct simstats stats;
    struct simulator_cached cache[SIMULATOR_CACHE];
    size_t cache_next;
};

/* A request under way. */
struct simulator_visit {
    struct simulator *simulator;
    const struct httpd_request *request;
    struct httpd_reply *reply;
    const struct simfault *fault; /* that strikes it; NULL for none */
    int64_t at_ms;
};

/* Answers with a JSON error that is no fault. */
void simulator_refuse(const struct simulator_visit *visit, int status, const char *message);

/* Answers a request for a market. `rest` is what follows the path of the route, here and below. */
void simulator_serve_listings(struct simulator_visit *visit, const char *rest);

/* Answers a request for one production. */
void simulator_serve_item(struct simulator_visit *visit, const char *rest);

/* Answers a search. */
void simulator_serve_productions(struct simulator_visit *visit, const char *rest);

#endif
