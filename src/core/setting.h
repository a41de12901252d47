/* Facts that the store keeps about itself, by name. */
#ifndef CORE_SETTING_H
#define CORE_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/store.h"

/* Reads a fact into `out`, cut at its size; "" when it was never noted. */
bool setting_get(struct store *store, const char *name, char *out, size_t size, struct err *err);

/* Reads a fact that is a number; 0 when it was never noted. */
bool setting_get_int(struct store *store, const char *name, int64_t *value, struct err *err);

/* Notes a fact, in a transaction of its own. */
bool setting_set(struct store *store, const char *name, const char *value, struct err *err);
bool setting_set_int(struct store *store, const char *name, int64_t value, struct err *err);

#endif
