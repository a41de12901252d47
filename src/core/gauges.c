#include "core/gauges.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/outcome.h"

enum { PATH_BYTES = 4096 };

enum kind { COUNTER, GAUGE, HISTOGRAM, INFO };

struct page {
    struct buf *out;
    enum gauges_format format;
};

/* The lines before a metric's samples. Counters are called without "_total" in OpenMetrics, with it in the older format,
   which knows no info. */
static void begin(const struct page *page, const char *name, enum kind kind, const char *help)
{
    static const char *const words[] = {"counter", "gauge", "histogram", "info"};
    bool old = page->format == GAUGES_TEXT;
    const char *suffix = old && kind == COUNTER ? "_total" : old && kind == INFO ? "_info" : "";
    buf_printf(page->out, "# HELP %s%s %s\n# TYPE %s%s %s\n", name, suffix, help, name, suffix,
               words[old && kind == INFO ? GAUGE : kind]);
}

static void put(const struct page *page, const char *name, enum kind kind, const char *help,
                double value)
{
    begin(page, name, kind, help);
    buf_printf(page->out, "%s%s %.15g\n", name, kind == COUNTER ? "_total" : "", value);
}

/* Seconds with three decimals of a time in milliseconds. */
static double seconds(int64_t span_ms)
{
    return (double)span_ms / 1000;
}

static void put_polls(const struct page *page, const struct watch_tally *tally)
{
    begin(page, "tws_polls", COUNTER, "Polls by how they ended.");
    for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        buf_printf(page->out, "tws_polls_total{outcome=\"%s\"} %lld\n", outcome_word(outcome),
                   (long long)tally->by_outcome[outcome]);
    put(page, "tws_polls_not_asked", COUNTER, "Polls put off because their host rests.",
        (double)tally->resting);
    put(page, "tws_polls_retried", COUNTER, "Polls that failed and are attempted again.",
        (double)tally->retried);
    put(page, "tws_jobs_died", COUNTER, "Jobs that became dead letters.", (double)tally->died);
    put(page, "tws_metadata_requests", COUNTER, "Questions about names, places and dates.",
        (double)tally->questions);
    put(page, "tws_metadata_events", COUNTER, "Events that were told of in answer to them.",
        (double)tally->described);
    put(page, "tws_received_bytes", COUNTER, "Body bytes received, as they came.",
        (double)tally->bytes);
    put(page, "tws_listings_read", COUNTER, "Listings read.", (double)tally->listings);
    put(page, "tws_listings_changed", COUNTER, "Listings that were new, gone or changed.",
        (double)tally->changed);
}

static void put_took(const struct page *page, const struct watch_tally *tally)
{
    int64_t count = 0;
    begin(page, "tws_poll_duration_seconds", HISTOGRAM, "How long polls took, with their retries.");
    for (size_t i = 0; i <= WATCH_TOOK_BUCKETS; i++) {
        char bound[32] = "+Inf";
        count += tally->took[i];
        if (i < WATCH_TOOK_BUCKETS)
            snprintf(bound, sizeof bound, "%.15g", seconds(watch_took_bound(i)));
        buf_printf(page->out, "tws_poll_duration_seconds_bucket{le=\"%s\"} %lld\n", bound,
                   (long long)count);
    }
    buf_printf(page->out, "tws_poll_duration_seconds_sum %.15g\n", seconds(tally->took_ms));
    buf_printf(page->out, "tws_poll_duration_seconds_count %lld\n", (long long)count);
}

static void put_state(const struct page *page, const struct gauges *gauges)
{
    const struct watch_state *state = &gauges->state;
    put(page, "tws_events_tracked", GAUGE, "Events that are tracked.", (double)state->events);
    put(page, "tws_events_retired", GAUGE, "Tracked events that are not polled any more.",
        (double)state->retired);
    begin(page, "tws_jobs", GAUGE, "Jobs by state.");
    buf_printf(page->out, "tws_jobs{state=\"waiting\"} %lld\n",
               (long long)gauges->vitals.jobs.waiting);
    buf_printf(page->out, "tws_jobs{state=\"running\"} %zu\n", state->running);
    buf_printf(page->out, "tws_jobs{state=\"dead\"} %lld\n", (long long)gauges->vitals.jobs.dead);
    put(page, "tws_interval_stretch_ratio", GAUGE,
        "How many times longer intervals are than wanted, for want of rate.", state->stretch);
    put(page, "tws_host_requests_per_minute_limit", GAUGE,
        "Requests a minute that refusals have left of the rate; 0 is no limit.",
        (double)gauges->host.allowed);
    put(page, "tws_host_rest_seconds", GAUGE, "How long the host is not to be asked.",
        seconds(gauges->host.held_ms));
}

