/* Polls eight events over TLS, round after round: poll FOLDER DB ROUNDS WARM. FOLDER/current is what the server shows; it
 * points to another round each time. DB - stores nothing: answers are fetched and read. Prints CPU ms a poll, without the
 * first WARM rounds. Settings come from TWS_*. */
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench.h"
#include "core/collector.h"

enum { EVENTS = 8 };

static void show_round(const char *folder, int round)
{
    char link[4096], target[64], next[4096];
    snprintf(target, sizeof target, "round-%d", round);
    snprintf(next, sizeof next, "%s/next", folder);
    snprintf(link, sizeof link, "%s/current", folder);
    unlink(next);
    if (symlink(target, next) != 0 || rename(next, link) != 0)
        bench_die(link, NULL);
}

static bool visit(void *context, const struct collector_poll *poll,
                  const struct collector_summary *so_far)
{
    (void)context, (void)so_far;
    if (poll->outcome != OUTCOME_OK)
        fprintf(stderr, "poll: %s: %s\n", outcome_word(poll->outcome), poll->reason);
    return poll->outcome == OUTCOME_OK;
}

static void name_events(struct event *events)
{
    for (int i = 0; i < EVENTS; i++) {
        char id[EVENT_ID_MAX];
        snprintf(id, sizeof id, "%d", BENCH_EVENT + i);
        event_init(&events[i], "vividseats", id);
    }
}

static struct store *open_store(const char *path, struct event *events)
{
    struct err err = {0};
    struct store *store = store_open(path, &err);
    for (int i = 0; store && i < EVENTS; i++)
        if (!store_save_event(store, &events[i], &err))
            bench_die(path, &err);
    if (!store)
        bench_die(path, &err);
    return store;
}

/* Fetches and reads what a round polls. */
static void read_round(struct fetch *fetch, const struct event *events)
{
    struct err err = {0};
    struct fetch_result result;
    for (int i = 0; i < EVENTS; i++)
        if (!collector_ask(fetch, &events[i], (void *)&events[i], &err))
            bench_die("a question", &err);
    for (int i = 0; i < EVENTS; i++) {
        struct market market;
        if (!fetch_next(fetch, -1, &result) || !result.answered)
            bench_die("an answer", NULL);
        bench_read(&result.response.body, &market);
        market_release(&market);
        fetch_result_release(&result);
    }
}

static void poll_round(struct store *store, struct fetch *fetch, const struct event *events,
                       int64_t *changed)
{
    struct err err = {0};
    struct collector_summary summary;
    if (!collector_round(store, fetch, events, EVENTS, visit, NULL, &summary, &err) ||
        summary.by_outcome[OUTCOME_OK] != EVENTS)
        bench_die("a round", &err);
    *changed = summary.changed;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        bench_die("usage: poll FOLDER DB ROUNDS WARM", NULL);
    mem_prepare(); /* as tws does */
    int rounds = atoi(argv[3]), warm = atoi(argv[4]);
    struct err err = {0};
    bool stores = strcmp(argv[2], "-") != 0;
    struct conf *conf = conf_open(NULL, stores ? argv[2] : NULL, &err);
    struct fetch *fetch = conf ? fetch_open(conf, &err) : NULL;
    if (!fetch)
        bench_die("settings", &err);
    struct event events[EVENTS];
    name_events(events);
    struct store *store = stores ? open_store(argv[2], events) : NULL;
    double start = 0;
    int64_t changed = 0;
    for (int r = 0; r < rounds; r++) {
        int64_t differ = 0;
        show_round(argv[1], r);
        clock_fix(bench_poll_ms(r));
        start = r == warm ? bench_cpu_ms() : start;
        if (stores)
            poll_round(store, fetch, events, &differ);
        else
            read_round(fetch, events);
        changed += r >= warm ? differ : 0;
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    int polls = (rounds - warm) * EVENTS;
    printf("%.3f %ld %.1f\n", (bench_cpu_ms() - start) / polls, usage.ru_maxrss / 1024,
           (double)changed / polls);
    fetch_close(fetch);
    store_close(store);
    conf_close(conf);
    return 0;
}
