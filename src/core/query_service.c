#include "core/query_service.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/outcome.h"
#include "core/plan.h"
#include "core/query.h"
#include "io/db.h"

/* An event with what was decided about it. */
struct decision {
    struct schedule_facts facts;
    struct schedule_verdict verdict;
};

static struct frame_cell known(int64_t number, bool is_known)
{
    return is_known ? frame_number(number) : frame_null();
}

static int by_due(const void *a, const void *b)
{
    const struct decision *left = a, *right = b;
    bool gone_left = schedule_is_retired(left->verdict.reason);
    bool gone_right = schedule_is_retired(right->verdict.reason);
    if (gone_left != gone_right)
        return gone_left - gone_right;
    int64_t apart = left->verdict.wait_ms - right->verdict.wait_ms;
    if (apart == 0)
        apart = left->facts.event_id - right->facts.event_id;
    return (apart > 0) - (apart < 0);
}

/* Decides about all events, first as if there were no rate, to see how much they ask of it. */
static void decide(const struct schedule_settings *settings, int64_t rate, int64_t now_ms,
                   struct decision *decisions, size_t count)
{
    double demand = 0, stretch = 1;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < count; i++) {
            const struct schedule_facts *facts = &decisions[i].facts;
            int64_t age_ms = now_ms > facts->polled_ms ? now_ms - facts->polled_ms : 0;
            struct schedule_verdict *verdict = &decisions[i].verdict;
            *verdict = schedule_decide(settings, facts, now_ms, age_ms, stretch);
            if (pass == 0 && verdict->interval_ms > 0)
                demand += (double)CLOCK_MINUTE_MS / (double)verdict->interval_ms;
        }
        stretch = schedule_stretch(demand, rate);
    }
}

static bool add_decision(struct store *store, const struct decision *decision, int64_t now_ms,
                         struct frame *frame, struct err *err)
{
    struct event event;
    char name[EVENT_NAME_MAX + 8];
    const struct schedule_facts *facts = &decision->facts;
    const struct schedule_verdict *verdict = &decision->verdict;
    bool retired = schedule_is_retired(verdict->reason);
    if (!store_event_at(store, facts->event_id, &event, err))
        return false;
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_text(frame, event_name(name, &event));
    cells[1] = frame_text(frame, event.name[0] ? event.name : NULL);
    cells[2] = known(now_ms + verdict->wait_ms, !retired);
    cells[3] = known(verdict->interval_ms / CLOCK_SECOND_MS, !retired);
    cells[4] = frame_text(frame, schedule_reason_word(verdict->reason));
    cells[5] = frame_text(frame, schedule_reason_sentence(verdict->reason));
    cells[6] = known(facts->every_ms / CLOCK_SECOND_MS, facts->every_ms > 0);
    cells[7] = frame_text(frame, schedule_priority_word(facts->priority));
    cells[8] = known(facts->polled_ms, facts->polled_ms >= 0);
    return true;
}

bool query_service_schedule(struct store *store, const struct schedule_settings *settings,
                            int64_t rate, struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"event", FRAME_TEXT},
        {"name", FRAME_TEXT},
        {"due", FRAME_TIME},
        {"interval_s", FRAME_INT},
        {"why", FRAME_TEXT},
        {"reason", FRAME_TEXT, .detail = true},
        {"every_s", FRAME_INT, .detail = true},
        {"priority", FRAME_TEXT},
        {"last_poll", FRAME_TIME, .detail = true},
    };
    AUTO_FREE struct schedule_facts *facts = NULL;
    size_t count;
    int64_t now_ms = clock_now_ms();
    *frame = (struct frame){0};
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    if (!plan_all_facts(store, &facts, &count, err))
        return false;
    AUTO_FREE struct decision *decisions = mem_alloc(count + 1, sizeof *decisions);
    for (size_t i = 0; i < count; i++)
        decisions[i].facts = facts[i];
    decide(settings, rate, now_ms, decisions, count);
    qsort(decisions, count, sizeof *decisions, by_due);
    for (size_t i = 0; i < count; i++)
        if (!add_decision(store, &decisions[i], now_ms, frame, err))
            return false;
    return true;
}

