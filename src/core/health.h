/* Whether the store's file is sound, as SQLite sees it. */
#ifndef CORE_HEALTH_H
#define CORE_HEALTH_H

#include <stdbool.h>

#include "base/err.h"
#include "core/store.h"

/* Reads the whole file once. False with ERR_STORE and the first thing that is wrong. */
bool health_check(struct store *store, struct err *err);

#endif
