#include "core/service.h"

#include <signal.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "core/chores.h"
#include "core/fetch.h"
#include "core/host.h"
#include "core/metrics_page.h"
#include "core/outcome.h"
#include "core/platform.h"
#include "core/poller.h"
#include "core/queue_shared.h"
#include "core/watch.h"
#include "io/lock.h"
#include "io/notify.h"

enum {
    TURN_MS = 1000,
    DRAIN_MS = 10 * 1000,
    PAUSE_MS = 10 * 1000, /* before the store is tried again */
    FAILURES_MAX = 30,    /* of the store in a row */
    STATUS_MS = 10 * 1000,
    SUMMARY_MS = 60 * 60 * 1000,
    PATH_BYTES = 4096,
};

struct service {
    struct store *store;
    const struct conf *conf;
    struct conf *own; /* the settings that were read again; NULL: none were */
    const struct service_options *options;
    struct schedule_settings schedule;
    struct fetch *fetch;
    struct poller poller;
    struct watch_world world;
    struct queue_shared *shared; /* NULL: the jobs are in the store */
    struct watch *watch;
    struct chores *chores;
    struct metrics_page *page;
    int64_t started_ms;
    int64_t watchdog_ms; /* how often it wants to hear; 0: not at all */
    int64_t barked_ms, status_ms, summary_ms;
    int64_t saved_ms, saved_asked; /* when the hosts were kept, and how much they had been asked */
    int failures;
};

static void note_poll(void *context, const struct event *event, const struct watch_end *end)
{
    char name[EVENT_NAME_MAX + 8];
    (void)context;
    event_name(name, event);
    if (end->resting)
        log_debug("event '%s': not asked: its host rests", name);
    else if (outcome_is_good(end->outcome))
        log_debug("event '%s': %s, %lld listings, %lld changed, %lld ms", name,
                  outcome_word(end->outcome), (long long)end->listings, (long long)end->changed,
                  (long long)end->took_ms);
    else
        log_warn("event '%s': %s: %s", name, outcome_word(end->outcome),
                 *end->reason ? end->reason : outcome_sentence(end->outcome));
}

/* "polls 1,234, failed 3, running 2, waiting 0, next in 12 s" */
static void put_status(const struct service *service, struct buf *out)
{
    struct watch_state state = watch_state(service->watch);
    const struct watch_tally *tally = watch_tally(service->watch);
    struct fetch_host host = fetch_host_of(service->fetch, platform_list()[0]);
    int64_t good = tally->by_outcome[OUTCOME_OK] + tally->by_outcome[OUTCOME_EMPTY], all = 0;
    char span[CLOCK_TEXT_MAX];
    for (int i = 0; i < OUTCOME_COUNT; i++)
        all += tally->by_outcome[i];
    buf_printf(out, "%zu events, %lld polls, %lld failed, %zu running, %zu waiting", state.events,
               (long long)all, (long long)(all - good), state.running,
               state.queued - state.running);
    if (state.away)
        buf_puts(out, "; the shared queue does not answer");
    else if (host.held_ms > 0)
        buf_printf(out, "; the host rests for %s", clock_format_span(span, host.held_ms));
    else if (host.allowed < host.per_minute)
        buf_printf(out, "; slowed down to %lld requests a minute", (long long)host.allowed);
    else if (state.next_ms >= 0)
        buf_printf(out, "; next in %s", clock_format_span(span, state.next_ms));
    if (state.stretch > 1)
        buf_printf(out, "; intervals are %.1f times longer than wanted", state.stretch);
}

