#include "core/sync.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "core/setting.h"
#include "core/sync_compare.h"
#include "core/sync_push.h"
#include "io/db.h"

enum {
    CHUNK_ROWS = 50 * 1000, /* smaller ones cost more, larger ones nothing less */
    ROW_BYTES = 200,        /* about; to keep within the budget of a day */
    SMALLER = 8,            /* a batch with a value that is not accepted is cut in as many */
    LOADS = 2,              /* one under way, one in the making */
};

static const char LAST[] = "sync.last_ms", TENANT[] = "sync.tenant", SPENT_DAY[] = "sync.day",
                  SPENT[] = "sync.bytes";

/* A batch with its rows. */
struct load {
    struct outbox_batch batch;
    struct sync_rows rows;
    int64_t marks;          /* 0: nothing waits any more, and there is no batch */
    struct outbox_key last; /* of its marks */
    bool ok;                /* else `err` says what went wrong */
    struct err err;
};

struct pass {
    struct store *store;
    const struct conf *conf;
    const struct sync_options *options;
    struct sync_report *report;
    struct sync_push push;
    bool snapshots;          /* the measures of every snapshot are wanted */
    int64_t budget;          /* bytes that may be sent today; 0: no limit */
    int64_t spent;           /* today */
    struct outbox_want want; /* what the next batch is to be made of */
    struct load loads[LOADS];
    int next;             /* which one is in the making */
    bool ready;           /* it is made */
    int64_t refused;      /* marks whose values are not accepted */
    struct err complaint; /* about the first of them */
};

/* ---- one batch ---- */

static bool note_spent(struct pass *pass, const struct sync_rows *rows, struct err *err)
{
    for (int i = 0; i < SYNC_ROWS_PARTS; i++)
        pass->spent += (int64_t)rows->parts[i].length;
    return pass->budget == 0 || setting_set_int(pass->store, SPENT, pass->spent, err);
}

static bool send(struct pass *pass, const struct load *load, bool unsure, struct err *err)
{
    const struct outbox_batch *batch = &load->batch;
    struct sync_report *report = pass->report;
    if (load->rows.count > 0 && !sync_push_batch(&pass->push, batch, &load->rows, unsure, err))
        return err_wrap(err, "the team's database");
    report->sent[batch->topic] += load->rows.count;
    report->written = pass->push.written;
    report->batches++;
    report->bytes = pg_bytes(pass->push.team.pg);
    if (!outbox_settle(pass->store, batch, pass->snapshots, err) ||
        !note_spent(pass, &load->rows, err))
        return false;
    if (pass->options->progress)
        pass->options->progress(report);
    return true;
}

/* Whether it was a value in the batch that the server did not accept: it is not applied then. */
static bool is_refused(const struct pass *pass, const struct err *err)
{
    return err->code == ERR_REMOTE && pg_trouble(pass->push.team.pg) == PG_DATA;
}

/* ---- all batches ---- */

static bool resume_one(struct pass *pass, struct load *load, struct err *err)
{
    if (strcmp(load->batch.tenant, pass->push.team.tenant) != 0)
        return outbox_release(pass->store, &load->batch, err);
    if (!sync_rows_fill(pass->store, &load->batch, &load->rows, err))
        return false;
    if (send(pass, load, true, err))
        return true;
    if (!is_refused(pass, err))
        return false;
    err_reset(err); /* in smaller ones the topic tells which mark it is */
    return outbox_release(pass->store, &load->batch, err);
}

/* The batches that the last pass, or one that died, left under way. */
static bool resume(struct pass *pass, struct err *err)
{
    struct load *load = &pass->loads[pass->next];
    for (;;) {
        bool any;
        if (!outbox_pending(pass->store, &load->batch, &any, err))
            return false;
        if (!any)
            return true;
        if (!resume_one(pass, load, err))
            return false;
    }
}

static int64_t rows_for_budget(const struct pass *pass, int64_t most_rows)
{
    int64_t left = (pass->budget - pass->spent) / ROW_BYTES;
    if (pass->budget == 0 || left >= most_rows)
        return most_rows;
    return left > 0 ? left : 1;
}

