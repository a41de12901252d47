#include "core/simstats.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/simulator.h"

void simstats_init(struct simstats *stats, int event_count)
{
    *stats = (struct simstats){
        .event_count = event_count,
        .events = mem_alloc((size_t)event_count, sizeof *stats->events),
    };
}

void simstats_reset(struct simstats *stats)
{
    int event_count = stats->event_count;
    simstats_release(stats);
    simstats_init(stats, event_count);
}

void simstats_release(struct simstats *stats)
{
    mem_free(stats->events);
    *stats = (struct simstats){0};
}

void simstats_arrive(struct simstats *stats)
{
    stats->requests++;
    stats->arrivals_ms[stats->arrival_count++ % SIMSTATS_ARRIVALS] = clock_monotonic_ms();
}

static void put_faults(const struct simstats *stats, struct buf *out)
{
    const char *comma = "";
    for (int i = 0; i < SIMFAULT_COUNT; i++) {
        if (stats->faults[i] == 0)
            continue;
        buf_printf(out, "%s\"%s\":%" PRId64, comma, simfault_word((enum simfault_kind)i),
                   stats->faults[i]);
        comma = ",";
    }
}

static void put_events(const struct simstats *stats, struct buf *out)
{
    const char *comma = "";
    for (int i = 0; i < stats->event_count; i++) {
        if (stats->events[i] == 0)
            continue;
        buf_printf(out, "%s\"%d\":%" PRId64, comma, SIMULATOR_FIRST_ID + i, stats->events[i]);
        comma = ",";
    }
}

static void put_arrivals(const struct simstats *stats, struct buf *out)
{
    size_t count =
        stats->arrival_count < SIMSTATS_ARRIVALS ? stats->arrival_count : SIMSTATS_ARRIVALS;
    for (size_t i = 0; i < count; i++) {
        size_t nth = (stats->arrival_count - count + i) % SIMSTATS_ARRIVALS;
        buf_printf(out, "%s%" PRId64, i > 0 ? "," : "", stats->arrivals_ms[nth]);
    }
}

void simstats_put(const struct simstats *stats, struct buf *out)
{
    const struct {
        const char *name;
        int64_t number;
    } counters[] = {
        {"requests", stats->requests},       {"listings", stats->listings},
        {"productions", stats->productions}, {"packed", stats->packed},
        {"unpinned", stats->unpinned},       {"filtered", stats->filtered},
        {"refused", stats->refused},
    };
    buf_putc(out, '{');
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
        buf_printf(out, "\"%s\":%" PRId64 ",", counters[i].name, counters[i].number);
    buf_puts(out, "\"faults\":{");
    put_faults(stats, out);
    buf_puts(out, "},\"events\":{");
    put_events(stats, out);
    buf_puts(out, "},\"arrivals_ms\":[");
    put_arrivals(stats, out);
    buf_puts(out, "]}");
}
