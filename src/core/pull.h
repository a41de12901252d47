/*
 * Pulling from the team's database: events, zones, and the hours and days that other workstations made, each under its
 * source's own name, so that reading merges them. What is the same here already, by count and checksum of a day, is not
 * sent again: a pull may be broken off and repeated as often as wished. Nothing of it is ever pushed back.
 */
#ifndef CORE_PULL_H
#define CORE_PULL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "core/conf.h"
#include "core/store.h"
#include "core/team.h"

/* What a pull brought. */
struct pull_report {
    char tenant_name[TEAM_NAME_MAX];
    int64_t events;     /* looked at */
    int64_t new_events; /* that were not stored yet */
    int64_t rows;       /* hours and days that were new or other */
    int64_t took_ms;
};

struct pull_options {
    const char *tenant;        /* its id or name; NULL: what the setting sync.tenant says */
    const char *const *events; /* `platform:id`, ids, URLs, or words that match one stored event */
    size_t event_count;        /* 0: all */
    void (*progress)(const struct pull_report *so_far); /* after each event; may be NULL */
};

/* One pull; each source of an event is a transaction. `store` is open for writing. ERR_NOT_FOUND when the team has no such
   event, ERR_REMOTE as for sync_run(). */
bool pull_run(struct store *store, const struct conf *conf, const struct pull_options *options,
              struct pull_report *report, struct err *err);

#endif