static bool may_go_on(struct pass *pass)
{
    pass->report->budget_spent = pass->budget > 0 && pass->spent >= pass->budget;
    return !pass->report->budget_spent;
}

/* Makes the next batch, unless it is made. */
static void make_next(void *context)
{
    struct pass *pass = context;
    struct load *load = &pass->loads[pass->next];
    struct outbox_want want = pass->want;
    if (pass->ready)
        return;
    want.most_rows = rows_for_budget(pass, want.most_rows);
    err_reset(&load->err);
    load->ok =
        outbox_claim(pass->store, &want, &load->batch, &load->marks, &load->last, &load->err) &&
        (load->marks == 0 || sync_rows_fill(pass->store, &load->batch, &load->rows, &load->err));
    pass->ready = true;
}

static struct load *take_next(struct pass *pass)
{
    make_next(pass);
    struct load *load = &pass->loads[pass->next];
    pass->next = (pass->next + 1) % LOADS;
    pass->ready = false;
    return load;
}

/* The batch in the making goes back. */
static bool drop_next(struct pass *pass, struct err *err)
{
    const struct load *load = &pass->loads[pass->next];
    bool made = pass->ready && load->ok && load->marks > 0;
    pass->ready = false;
    return !made || outbox_release(pass->store, &load->batch, err);
}

/* A batch with a value that is not accepted goes back. Only when it is of one mark is that mark known to be the one: it
   keeps waiting, and the others go on. */
static bool isolate(struct pass *pass, const struct load *load, struct err *err)
{
    struct err complaint = *err;
    int64_t *most_rows = &pass->want.most_rows;
    err_reset(err);
    if (!outbox_release(pass->store, &load->batch, err) || !drop_next(pass, err))
        return false;
    if (load->marks > 1) {
        *most_rows = *most_rows / SMALLER > 0 ? *most_rows / SMALLER : 1;
        return true;
    }
    if (pass->refused++ == 0)
        pass->complaint = complaint;
    pass->want.after = load->last;
    return true;
}

static bool run_topic(struct pass *pass, enum outbox_topic topic, struct err *err)
{
    pass->want = (struct outbox_want){.topic = topic,
                                      .tenant = pass->push.team.tenant,
                                      .after = {INT64_MIN, INT64_MIN},
                                      .most_rows = CHUNK_ROWS};
    while (may_go_on(pass)) {
        if (stop_requested())
            return err_set(err, stop_error(), "stopped; what was not sent waits");
        const struct load *load = take_next(pass);
        if (!load->ok) {
            *err = load->err;
            return false;
        }
        if (load->marks == 0)
            return true;
        if (send(pass, load, false, err))
            continue;
        if (!is_refused(pass, err) || !isolate(pass, load, err))
            return false;
    }
    return true;
}

static bool run_topics(struct pass *pass, struct err *err)
{
    int last = pass->snapshots ? OUTBOX_SNAPSHOTS : OUTBOX_POLLS;
    if (pass->budget == 0) /* else what may be sent next depends on what the one before took */
        pass->push.meanwhile = make_next;
    pass->push.context = pass;
    for (int topic = OUTBOX_EVENTS; topic <= last; topic++)
        if (!run_topic(pass, (enum outbox_topic)topic, err))
            return false;
    return true;
}

/* ---- a pass ---- */

/* Days that differ. */
struct differing {
    struct outbox_day *days;
    size_t count, capacity;
};

static bool note_day(void *context, const struct sync_compare_day *day, struct err *err)
{
    (void)err;
    struct differing *differing = context;
    if (day->same)
        return true;
    differing->days =
        mem_grow(differing->days, differing->count, &differing->capacity, sizeof *differing->days);
    differing->days[differing->count++] = (struct outbox_day){day->event->id, day->grain, day->day};
    return true;
}

static bool mark_differing(struct pass *pass, int64_t from_ms, struct err *err)
{
    struct differing differing = {0};
    bool ok = sync_compare(pass->store, &pass->push.team, from_ms, note_day, &differing, err) &&
              outbox_mark_days(pass->store, differing.days, differing.count, err);
    mem_free(differing.days);
    return ok;
}

