/* What a person does with jobs of a team. */
#include <stdio.h>
#include <string.h>

#include "core/queue_shared.h"

/* What the database says of a job that it did nothing about. */
static const struct {
    const char *word;
    enum err_code code;
    const char *sentence;
} refusals[] = {
    {"absent", ERR_NOT_FOUND, "neither waits nor is dead"},
    {"alive", ERR_USAGE, "is not dead"},
    {"polled", ERR_USAGE, "is of an event that has another job under way"},
    {"unwanted", ERR_USAGE, "is of an event that nobody tracks any more"},
    {"busy", ERR_BUSY, "is being worked at"},
};

static bool change(struct team *team, enum sql_id id, int64_t job_id, struct err *err)
{
    AUTO_PG_ROWS struct pg_rows rows = {0};
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)job_id);
    const char *const values[] = {team->tenant, number};
    if (!pg_run(team->pg, id, values, 2, &rows, err))
        return false;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (strcmp(pg_rows_text(&rows, 0, 0), refusals[i].word) != 0)
            continue;
        err_set(err, refusals[i].code, "job %lld %s", (long long)job_id, refusals[i].sentence);
        return err_hint(err, "tws jobs lists what waits, tws jobs --dead the dead letters");
    }
    return true;
}

bool queue_shared_retry(struct team *team, int64_t job_id, struct err *err)
{
    return change(team, SQL_TEAM_QUEUE_RETRY, job_id, err);
}

bool queue_shared_drop(struct team *team, int64_t job_id, struct err *err)
{
    return change(team, SQL_TEAM_QUEUE_DROP, job_id, err);
}
