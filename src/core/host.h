/* How the hosts that the service asks took it, kept in the store: one that is started again is as polite as it was when
   it stopped. */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include <stdint.h>

#include "base/err.h"
#include "core/fetch.h"
#include "core/store.h"

/* host_save() is to be called so often while requests are made. */
enum { HOST_SAVE_MS = 30 * 1000 };

/* Lets a transport that has asked nothing yet go on as it stood with the hosts of all platforms. */
bool host_resume(struct store *store, struct fetch *fetch, int64_t now_ms, struct err *err);

/* Keeps how it stands with the hosts that it has asked; `*asked`, 0 at first, remembers how much, so that nothing is written
   when nothing was asked. */
bool host_save(struct store *store, struct fetch *fetch, int64_t now_ms, int64_t *asked,
               struct err *err);

#endif