/* Everything again: events and polls as they are, but of hours and days only what differs there. A team that is another
   than last time has nothing of what the last one was sent. */
static bool mark(struct pass *pass, struct err *err)
{
    char last[UUID_TEXT_MAX];
    if (!setting_get(pass->store, TENANT, last, sizeof last, err))
        return false;
    bool known = strcmp(last, pass->push.team.tenant) == 0;
    bool all = pass->options->full || (*last && !known);
    int64_t from_ms = all ? 0 : clock_floor(pass->options->since_ms, CLOCK_DAY_MS);
    if ((all || pass->options->since) &&
        (!outbox_mark(pass->store, OUTBOX_MARK_OTHERS, from_ms, err) ||
         !mark_differing(pass, from_ms, err)))
        return false;
    return known || setting_set(pass->store, TENANT, pass->push.team.tenant, err);
}

static bool open_budget(struct pass *pass, struct err *err)
{
    int64_t today = clock_now_ms() / CLOCK_DAY_MS, day;
    pass->budget = conf_count(pass->conf, CONF_SYNC_BYTES);
    if (pass->budget == 0)
        return true;
    if (!setting_get_int(pass->store, SPENT_DAY, &day, err))
        return false;
    if (day == today)
        return setting_get_int(pass->store, SPENT, &pass->spent, err);
    return setting_set_int(pass->store, SPENT, 0, err) &&
           setting_set_int(pass->store, SPENT_DAY, today, err);
}

static bool count_waiting(struct pass *pass, int64_t counts[OUTBOX_TOPICS], struct err *err)
{
    if (!outbox_waiting(pass->store, counts, err))
        return false;
    pass->report->waiting = 0;
    for (int topic = 0; topic < OUTBOX_TOPICS; topic++)
        if (topic != OUTBOX_SNAPSHOTS || pass->snapshots)
            pass->report->waiting += counts[topic];
    return true;
}

static bool verdict(const struct pass *pass, struct err *err)
{
    if (pass->refused == 0)
        return true;
    *err = pass->complaint;
    char count[32];
    return err_wrap(err, "%s mark%s of the outbox cannot be sent, the first",
                    text_thousands(count, pass->refused), pass->refused == 1 ? "" : "s");
}

static bool run(struct pass *pass, struct err *err)
{
    const char *tenant =
        pass->options->tenant ? pass->options->tenant : conf_text(pass->conf, CONF_SYNC_TENANT);
    int64_t counts[OUTBOX_TOPICS];
    if (!team_open(pass->conf, false, &pass->push.team, err))
        return false;
    if (!team_join(&pass->push.team, pass->store, tenant, true, err))
        return err_wrap(err, "the team's database");
    struct sync_report *report = pass->report;
    snprintf(report->tenant, sizeof report->tenant, "%s", pass->push.team.tenant);
    snprintf(report->tenant_name, sizeof report->tenant_name, "%s", pass->push.team.tenant_name);
    if (!open_budget(pass, err) || !resume(pass, err) || !mark(pass, err) || !run_topics(pass, err))
        return false;
    report->bytes = pg_bytes(pass->push.team.pg);
    return count_waiting(pass, counts, err) &&
           (report->budget_spent || setting_set_int(pass->store, LAST, clock_now_ms(), err)) &&
           verdict(pass, err);
}

/* Marks as a real pass would, counts, and takes the marks back. */
static bool rehearse(struct pass *pass, struct err *err)
{
    const struct sync_options *options = pass->options;
    if (!db_begin(store_db(pass->store), err))
        return false;
    bool ok = (!options->full && !options->since) ||
              outbox_mark_here(pass->store, OUTBOX_MARK_EVERYTHING,
                               options->full ? 0 : options->since_ms, err);
    ok = ok && count_waiting(pass, pass->report->sent, err);
    db_rollback(store_db(pass->store));
    return ok;
}

