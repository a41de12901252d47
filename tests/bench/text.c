/* From text to committed rows.
 *   text pairs FOLDER POLLS LISTINGS CHURN   by turns with cJSON and with simdjson, and an unchanged body after each
 *   text linear FOLDER POLLS CHURN           500, 2,000, 5,000 and 20,000 listings by turns */
#include "base/mem.h"
#include "bench.h"
#ifdef WITH_SIMDJSON
#include "simd.h"
#endif

enum { POLLS_MAX = 200, SIZES = 4 };

#ifdef WITH_SIMDJSON
static void expect_same(const struct market *a, const struct market *b)
{
    if (a->listing_count != b->listing_count || a->zone_count != b->zone_count ||
        a->section_count != b->section_count)
        bench_die("simdjson read another number of listings, zones or sections", NULL);
    for (size_t i = 0; i < a->listing_count; i++) {
        const struct listing *x = &a->listings[i], *y = &b->listings[i];
        if (strcmp(x->id, y->id) || strcmp(x->zone, y->zone) || strcmp(x->section, y->section) ||
            strcmp(x->label, y->label) || strcmp(x->row, y->row) || strcmp(x->seats, y->seats) ||
            strcmp(x->splits, y->splits) || x->quantity != y->quantity || x->tags != y->tags ||
            x->splits_inferred != y->splits_inferred || x->price_minor != y->price_minor ||
            x->all_in_minor != y->all_in_minor) {
            fprintf(stderr, "listing '%s'\n", x->id);
            bench_die("simdjson read another listing", NULL);
        }
    }
}

/* The same poll with simdjson; checks what it read. */
static double simd_poll(struct store *store, int64_t event_id, int64_t at_ms,
                        const struct buf *body)
{
    struct market market, expected;
    struct ingest_report report;
    unsigned char hash[HASH_SIZE];
    double start = bench_cpu_ms();
    hash_bytes(hash, body->data, body->length);
    market_init(&market);
    if (!simd_read(body->data, body->length, &market))
        bench_die("simdjson", NULL);
    bench_ingest(store, event_id, at_ms, hash, &market, &report);
    double taken = bench_cpu_ms() - start;
    bench_read(body, &expected);
    expect_same(&expected, &market);
    market_release(&expected);
    market_release(&market);
    return taken;
}
#endif

static double own_poll(struct store *store, int64_t event_id, int64_t at_ms, const struct buf *body)
{
    struct ingest_report report;
    double start = bench_cpu_ms();
    bench_poll(store, event_id, at_ms, body, &report);
    return bench_cpu_ms() - start;
}

/* The same body again. */
static double repeat_poll(struct store *store, int64_t event_id, int64_t at_ms,
                          const struct buf *body)
{
    struct err err = {0};
    struct ingest_report report;
    unsigned char hash[HASH_SIZE];
    bool repeat;
    double start = bench_cpu_ms();
    hash_bytes(hash, body->data, body->length);
    struct ingest_poll poll = {
        .at_ms = at_ms, .outcome = OUTCOME_OK, .body_hash = hash, .took_ms = 100, .bytes = 100000};
    if (!ingest_is_repeat(store, event_id, at_ms, hash, &repeat, &err) || !repeat ||
        !ingest_repeat(store, event_id, &poll, &report, &err))
        bench_die("an unchanged body", &err);
    return bench_cpu_ms() - start;
}

static struct store *open_in(const char *folder, const char *name, struct event *event)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return bench_store(path, event);
}

static void pairs(const char *folder, int polls, int listings, int churn)
{
    double own[POLLS_MAX], repeated[POLLS_MAX], unchanged[POLLS_MAX];
    struct simulator_settings settings = bench_settings(listings, churn);
    struct event event;
    struct store *store = open_in(folder, "own.db", &event);
    size_t count = 0;
#ifdef WITH_SIMDJSON
    double simd[POLLS_MAX], ratio[POLLS_MAX];
    struct event other;
    struct store *with_simd = open_in(folder, "simd.db", &other);
#endif
    for (int i = 0; i < polls; i++) {
        int64_t at_ms = bench_poll_ms(i);
        struct buf body = bench_answer(&settings, i);
#ifdef WITH_SIMDJSON
        bool simd_first = i % 2;
        if (simd_first)
            simd[count] = simd_poll(with_simd, other.id, at_ms, &body);
#endif
        own[count] = own_poll(store, event.id, at_ms, &body);
#ifdef WITH_SIMDJSON
        if (!simd_first)
            simd[count] = simd_poll(with_simd, other.id, at_ms, &body);
        ratio[count] = own[count] / simd[count];
#endif
        unchanged[count] = repeat_poll(store, event.id, at_ms + BENCH_POLL_MS / 2, &body);
        repeated[count] = unchanged[count] / own[count];
        count += i >= 4; /* the first polls fill the store and the caches */
        buf_release(&body);
    }
#ifdef WITH_SIMDJSON
    printf("simd_ratio %.3f\nsimd %.2f\n", bench_median(ratio, count), bench_median(simd, count));
    store_close(with_simd);
#endif
    printf("own %.2f\nunchanged_ratio %.4f\nunchanged %.3f\n", bench_median(own, count),
           bench_median(repeated, count), bench_median(unchanged, count));
    store_close(store);
}

static void linear(const char *folder, int polls, int churn)
{
    static const int sizes[SIZES] = {500, 2000, 5000, 20000};
    static double taken[SIZES][POLLS_MAX];
    struct store *stores[SIZES];
    struct event events[SIZES];
    for (int s = 0; s < SIZES; s++) {
        char name[32];
        snprintf(name, sizeof name, "linear-%d.db", sizes[s]);
        stores[s] = open_in(folder, name, &events[s]);
    }
    for (int i = 0; i < polls; i++) {
        for (int s = 0; s < SIZES; s++) {
            struct simulator_settings settings = bench_settings(sizes[s], churn);
            struct buf body = bench_answer(&settings, i);
            double cost = own_poll(stores[s], events[s].id, bench_poll_ms(i), &body);
            if (i > 0)
                taken[s][i - 1] = cost;
            buf_release(&body);
        }
    }
    for (int s = 0; s < SIZES; s++) {
        printf("linear_%d %.2f\n", sizes[s], bench_median(taken[s], (size_t)polls - 1));
        store_close(stores[s]);
    }
}

int main(int argc, char **argv)
{
    int polls = argc > 3 ? atoi(argv[3]) : 0;
    mem_prepare(); /* as tws does */
    if (polls < 6 || polls > POLLS_MAX)
        bench_die("usage: text pairs FOLDER POLLS LISTINGS CHURN | text linear FOLDER POLLS CHURN",
                  NULL);
    if (argc == 6 && strcmp(argv[1], "pairs") == 0)
        pairs(argv[2], polls, atoi(argv[4]), atoi(argv[5]));
    else if (argc == 5 && strcmp(argv[1], "linear") == 0)
        linear(argv[2], polls, atoi(argv[4]));
    else
        bench_die("unknown question", NULL);
    return 0;
}