static void add_job(const struct stmt *stmt, struct frame *frame)
{
    struct frame_cell *cells = frame_add_row(frame);
    const char *name = stmt_string(stmt, 2);
    cells[0] = frame_number(stmt_int(stmt, 0));
    cells[1] = frame_text(frame, stmt_string(stmt, 1));
    cells[2] = frame_text(frame, name[0] ? name : NULL);
    cells[3] = frame_text(frame, stmt_string(stmt, 3));
    for (int column = 4; column <= 7; column++)
        cells[column] = known(stmt_int(stmt, column), !stmt_is_null(stmt, column));
    if (!stmt_is_null(stmt, 8))
        cells[8] = frame_text(frame, outcome_word((enum outcome)stmt_int(stmt, 8)));
    const char *reason = stmt_string(stmt, 9);
    cells[9] = frame_text(frame, reason[0] ? reason : NULL);
}

bool query_service_jobs(struct store *store, bool dead, int64_t since_ms, size_t most,
                        struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"job", FRAME_INT},
        {"event", FRAME_TEXT},
        {"name", FRAME_TEXT, .detail = true},
        {"state", FRAME_TEXT},
        {"attempt", FRAME_INT},
        {"timestamp", FRAME_TIME},
        {"took_ms", FRAME_INT},
        {"bytes", FRAME_INT},
        {"outcome", FRAME_TEXT},
        {"reason", FRAME_TEXT},
        {"holder", FRAME_TEXT, .detail = true},
    };
    AUTO_STMT struct stmt stmt = {0};
    enum step step;
    *frame = (struct frame){0};
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    if (!db_prepare(store_db(store), SQL_JOB_LIST, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":dead", dead);
    stmt_bind_int(&stmt, ":since", since_ms);
    stmt_bind_int(&stmt, ":most", (int64_t)most);
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        add_job(&stmt, frame);
    return step == STEP_DONE;
}

static bool add_rule(struct store *store, const struct ruleset_entry *entry, struct frame *frame,
                     struct err *err)
{
    int64_t holding, judged, last_ms;
    if (!query_alert_standing(store, entry->name, &holding, &judged, &last_ms, err))
        return false;
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_text(frame, entry->name);
    cells[1] = frame_text(frame, entry->text);
    cells[2] = frame_text(frame, entry->line ? arena_printf(&frame->arena, "line %d", entry->line)
                                             : "store");
    cells[3] = frame_number(holding);
    cells[4] = frame_number(judged);
    cells[5] = known(last_ms, last_ms >= 0);
    cells[6] = frame_text(frame, entry->broken ? entry->err.text : NULL);
    return true;
}

bool query_service_rules(struct store *store, const struct ruleset *rules, struct frame *frame,
                         struct err *err)
{
    static const struct frame_column columns[] = {
        {"name", FRAME_TEXT},    {"rule", FRAME_TEXT},  {"origin", FRAME_TEXT},
        {"holds", FRAME_INT},    {"judged", FRAME_INT}, {"last_fired", FRAME_TIME},
        {"problem", FRAME_TEXT},
    };
    *frame = (struct frame){0};
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < rules->count; i++)
        if (!add_rule(store, &rules->entries[i], frame, err))
            return false;
    return true;
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

bool query_service_add_shared(struct team *team, bool dead, int64_t since_ms, size_t most,
                              struct frame *frame, struct err *err)
{
    AUTO_PG_ROWS struct pg_rows rows = {0};
    char since[24], limit[24];
    snprintf(since, sizeof since, "%lld", (long long)since_ms);
    snprintf(limit, sizeof limit, "%zu", most);
    const char *const values[] = {team->tenant, dead ? "true" : "false", since, limit};
    if (!pg_run(team->pg, SQL_TEAM_QUEUE_JOBS, values, 4, &rows, err))
        return false;
    for (int row = 0; row < pg_rows_count(&rows); row++) {
        struct frame_cell *cells = frame_add_row(frame);
        const char *name = or_empty(pg_rows_text(&rows, row, 2));
        cells[0] = frame_number(pg_rows_int(&rows, row, 0));
        cells[1] = frame_text(frame, pg_rows_text(&rows, row, 1));
        cells[2] = frame_text(frame, *name ? name : NULL);
        cells[3] = frame_text(frame, pg_rows_text(&rows, row, 3));
        cells[4] = frame_number(pg_rows_int(&rows, row, 4));
        cells[5] = frame_number(pg_rows_int(&rows, row, 5));
        cells[8] = frame_text(frame, pg_rows_text(&rows, row, 6));
        cells[9] = frame_text(frame, pg_rows_text(&rows, row, 7));
        cells[10] = frame_text(frame, pg_rows_text(&rows, row, 8));
    }
    return true;
}