/* Two passes of one store could send a bucket's older state behind its newer one. The lock goes with its descriptor. */
static int lock(struct store *store, struct err *err)
{
    AUTO_BUF struct buf path;
    buf_init(&path, SIZE_MAX);
    buf_printf(&path, "%s.sync", store_path(store));
    int fd = open(buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_set(err, ERR_STORE, "lock '%s': %s", buf_text(&path), strerror(errno));
        return fd;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    err_set(err, ERR_BUSY, "another sync of this store is running");
    err_hint(err, "wait for it to end; it sends what there is");
    return -1;
}

/* A pass that nobody else makes at the same time. */
static bool run_alone(struct pass *pass, struct err *err)
{
    int fd = lock(pass->store, err);
    if (fd < 0)
        return false;
    bool ok = run(pass, err);
    close(fd);
    return ok;
}

static bool wants_snapshots(const struct conf *conf)
{
    return strcmp(conf_text(conf, CONF_SYNC_SNAPSHOTS), "on") == 0;
}

bool sync_run(struct store *store, const struct conf *conf, const struct sync_options *options,
              struct sync_report *report, struct err *err)
{
    int64_t start_ms = clock_monotonic_ms();
    *report = (struct sync_report){0};
    struct pass pass = {
        .store = store,
        .conf = conf,
        .options = options,
        .report = report,
        .push = {.expect_new = !options->full && !options->since},
        .snapshots = wants_snapshots(conf),
    };
    for (int i = 0; i < LOADS; i++)
        sync_rows_init(&pass.loads[i].rows);
    bool ok = options->dry_run ? rehearse(&pass, err) : run_alone(&pass, err);
    for (int i = 0; i < LOADS; i++)
        sync_rows_release(&pass.loads[i].rows);
    team_release(&pass.push.team);
    report->took_ms = clock_monotonic_ms() - start_ms;
    return ok;
}

bool sync_last(struct store *store, int64_t *last_ms, struct err *err)
{
    return setting_get_int(store, LAST, last_ms, err);
}

bool sync_state(struct store *store, int64_t *last_ms, int64_t *waiting, struct err *err)
{
    int64_t counts[OUTBOX_TOPICS];
    if (!sync_last(store, last_ms, err) || !outbox_waiting(store, counts, err))
        return false;
    *waiting = 0;
    for (int topic = OUTBOX_EVENTS; topic <= OUTBOX_POLLS; topic++)
        *waiting += counts[topic];
    return true;
}

bool sync_lag(struct store *store, const struct conf *conf, int64_t now_ms, int64_t *lag_ms,
              struct err *err)
{
    int64_t since_ms;
    *lag_ms = -1;
    if (!team_is_configured(conf))
        return true;
    if (!outbox_oldest(store, wants_snapshots(conf) ? OUTBOX_SNAPSHOTS : OUTBOX_POLLS, &since_ms,
                       err))
        return false;
    *lag_ms = since_ms >= 0 && now_ms > since_ms ? now_ms - since_ms : 0;
    return true;
}

static bool run_jobs(struct pg *pg, struct err *err)
{
    AUTO_PG_ROWS struct pg_rows jobs = {0};
    if (!pg_run(pg, SQL_TEAM_MAINTAIN, NULL, 0, &jobs, err))
        return false;
    for (int i = 0; i < pg_rows_count(&jobs); i++) {
        const char *ok = pg_rows_text(&jobs, i, 1);
        if (ok && strcmp(ok, "f") == 0)
            return err_set(err, ERR_REMOTE, "maintenance job '%s': %s", pg_rows_text(&jobs, i, 0),
                           pg_rows_text(&jobs, i, 2));
    }
    return true;
}

bool sync_maintain(const struct conf *conf, struct err *err)
{
    AUTO_TEAM struct team team = {0};
    if (!team_open(conf, false, &team, err))
        return false;
    while (!run_jobs(team.pg, err))
        if (pg_trouble(team.pg) == PG_NO_TROUBLE || !team_again(&team, err))
            return err_wrap(err, "the team's database");
    return true;
}
