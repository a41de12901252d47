/* A reader alone and beside a collector at full speed: reader DB POLLS LISTINGS CHURN_PERMILLE, where DB has that many
 * polls. A read opens the store, asks for seven days by hour and closes it again. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "core/query.h"

enum { ANSWERS = 24, READS = 500, INSIDE = 100 };

/* Back and forth through the answers, so that each differs from the one before as much as in life. */
static _Noreturn void collect(const char *path, struct buf *answers, int64_t poll, int ready)
{
    struct event event;
    struct store *store = bench_store(path, &event);
    for (int i = 0, step = 1;; i += step, poll++) {
        struct ingest_report report;
        bench_poll(store, event.id, bench_poll_ms(poll), &answers[i], &report);
        if (poll % 16 == 0 && write(ready, "x", 1) != 1)
            _exit(1);
        step = i + step < 0 || i + step >= ANSWERS ? -step : step;
    }
}

static void read_once(struct store *store, const struct event *event, int64_t to_ms)
{
    struct err err = {0};
    struct frame frame = {0};
    struct query_filter filter;
    query_init(&filter);
    filter.has_from = filter.has_to = true;
    filter.to_ms = to_ms;
    filter.from_ms = to_ms - 7 * CLOCK_DAY_MS;
    if (!query_trends(store, event, &filter, &frame, &err))
        bench_die("a read", &err);
    frame_release(&frame);
}

static void measure(const char *path, const struct event *event, int64_t to_ms, const char *label)
{
    double *taken = calloc(READS, sizeof *taken);
    for (int i = 0; i < READS; i++) {
        struct err err = {0};
        double start = bench_wall_ms();
        struct store *store = store_open_readonly(path, &err);
        if (!store)
            bench_die(path, &err);
        read_once(store, event, to_ms);
        store_close(store);
        taken[i] = bench_wall_ms() - start;
    }
    double p99 = bench_quantile(taken, READS, 0.99);
    printf("%s_median %.2f\n%s_p99 %.2f\n%s_max %.2f\n", label, taken[READS / 2], label, p99, label,
           taken[READS - 1]);
    free(taken);
}

static void measure_inside(const char *path, const struct event *event, int64_t to_ms)
{
    double taken[INSIDE];
    struct err err = {0};
    struct store *store = store_open_readonly(path, &err);
    if (!store)
        bench_die(path, &err);
    for (int i = 0; i < INSIDE; i++) {
        double start = bench_wall_ms();
        read_once(store, event, to_ms);
        taken[i] = bench_wall_ms() - start;
    }
    printf("inside %.3f\n", bench_median(taken, INSIDE));
    store_close(store);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        bench_die("usage: reader DB POLLS LISTINGS CHURN_PERMILLE", NULL);
    int64_t polls = atoi(argv[2]), to_ms = bench_poll_ms(polls);
    struct simulator_settings settings = bench_settings(atoi(argv[3]), atoi(argv[4]));
    struct event event;
    int ready[2];
    char byte;
    store_close(bench_store(argv[1], &event));
    clock_fix(to_ms);
    struct buf answers[ANSWERS];
    for (int i = 0; i < ANSWERS; i++)
        answers[i] = bench_answer(&settings, polls + i);
    measure_inside(argv[1], &event, to_ms);
    measure(argv[1], &event, to_ms, "alone");
    if (pipe(ready) != 0)
        bench_die("pipe", NULL);
    double start = bench_wall_ms();
    pid_t collector = fork();
    if (collector == 0)
        collect(argv[1], answers, polls, ready[1]);
    if (read(ready[0], &byte, 1) != 1)
        bench_die("the collector", NULL);
    measure(argv[1], &event, to_ms, "beside");
    kill(collector, SIGKILL);
    waitpid(collector, NULL, 0);
    close(ready[1]);
    int sixteens = 1;
    while (read(ready[0], &byte, 1) == 1)
        sixteens++;
    printf("collected_per_s %.1f\n", 16e3 * sixteens / (bench_wall_ms() - start));
    return 0;
}
