/* A store that has followed events for an hour, ten minutes a poll, as the simulator shows them: steady DB EVENTS LISTINGS
 * CHURN_PERMILLE. The last polls lie evenly over the ten minutes before now, but those of every sixth event in the hour
 * before: so many of a service's polls fold an hour. The simulator's days count from BENCH_START. */
#include "bench.h"
#include "core/plan.h"

enum { POLLS = 6, STEP_MS = 10 * 60 * 1000, FOLDING = 6 };

/* When an event was polled last. */
static int64_t last_ms(int number, int64_t now_ms)
{
    int64_t age_ms = (int64_t)number * 997 * 1000 % STEP_MS;
    int64_t until_ms = number % FOLDING == 0 ? clock_floor(now_ms, CLOCK_HOUR_MS) : now_ms;
    return until_ms - age_ms - 1;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct store *store = argc == 5 ? store_open(argv[1], &err) : NULL;
    if (!store)
        bench_die("usage: steady DB EVENTS LISTINGS CHURN_PERMILLE", &err);
    struct simulator_settings settings = bench_settings(atoi(argv[3]), atoi(argv[4]));
    int64_t now_ms = clock_now_ms();
    settings.events = atoi(argv[2]);
    for (int i = 0; i < settings.events; i++) {
        struct event event;
        bench_track(store, i, &event);
        if (!plan_describe(store, &event, 1, now_ms, &err)) /* its names are asked for once a day */
            bench_die("an event", &err);
        for (int poll = POLLS - 1; poll >= 0; poll--) {
            struct ingest_report report;
            int64_t at_ms = last_ms(i, now_ms) - poll * STEP_MS;
            struct buf body = bench_answer_of(&settings, i, at_ms);
            bench_poll(store, event.id, at_ms, &body, &report);
            buf_release(&body);
        }
    }
    store_close(store);
    return 0;
}
