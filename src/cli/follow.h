/* Following an event from now on, as `track` and `search --track` do. */
#ifndef CLI_FOLLOW_H
#define CLI_FOLLOW_H

#include <stdbool.h>

#include "base/err.h"
#include "cli/cmd.h"
#include "core/event.h"
#include "core/store.h"

/* Saves the event as tracked and reports it. What is stored of it stays. */
bool follow_event(const struct cmd_call *call, struct store *store, struct event *event,
                  struct err *err);

#endif
