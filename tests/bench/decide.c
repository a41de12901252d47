/* What a decision of the service costs without any network: what to poll next, its job's claim and end, and when the event
 * is due again. decide DB DECISIONS FAILING: the events that are tracked in DB go on as if every poll ended at once, in time
 * that is made up. The first FAILING polls fail, so that their jobs wait for another attempt. Prints the median, the 99th
 * percentile and the largest CPU ms of a decision. */
#include "bench.h"
#include "core/watch.h"

/* A world in which a poll has ended when it is waited for. */
struct world {
    struct watch_poll *poll; /* under way; NULL: none */
    int64_t passed_ms;
    bool failing;
};

static int64_t monotonic_ms(void *self)
{
    return ((struct world *)self)->passed_ms + CLOCK_DAY_MS;
}

static int64_t wall_ms(void *self)
{
    return BENCH_START + ((struct world *)self)->passed_ms;
}

static size_t room(void *self)
{
    return ((struct world *)self)->poll ? 0 : 1;
}

static int64_t nothing(void *self)
{
    (void)self;
    return 0;
}

/* Requests a minute; questions about names have a tenth of it. */
static int64_t rate(void *self)
{
    (void)self;
    return 120;
}

static bool ask(void *self, struct watch_question *question, struct err *why)
{
    (void)self;
    (void)question;
    return err_set(why, ERR_NOT_FOUND, "nobody is there to ask");
}

static bool start(void *self, struct watch_poll *poll, struct err *why)
{
    (void)why;
    ((struct world *)self)->poll = poll;
    return true;
}

static bool wait(void *self, int64_t patience_ms, struct watch_end *end, bool *ended,
                 struct err *err)
{
    struct world *world = self;
    (void)err;
    *ended = world->poll != NULL;
    if (*ended) {
        *end = (struct watch_end){.poll = world->poll,
                                  .outcome = world->failing ? OUTCOME_NETWORK : OUTCOME_OK};
        world->poll = NULL;
    } else {
        world->passed_ms += patience_ms > 0 ? patience_ms : 1;
        clock_fix(wall_ms(world));
    }
    return true;
}

static void abandon(void *self)
{
    ((struct world *)self)->poll = NULL;
}

/* Turns until one more poll has ended. */
static void decide(struct watch *watch)
{
    const struct watch_tally *tally = watch_tally(watch);
    const int64_t *ended = tally->by_outcome;
    int64_t before = ended[OUTCOME_OK] + ended[OUTCOME_NETWORK];
    while (ended[OUTCOME_OK] + ended[OUTCOME_NETWORK] == before) {
        struct err err = {0};
        if (!watch_turn(watch, CLOCK_SECOND_MS, &err))
            bench_die("a turn", &err);
        (void)watch_state(watch); /* for the line that tells how it goes */
    }
}

static struct watch *open_watch(const char *path, struct world *world)
{
    static const struct schedule_settings settings = {10 * CLOCK_MINUTE_MS, 8 * CLOCK_MINUTE_MS,
                                                      12 * CLOCK_MINUTE_MS};
    const struct watch_world calls = {
        .self = world,
        .monotonic_ms = monotonic_ms,
        .wall_ms = wall_ms,
        .room = room,
        .rate = rate,
        .held_ms = nothing,
        .start = start,
        .ask = ask,
        .wait = wait,
        .abandon = abandon,
    };
    struct err err = {0};
    clock_fix(wall_ms(world));
    struct store *store = store_open(path, &err);
    struct watch *watch = store ? watch_open(store, &calls, &settings, 5, NULL, NULL, &err) : NULL;
    if (!watch)
        bench_die(path, &err);
    return watch;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        bench_die("usage: decide DB DECISIONS FAILING", NULL);
    struct world world = {.failing = true};
    struct watch *watch = open_watch(argv[1], &world);
    size_t decisions = (size_t)atoi(argv[2]);
    double *taken_ms = calloc(decisions, sizeof *taken_ms);
    for (int i = 0; i < atoi(argv[3]); i++)
        decide(watch);
    world.failing = false;
    for (size_t i = 0; i < decisions; i++) {
        double start_ms = bench_cpu_ms();
        decide(watch);
        taken_ms[i] = bench_cpu_ms() - start_ms;
    }
    double slowest_ms = bench_quantile(taken_ms, decisions, 1);
    printf("%.3f %.3f %.3f\n", bench_median(taken_ms, decisions),
           bench_quantile(taken_ms, decisions, 0.99), slowest_ms);
    return 0;
}