static void tell(struct service *service)
{
    int64_t now_ms = clock_monotonic_ms();
    AUTO_BUF struct buf status;
    if (service->watchdog_ms > 0 && now_ms - service->barked_ms >= service->watchdog_ms) {
        notify_send("WATCHDOG=1");
        service->barked_ms = now_ms;
    }
    buf_init(&status, 512);
    put_status(service, &status);
    log_progress("%s", buf_text(&status));
    if (now_ms - service->summary_ms >= SUMMARY_MS) {
        log_say("%s", buf_text(&status));
        service->summary_ms = now_ms;
    }
    if (now_ms - service->status_ms < STATUS_MS)
        return;
    AUTO_BUF struct buf line;
    buf_init(&line, 600);
    buf_printf(&line, "STATUS=%s", buf_text(&status));
    notify_send(buf_text(&line));
    service->status_ms = now_ms;
}

/* A store that does not let itself be written to is met by the next turn, too. */
static void keep_hosts(struct service *service)
{
    struct err err = {0};
    int64_t before = service->saved_asked;
    if (!host_save(service->store, service->fetch, clock_now_ms(), &service->saved_asked, &err))
        log_warn("%s", err.text);
    if (service->saved_asked != before) /* the first request is not waited for */
        service->saved_ms = clock_monotonic_ms();
}

static void fill_page(struct service *service)
{
    struct err err = {0};
    struct gauges gauges = {
        .started_ms = service->started_ms,
        .tally = *watch_tally(service->watch),
        .state = watch_state(service->watch),
        .host = fetch_host_of(service->fetch, platform_list()[0]),
    };
    int64_t now_ms = clock_now_ms();
    if (vitals_read(service->store, service->conf, now_ms, &gauges.vitals, &err) &&
        vitals_freshness(service->store, now_ms,
                         conf_count(service->conf, CONF_WATCH_METRICS_EVENTS), &gauges.freshness,
                         &err))
        metrics_page_fill(service->page, &gauges);
    else
        log_warn("metrics: %s", err.text);
    frame_release(&gauges.freshness);
}

static bool open_watch(struct service *service, struct err *err)
{
    poller_init(&service->poller, service->store, service->fetch, &service->world);
    service->world.shared = service->shared;
    service->watch =
        watch_open(service->store, &service->world, &service->schedule,
                   conf_count(service->conf, CONF_WATCH_ATTEMPTS), note_poll, service, err);
    return service->watch != NULL;
}

/* Takes over settings that were read again; those that cannot be used leave the old ones. */
static bool adopt(struct service *service, struct conf *conf, struct err *err)
{
    struct schedule_settings schedule;
    if (!schedule_settings_read(conf, &schedule, err) || !fetch_adopt(service->fetch, conf, err))
        return false;
    if (service->shared != NULL)
        queue_shared_adopt(service->shared, conf_count(conf, CONF_RATE),
                           conf_count(conf, CONF_WATCH_ATTEMPTS));
    service->schedule = schedule;
    conf_close(service->own);
    service->own = conf;
    service->conf = conf;
    return watch_adopt(service->watch, &schedule, conf_count(conf, CONF_WATCH_ATTEMPTS), err);
}

static void reload(struct service *service)
{
    struct err err = {0};
    notify_send("RELOADING=1");
    struct conf *conf = conf_open(service->options->config_flag, service->options->db_flag, &err);
    if (conf != NULL && adopt(service, conf, &err)) {
        log_say("the settings were read again");
    } else {
        log_warn("the settings stay as they were: %s", err.text);
        if (conf != service->own)
            conf_close(conf);
    }
    notify_send("READY=1");
}

/* The store failed: it is tried again after a pause, for a full disk is emptied and a lock is given back. */
static bool survive(struct service *service, struct err *err)
{
    if (++service->failures >= FAILURES_MAX)
        return false;
    log_warn("%s; trying again in %d s", err->text, PAUSE_MS / 1000);
    err_reset(err);
    int64_t end_ms = clock_monotonic_ms() + PAUSE_MS;
    watch_close(service->watch);
    service->watch = NULL;
    while (stop_requested() == 0 && clock_monotonic_ms() < end_ms) {
        bool ended;
        struct watch_end end;
        service->world.wait(service->world.self, TURN_MS, &end, &ended, err);
        notify_send("WATCHDOG=1");
    }
    struct err why = {0};
    if (stop_requested() != 0 || open_watch(service, &why))
        return true;
    *err = why;
    return survive(service, err);
}

