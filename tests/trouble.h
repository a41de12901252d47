/*
 * What a collector leaves behind, put into the store of tests/town.h: rules of which one holds and one is broken, alerts that
 * fired, one of them not sent, and a dead letter. Include after town.h.
 */
#ifndef TESTS_TROUBLE_H
#define TESTS_TROUBLE_H

#include <string.h>

#include "core/alert_db.h"
#include "core/conf.h"
#include "core/queue.h"
#include "core/ruleset.h"

/* Settings of nobody's. The caller closes them. */
static inline struct conf *trouble_conf(void)
{
    struct err err = {0};
    struct conf *conf = conf_open(NULL, scratch_path, &err);
    scratch_ok(conf != NULL, &err);
    return conf;
}

static inline void trouble_rule(struct store *store, const char *name, const char *rule)
{
    struct err err = {0};
    struct conf *conf = trouble_conf();
    scratch_ok(ruleset_add(conf, store, name, rule, &err), &err);
    conf_close(conf);
}

static inline int64_t trouble_event(struct store *store, const char *id)
{
    struct err err = {0};
    struct event event;
    scratch_ok(store_find_event(store, "vividseats", id, &event, &err), &err);
    return event.id;
}

/* A rule fires for an event (0: all together) at a time, and somebody is told. It holds until trouble_clear(). */
static inline struct alert_db_row trouble_fire(struct store *store, const char *name,
                                               const char *rule, int64_t event_id, int64_t value,
                                               int64_t at_ms)
{
    struct err err = {0};
    struct alert_db_row row = {.name = (char *)name, .rule = (char *)rule, .event_id = event_id};
    alert_init(&row.state);
    row.state.active = row.state.known = true;
    row.state.value = value;
    row.state.threshold = strncmp(rule, "price", 5) == 0 ? 10000 : 100;
    row.state.since_ms = row.state.told_ms = row.state.seen_ms = at_ms;
    scratch_ok(db_begin(store_db(store), &err), &err);
    scratch_ok(alert_db_fire(store, &row, at_ms, &err) &&
                   alert_db_tell(store, row.alert_id, "stderr", at_ms, &err) &&
                   alert_db_save(store, &row, &err),
               &err);
    scratch_ok(db_commit(store_db(store), &err), &err);
    return row;
}

static inline void trouble_clear(struct store *store, struct alert_db_row *row, int64_t at_ms)
{
    struct err err = {0};
    row->state.active = false;
    scratch_ok(db_begin(store_db(store), &err), &err);
    scratch_ok(alert_db_clear(store, row, true, at_ms, &err) && alert_db_save(store, row, &err),
               &err);
    scratch_ok(db_commit(store_db(store), &err), &err);
}

/* The job of an event is given up. */
static inline void trouble_bury(struct store *store, int64_t event_id, int64_t at_ms)
{
    struct err err = {0};
    struct queue queue;
    struct queue_job job = {.event_id = event_id, .priority = SCHEDULE_NORMAL};
    const struct queue_attempt attempt = {OUTCOME_NETWORK, 20000, -1, "timed out"};
    size_t count;
    queue_init(&queue, store, 5);
    scratch_ok(queue_add(&queue, &job, 1, at_ms, &err) &&
                   queue_claim(&queue, at_ms, &job, 1, &count, &err) &&
                   queue_finish(&queue, &job, &attempt, QUEUE_DEAD, 0, at_ms, &err),
               &err);
}

static inline void trouble_make(struct store *store)
{
    static const char cheap[] = "price < 100 for 2", quiet[] = "tickets < 100";
    int64_t ruby = trouble_event(store, "7000001"), gulls = trouble_event(store, "7000002");
    trouble_rule(store, "cheap", cheap);
    trouble_rule(store, "few-left", quiet);
    scratch_run(store, "INSERT INTO alert_rule VALUES ('strange', 'mood < 3', 0)");
    struct alert_db_row past =
        trouble_fire(store, "few-left", quiet, gulls, 97, TOWN_NOW_MS - 50 * CLOCK_HOUR_MS);
    trouble_clear(store, &past, TOWN_NOW_MS - 40 * CLOCK_HOUR_MS);
    trouble_fire(store, "cheap", cheap, ruby, 7700, TOWN_NOW_MS - 3 * CLOCK_HOUR_MS);
    trouble_fire(store, "cheap", cheap, gulls, 3800, TOWN_NOW_MS - 2 * CLOCK_HOUR_MS);
    scratch_run(store, "UPDATE alert_message SET tries = 5, next_ms = NULL, reason = 'connection "
                       "refused' WHERE alert_id = 3");
    trouble_bury(store, gulls, TOWN_NOW_MS - 26 * CLOCK_HOUR_MS);
}

#endif
