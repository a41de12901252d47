/* `tws watch`: the collector as a service in the foreground, until it is told to stop. */
#ifndef CORE_SERVICE_H
#define CORE_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/store.h"

struct service_options {
    const char *config_flag,
        *db_flag;             /* where the settings are read again; NULL: the usual places */
    bool once;                /* ends when everything that was due at the start is polled */
    int metrics_port;         /* -1: no page */
    const char *metrics_file; /* NULL: none */
};

/* Runs until a stop is requested, which lets what is under way end within ten seconds; SIGHUP reads the settings again.
   One for each store: ERR_BUSY when there is another. `conf` is what the settings are at first. Talks on stderr. True
   when it was told to stop by SIGTERM or SIGINT and nothing was lost. */
bool service_run(struct store *store, const struct conf *conf,
                 const struct service_options *options, struct err *err);

#endif