/* Whether nothing is left that is due now: for --once. Further attempts are due later. */
static bool is_finished(const struct service *service)
{
    struct queue_counts jobs;
    struct err ignored = {0}; /* the next turn meets it, too */
    if (!service->options->once)
        return false;
    struct watch_state state = watch_state(service->watch);
    if (state.running > 0 || state.next_ms == 0)
        return false;
    if (state.away || state.asking || state.shared)
        return state.away || (!state.asking && !state.due);
    return queue_count(service->store, &jobs, &ignored) &&
           (jobs.first_ms < 0 || jobs.first_ms > clock_now_ms());
}

static bool work(struct service *service, struct err *err)
{
    while (stop_requested() == 0) {
        if (stop_take_hangup())
            reload(service);
        if (watch_turn(service->watch, TURN_MS, err))
            service->failures = 0;
        else if (!survive(service, err))
            return false;
        if (service->watch == NULL)
            break;
        tell(service);
        if (service->saved_ms == 0 || clock_monotonic_ms() - service->saved_ms >= HOST_SAVE_MS)
            keep_hosts(service);
        if (metrics_page_is_due(service->page))
            fill_page(service);
        if (is_finished(service))
            break;
    }
    if (service->options->once && service->watch && watch_state(service->watch).away)
        return err_set(err, ERR_REMOTE, "the shared queue does not answer");
    return true;
}

/* Lets what is under way end; a second request ends it at once. */
static void drain(struct service *service)
{
    struct err err = {0};
    int64_t end_ms = clock_monotonic_ms() + DRAIN_MS;
    if (service->watch == NULL)
        return;
    notify_send("STOPPING=1");
    stop_reset();
    watch_drain(service->watch);
    while (watch_running(service->watch) > 0 && clock_monotonic_ms() < end_ms &&
           stop_requested() == 0)
        if (!watch_turn(service->watch, TURN_MS / 4, &err)) {
            log_warn("%s", err.text);
            break;
        }
}

static bool serve(struct service *service, struct err *err)
{
    const struct service_options *options = service->options;
    bool shown = options->metrics_port >= 0 || options->metrics_file != NULL;
    if (shown && (service->page =
                      metrics_page_open(options->metrics_port, options->metrics_file, err)) == NULL)
        return false;
    if (!open_watch(service, err))
        return false;
    stop_separate_hangup();
    service->watchdog_ms = notify_watchdog_ms();
    service->summary_ms = clock_monotonic_ms();
    log_say("watching %zu events", watch_state(service->watch).events);
    notify_send("READY=1");
    if (!service->options->once)
        service->chores =
            chores_open(chores_table(), service->options->config_flag, service->options->db_flag);
    bool good = work(service, err);
    chores_close(service->chores); /* which looks for the request to stop that drain() forgets */
    drain(service);
    keep_hosts(service);
    log_progress("%s", "");
    watch_close(service->watch);
    return good;
}

bool service_run(struct store *store, const struct conf *conf,
                 const struct service_options *options, struct err *err)
{
    struct service service = {
        .store = store, .conf = conf, .options = options, .started_ms = clock_now_ms()};
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s.watch", store_path(store));
    int lock = lock_open(path, "tws watch", err);
    if (lock < 0)
        return false;
    bool good = schedule_settings_read(conf, &service.schedule, err) &&
                (service.fetch = fetch_open(conf, err)) != NULL &&
                host_resume(store, service.fetch, clock_now_ms(), err) &&
                (!queue_shared_is_wanted(conf) ||
                 (service.shared = queue_shared_open(store, conf, err)) != NULL) &&
                serve(&service, err);
    metrics_page_close(service.page);
    fetch_close(service.fetch);
    queue_shared_close(service.shared);
    conf_close(service.own);
    lock_close(lock);
    return good;
}
