/* The queue's jobs in the local store: one worker at a time, every step one transaction. */
#ifndef CORE_QUEUE_SQLITE_H
#define CORE_QUEUE_SQLITE_H

#include "core/queue.h"

/* The back end whose `self` is a store; static. */
const struct queue_backend *queue_sqlite_backend(void);

#endif
