/* What a poll and a question cost as history grows: history DB LISTINGS. Prints a line for 1, 7, 30 and 120 days:
 * days, then CPU ms of a poll, of the last day's trend, of the market now, of the market in the middle of the history,
 * and of the last day's trend without suites. */
#include "bench.h"
#include "core/query.h"

enum { DAY_POLLS = 96, ASKED = 15 };

typedef bool question(struct store *, const struct event *, const struct query_filter *,
                      struct frame *, struct err *);

static double ask(struct store *store, const struct event *event, question *question,
                  const struct query_filter *filter)
{
    double taken[ASKED];
    for (int i = 0; i < ASKED; i++) {
        struct err err = {0};
        struct frame frame = {0};
        double start = bench_cpu_ms();
        if (!question(store, event, filter, &frame, &err))
            bench_die("a question", &err);
        taken[i] = bench_cpu_ms() - start;
        frame_release(&frame);
    }
    return bench_median(taken, ASKED);
}

static void report(const char *path, const struct event *event, int days, double *polls)
{
    struct err err = {0};
    struct store *store = store_open_readonly(path, &err);
    if (!store)
        bench_die(path, &err);
    int64_t now_ms = bench_poll_ms((int64_t)days * DAY_POLLS - 1);
    struct query_filter day, now, then;
    query_init(&day);
    query_init(&now);
    query_init(&then);
    day.has_from = then.has_at = now.has_at = true;
    day.from_ms = now_ms - CLOCK_DAY_MS;
    now.at_ms = now_ms;
    then.at_ms = BENCH_START + (now_ms - BENCH_START) / 2;
    double trend = ask(store, event, query_trends, &day);
    double at_now = ask(store, event, query_listings, &now);
    double at_then = ask(store, event, query_listings, &then);
    day.exclude_tags = LISTING_SUITE;
    double raw = ask(store, event, query_trends, &day);
    printf("%d %.2f %.2f %.2f %.2f %.2f\n", days, bench_median(polls, DAY_POLLS), trend, at_now,
           at_then, raw);
    store_close(store);
}

int main(int argc, char **argv)
{
    if (argc != 3)
        bench_die("usage: history DB LISTINGS", NULL);
    static const int days[] = {1, 7, 30, 120};
    struct simulator_settings settings = bench_settings(atoi(argv[2]), 50);
    struct event event;
    struct store *store = bench_store(argv[1], &event);
    double polls[DAY_POLLS]; /* of the last day */
    int64_t poll = 0;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        for (; poll < (int64_t)days[i] * DAY_POLLS; poll++) {
            struct ingest_report done;
            struct market market;
            struct buf body = bench_answer(&settings, poll);
            bench_read(&body, &market);
            clock_fix(bench_poll_ms(poll));
            double start = bench_cpu_ms();
            bench_ingest(store, event.id, bench_poll_ms(poll), NULL, &market, &done);
            polls[poll % DAY_POLLS] = bench_cpu_ms() - start;
            market_release(&market);
            buf_release(&body);
        }
        report(argv[1], &event, days[i], polls);
        fflush(stdout);
    }
    store_close(store);
    return 0;
}
