/* What a poll and a question cost as history grows: history FOLDER LISTINGS. Keeps a copy of the store after 1, 7, 30 and
 * 120 days and asks all four by turns. Prints a line for each: days, then CPU ms of a poll, of the last day's trend, of
 * the market now, of the market half-way back, and of the last day's trend without suites. */
#include "bench.h"
#include "core/query.h"

enum { DAY_POLLS = 96, AGES = 4, COSTS = 5, TURNS = 25 };

static const int ages[AGES] = {1, 7, 30, 120}; /* days */

/* A store of one age. */
struct aged {
    char path[4096];
    struct store *store;
    struct event event;
    int64_t next; /* poll */
    double costs[COSTS][TURNS];
};

static double ingest(struct aged *aged, const struct simulator_settings *settings)
{
    struct ingest_report report;
    struct market market;
    struct buf body = bench_answer(settings, aged->next);
    bench_read(&body, &market);
    double start = bench_cpu_ms();
    bench_ingest(aged->store, aged->event.id, bench_poll_ms(aged->next), NULL, &market, &report);
    double taken = bench_cpu_ms() - start;
    aged->next++;
    market_release(&market);
    buf_release(&body);
    return taken;
}

static void copy_file(const char *from, const char *to)
{
    char bytes[1 << 16];
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    size_t length;
    if (!in || !out)
        bench_die(to, NULL);
    while ((length = fread(bytes, 1, sizeof bytes, in)) > 0)
        if (fwrite(bytes, 1, length, out) != length)
            bench_die(to, NULL);
    fclose(in);
    if (fclose(out) != 0)
        bench_die(to, NULL);
}

static void grow(const char *folder, const struct simulator_settings *settings, struct aged *all)
{
    struct aged growing = {0};
    snprintf(growing.path, sizeof growing.path, "%s/growing.db", folder);
    for (int a = 0; a < AGES; a++) {
        growing.store = bench_store(growing.path, &growing.event);
        while (growing.next < (int64_t)ages[a] * DAY_POLLS)
            ingest(&growing, settings);
        store_close(growing.store);
        all[a] = growing;
        snprintf(all[a].path, sizeof all[a].path, "%s/day-%d.db", folder, ages[a]);
        copy_file(growing.path, all[a].path);
        all[a].store = bench_store(all[a].path, &all[a].event);
    }
}

typedef bool question(struct store *, const struct event *, const struct query_filter *,
                      struct frame *, struct err *);

static double ask(const struct aged *aged, question *question, const struct query_filter *filter)
{
    struct err err = {0};
    struct frame frame = {0};
    double start = bench_cpu_ms();
    if (!question(aged->store, &aged->event, filter, &frame, &err))
        bench_die("a question", &err);
    double taken = bench_cpu_ms() - start;
    frame_release(&frame);
    return taken;
}

static void ask_all(struct aged *aged, int turn)
{
    int64_t now_ms = bench_poll_ms(aged->next - 1);
    struct query_filter day, now, then;
    query_init(&day);
    query_init(&now);
    query_init(&then);
    day.has_from = then.has_at = now.has_at = true;
    day.from_ms = now_ms - CLOCK_DAY_MS;
    now.at_ms = now_ms;
    then.at_ms = BENCH_START + (now_ms - BENCH_START) / 2;
    clock_fix(now_ms);
    aged->costs[1][turn] = ask(aged, query_trends, &day);
    aged->costs[2][turn] = ask(aged, query_listings, &now);
    aged->costs[3][turn] = ask(aged, query_listings, &then);
    day.exclude_tags = LISTING_SUITE;
    aged->costs[4][turn] = ask(aged, query_trends, &day);
}

int main(int argc, char **argv)
{
    static struct aged all[AGES];
    if (argc != 3)
        bench_die("usage: history FOLDER LISTINGS", NULL);
    struct simulator_settings settings = bench_settings(atoi(argv[2]), 50);
    grow(argv[1], &settings, all);
    for (int turn = 0; turn < TURNS; turn++) {
        for (int a = 0; a < AGES; a++) {
            all[a].costs[0][turn] = ingest(&all[a], &settings);
            ask_all(&all[a], turn);
        }
    }
    for (int a = 0; a < AGES; a++) {
        printf("%d", ages[a]);
        for (int c = 0; c < COSTS; c++)
            printf(" %.2f", bench_median(all[a].costs[c], TURNS));
        printf("\n");
        store_close(all[a].store);
    }
    return 0;
}
