/* Makes a store of some polls of one event: week DB POLLS LISTINGS CHURN_PERMILLE ALL_IN */
#include "bench.h"

int main(int argc, char **argv)
{
    if (argc != 6)
        bench_die("usage: week DB POLLS LISTINGS CHURN_PERMILLE ALL_IN", NULL);
    int polls = atoi(argv[2]);
    struct simulator_settings settings = bench_settings(atoi(argv[3]), atoi(argv[4]));
    settings.all_in = atoi(argv[5]);
    struct event event;
    struct store *store = bench_store(argv[1], &event);
    int64_t observations = 0;
    for (int i = 0; i < polls; i++) {
        struct ingest_report report;
        struct buf body = bench_answer(&settings, i);
        clock_fix(bench_poll_ms(i));
        bench_poll(store, event.id, bench_poll_ms(i), &body, &report);
        observations += report.listings;
        buf_release(&body);
    }
    store_close(store);
    printf("observations %" PRId64 "\n", observations);
    return 0;
}