/* How the store does: its size, and what is behind. */
static void put_store(const struct page *page, const struct vitals *vitals)
{
    put(page, "tws_store_size_bytes", GAUGE, "Size of the store.", (double)vitals->bytes);
    if (vitals->growth_days > 0)
        put(page, "tws_store_daily_growth_bytes", GAUGE,
            "Growth of the store a day, over the last month.", (double)vitals->growth_bytes);
    put(page, "tws_rollup_lag_seconds", GAUGE, "How far the hours are behind the polls.",
        seconds(vitals->rollup_lag_ms));
    if (vitals->sync_lag_ms >= 0)
        put(page, "tws_sync_lag_seconds", GAUGE,
            "Age of the oldest change that the team's database has not confirmed.",
            seconds(vitals->sync_lag_ms));
}

static void put_freshness(const struct page *page, const struct frame *fresh)
{
    begin(page, "tws_event_last_good_timestamp_seconds", GAUGE,
          "When an event was last polled well; 0 is never.");
    for (size_t row = 0; row < fresh->row_count; row++) {
        const struct frame_cell *good = frame_at(fresh, row, 1);
        buf_printf(page->out, "tws_event_last_good_timestamp_seconds{event=\"%s\"} %.3f\n",
                   frame_at(fresh, row, 0)->text, good->known ? seconds(good->number) : 0.0);
    }
    begin(page, "tws_event_failed_polls", GAUGE, "Polls of an event that failed since then.");
    for (size_t row = 0; row < fresh->row_count; row++)
        buf_printf(page->out, "tws_event_failed_polls{event=\"%s\"} %lld\n",
                   frame_at(fresh, row, 0)->text, (long long)frame_at(fresh, row, 2)->number);
}

static void put_chores(const struct page *page, const struct vitals *vitals)
{
    begin(page, "tws_chore_last_run_timestamp_seconds", GAUGE, "When a chore was last run.");
    for (size_t i = 0; i < vitals->chore_count; i++)
        buf_printf(page->out, "tws_chore_last_run_timestamp_seconds{chore=\"%s\"} %.3f\n",
                   vitals->chores[i].name, seconds(vitals->chores[i].run_ms));
    begin(page, "tws_chore_success", GAUGE, "Whether a chore's last run went well.");
    for (size_t i = 0; i < vitals->chore_count; i++)
        buf_printf(page->out, "tws_chore_success{chore=\"%s\"} %d\n", vitals->chores[i].name,
                   vitals->chores[i].good);
}

void gauges_put(const struct gauges *gauges, enum gauges_format format, struct buf *out)
{
    const struct page page = {out, format};
    begin(&page, "tws_build", INFO, "What is running.");
    buf_printf(out, "tws_build_info{version=\"%s\"} 1\n", TWS_VERSION);
    put(&page, "tws_start_timestamp_seconds", GAUGE, "When the service began.",
        seconds(gauges->started_ms));
    put_polls(&page, &gauges->tally);
    put_took(&page, &gauges->tally);
    put_state(&page, gauges);
    put_store(&page, &gauges->vitals);
    put_freshness(&page, &gauges->freshness);
    put_chores(&page, &gauges->vitals);
    if (format == GAUGES_OPENMETRICS)
        buf_puts(out, "# EOF\n");
}

const char *gauges_media_type(enum gauges_format format)
{
    static const char *const types[] = {
        [GAUGES_OPENMETRICS] = "application/openmetrics-text; version=1.0.0; charset=utf-8",
        [GAUGES_TEXT] = "text/plain; version=0.0.4; charset=utf-8",
    };
    return types[format];
}

bool gauges_write(const char *path, const struct buf *page, struct err *err)
{
    char beside[PATH_BYTES];
    snprintf(beside, sizeof beside, "%s.%ld.new", path, (long)getpid());
    FILE *file = fopen(beside, "we");
    bool written = file != NULL && fwrite(buf_text(page), 1, page->length, file) == page->length;
    if (file != NULL && fclose(file) != 0)
        written = false;
    if (written && rename(beside, path) == 0)
        return true;
    err_set(err, ERR_FAILURE, "metrics file '%s': %s", path, strerror(errno));
    unlink(beside);
    return false;
}
