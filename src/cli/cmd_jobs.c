#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/when.h"
#include "cli/cmd.h"
#include "core/query_service.h"
#include "core/queue_shared.h"
#include "core/team.h"

enum { ROWS_MAX = 1000 };

static const struct opt options[] = {
    {.name = "dead", .kind = OPT_FLAG, .help = "only the dead letters"},
    {.name = "since",
     .kind = OPT_TEXT,
     .value = "TIME",
     .help = "what happened from then on (default 1d)",
     .complete = OPT_COMPLETE_TIME},
    {.name = NULL},
};

static bool join(struct cmd_call *call, struct team *team, struct err *err)
{
    return team_open(call->conf, false, team, err) &&
           team_join(team, call->store, conf_text(call->conf, CONF_SYNC_TENANT), false, err);
}

/* This workstation's attempts, and where they are shared the jobs that all have. */
static bool query(struct cmd_call *call, bool dead, int64_t since_ms, struct frame *frame,
                  struct err *err)
{
    AUTO_TEAM struct team team = {0};
    bool shared = queue_shared_is_wanted(call->conf);
    int64_t own_ms = shared && dead ? INT64_MAX : since_ms;
    return query_service_jobs(call->store, dead, own_ms, ROWS_MAX, frame, err) &&
           (!shared || (join(call, &team, err) &&
                        query_service_add_shared(&team, dead, since_ms, ROWS_MAX, frame, err)));
}

static bool list(struct cmd_call *call, struct err *err)
{
    AUTO_FRAME struct frame frame = {0};
    const char *since = opt_text(call->options, "since");
    bool dead = opt_has(call->options, "dead");
    int64_t since_ms = dead ? 0 : clock_now_ms() - CLOCK_DAY_MS;
    struct when_anchor anchor = {.now_ms = clock_now_ms(), .event_ms = -1};
    if (since && !when_parse(since, &anchor, &since_ms, err))
        return err_wrap(err, "option '--since'");
    if (!query(call, dead, since_ms, &frame, err))
        return false;
    if (frame.row_count == 0)
        log_say(dead ? "no dead letters" : "no jobs: `tws watch` makes them");
    if (frame.row_count >= ROWS_MAX)
        log_say("the newest %d; --since narrows it", ROWS_MAX);
    emit_frame(&call->emit, &frame);
    return true;
}

static bool change_shared(struct cmd_call *call, bool retry, int64_t id, struct err *err)
{
    AUTO_TEAM struct team team = {0};
    return join(call, &team, err) &&
           (retry ? queue_shared_retry(&team, id, err) : queue_shared_drop(&team, id, err));
}

static bool change_own(struct cmd_call *call, bool retry, int64_t id, struct err *err)
{
    AUTO_STORE struct store *store = store_open(conf_text(call->conf, CONF_DB), err);
    return store != NULL &&
           (retry ? queue_retry(store, id, clock_now_ms(), err) : queue_drop(store, id, err));
}

/* The id that follows `retry` or `drop`; commands that only read opened no store to write. */
static bool change(struct cmd_call *call, struct err *err)
{
    const char *verb = call->arguments[0], *word = call->arguments[1];
    bool retry = strcmp(verb, "retry") == 0;
    int64_t id;
    if (!retry && strcmp(verb, "drop") != 0)
        return err_set(err, ERR_USAGE, "'%.60s' is neither retry nor drop", verb);
    if (!text_to_int(word, &id) || id <= 0)
        return err_set(err, ERR_USAGE, "'%.60s' is not the number of a job", word);
    bool done = queue_shared_is_wanted(call->conf) ? change_shared(call, retry, id, err)
                                                   : change_own(call, retry, id, err);
    if (done)
        cmd_report(call, retry ? "job %lld waits again" : "job %lld is dropped", (long long)id);
    return done;
}

static bool run(struct cmd_call *call, struct err *err)
{
    if (call->argument_count == 0)
        return list(call, err);
    if (call->argument_count == 2)
        return change(call, err);
    err_set(err, ERR_USAGE, "jobs: '%.60s' needs the number of a job", call->arguments[0]);
    return err_hint(err, "tws jobs --dead lists them");
}

const struct cmd cmd_jobs = {
    .name = "jobs",
    .group = CMD_READ,
    .summary = "the collector's jobs: attempts, what waits, dead letters",
    .arguments = "[retry|drop] [ID]",
    .about =
        "A job is one poll that is due. It is attempted until it ends well, with a growing "
        "pause, and "
        "is a dead\n"
        "letter after the last attempt that `watch.attempts` allows; its event goes on with "
        "the next "
        "job.\n"
        "`retry` gives a dead letter all its attempts again, `drop` gives a job up. With the "
        "setting\n"
        "watch.queue = supabase the jobs are the team's, after this workstation's own attempts.",
    .needs = NEEDS_STORE_READ,
    .options = {options, emit_options},
    .examples =
        {
            {"tws jobs --since 2h", "what was attempted in the last two hours"},
            {"tws jobs --dead", "what has failed for good"},
            {"tws jobs retry 17", "once more"},
        },
    .keys = "job, event, name, state, attempt, timestamp, took_ms, bytes, outcome, reason, holder",
    .run = run,
};
