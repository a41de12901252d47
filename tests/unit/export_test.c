#include "core/export.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "bazaar.h"
#include "stall.h"

enum { FIELDS_MAX = 100 };

static struct store *store;
static struct event event;

/* One event with random polls, beside it another of which nothing may show. */
static int begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    store = scratch_open(scratch_path);
    struct event other;
    event_init(&other, "vividseats", "2");
    struct err err = {0};
    scratch_ok(store_save_event(store, &other, &err), &err);
    stall_poll(store, other.id, 5,
               (struct stall_item[]){{"SECRET", "Other", "900", 2, 1}, STALL_NO_LISTING});
    event = scratch_event(store);
    struct bazaar bazaar;
    struct bazaar_habits habits = {3, 60, 1769904000000, 50 * CLOCK_MINUTE_MS, 20};
    bazaar_init(&bazaar, &habits);
    for (size_t i = 0; i < bazaar.count; i++)
        bazaar_feed(store, event.id, &bazaar.polls[i]);
    bazaar_release(&bazaar);
    return 0;
}

static int end(void **state)
{
    store_close(store);
    return scratch_remove(state);
}

static bool take(void *context, const char *bytes, size_t length)
{
    return buf_add(context, bytes, length);
}

static void export_to(struct buf *out, enum export_format format)
{
    struct err err = {0};
    buf_init(out, 64 << 20);
    scratch_ok(export_event(store, &event, format, take, out, &err), &err);
}

/* Reads one record of RFC 4180 into `cells`, in place; returns what comes after it. */
static char *read_record(char *at, char **cells, size_t *count)
{
    for (*count = 0;;) {
        char *to = at;
        bool quoted = *at == '"';
        at += quoted;
        cells[(*count)++] = to;
        while (quoted ? at[0] != '"' || at[1] == '"' : !strchr(",\n", *at)) {
            at += quoted && *at == '"';
            *to++ = *at++;
        }
        at += quoted;
        char end = *at++;
        *to = '\0';
        assert_true(end == ',' || end == '\n');
        if (end == '\n')
            return at;
    }
}

static const char *json_field(sqlite3 *sqlite, const char *line, size_t length, const char *name)
{
    static char value[1000];
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_prepare_v2(sqlite, "SELECT ?1 -> ?2, ?1 ->> ?2", -1, &stmt, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(stmt, 1, line, (int)length, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, name, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const char *raw = (const char *)sqlite3_column_text(stmt, 0);
    const char *text = (const char *)sqlite3_column_text(stmt, 1);
    bool bare = raw && raw[0] != '"'; /* as it is written: 1.50 stays 1.50 */
    snprintf(value, sizeof value, "%s", bare && text ? raw : text ? text : "");
    sqlite3_finalize(stmt);
    return value;
}

/* Two writers, one content: each line of NDJSON, as SQLite reads it, is the record of the CSV. */
static void csv_and_ndjson_say_the_same(void **state)
{
    (void)state;
    AUTO_BUF struct buf csv, json;
    export_to(&csv, EXPORT_CSV);
    export_to(&json, EXPORT_NDJSON);
    sqlite3 *sqlite;
    assert_int_equal(sqlite3_open(":memory:", &sqlite), SQLITE_OK);
    char *names[FIELDS_MAX], *cells[FIELDS_MAX];
    size_t width, count, lines = 0;
    char *record = read_record(csv.data, names, &width);
    for (const char *line = buf_text(&json); *line; line += strcspn(line, "\n") + 1) {
        record = read_record(record, cells, &count);
        assert_int_equal(count, width);
        size_t length = strcspn(line, "\n");
        for (size_t i = 0; i < width; i += 1 + lines % 3) /* one in three whole: it takes long */
            assert_string_equal(json_field(sqlite, line, length, names[i]), cells[i]);
        lines++;
    }
    assert_string_equal(record, "");
    assert_true(lines > 300);
    sqlite3_close(sqlite);
}

/* Lines of a kind, counted by SQLite. */
static int64_t lines_of(const struct buf *json, const char *where)
{
    sqlite3 *sqlite;
    sqlite3_stmt *stmt;
    char sql[600];
    assert_int_equal(sqlite3_open(":memory:", &sqlite), SQLITE_OK);
    snprintf(
        sql, sizeof sql,
        "SELECT count(*) FROM json_each('[' || replace(rtrim(?1, char(10)), char(10), ',') || ']') "
        "WHERE %s",
        where);
    assert_int_equal(sqlite3_prepare_v2(sqlite, sql, -1, &stmt, NULL), SQLITE_OK);
    sqlite3_bind_text(stmt, 1, json->data, (int)json->length, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t count = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(sqlite);
    return count;
}

static void everything_of_the_event_is_there_and_nothing_else(void **state)
{
    (void)state;
    AUTO_BUF struct buf json;
    export_to(&json, EXPORT_NDJSON);
    assert_int_equal(lines_of(&json, "value ->> 'kind' = 'event'"), 1);
    assert_int_equal(lines_of(&json, "value ->> 'event' <> 'vividseats:1'"), 0);
    assert_int_equal(lines_of(&json, "value ->> 'kind' = 'snapshot'"), 60);
    assert_int_equal(lines_of(&json, "value ->> 'kind' = 'version'"),
                     scratch_number(store, "SELECT count(*) FROM version WHERE event_id = 2"));
    assert_int_equal(lines_of(&json,
                              "value ->> 'kind' = 'rollup' AND value ->> 'granularity' = 'hour' "
                              "AND value ->> 'zone' = '*'"),
                     scratch_number(store, "SELECT count(DISTINCT at_ms / 3600000) FROM snapshot "
                                           "WHERE event_id = 2 AND outcome <= 1"));
    assert_null(strstr(buf_text(&json), "SECRET"));
}

static void prices_are_decimals_and_times_rfc_3339(void **state)
{
    (void)state;
    AUTO_BUF struct buf json;
    export_to(&json, EXPORT_NDJSON);
    assert_int_equal(lines_of(&json,
                              "value ->> 'kind' = 'version' AND "
                              "(CAST(round((value ->> 'price') * 100) AS INTEGER) % 25 <> 0 OR "
                              " value ->> 'price' NOT BETWEEN 10 AND 100)"),
                     0);
    assert_int_equal(lines_of(&json, "value ->> 'kind' = 'snapshot' AND "
                                     "strftime('%Y', value ->> 'timestamp') <> '2026'"),
                     0);
}

/* Takes so many times, then no more. */
static bool take_some(void *context, const char *bytes, size_t length)
{
    (void)bytes, (void)length;
    return --*(int *)context > 0;
}

static void a_sink_that_is_full_stops_the_export(void **state)
{
    (void)state;
    for (int patience = 1; patience < 200; patience += 33) {
        struct err err = {0};
        int left = patience;
        assert_false(export_event(store, &event, EXPORT_NDJSON, take_some, &left, &err));
        assert_int_equal(err.code, ERR_FAILURE);
        assert_int_equal(left, 0);
    }
    AUTO_BUF struct buf json;
    export_to(&json, EXPORT_NDJSON); /* nothing is left open */
}

static void an_event_without_polls_is_one_line(void **state)
{
    (void)state;
    struct err err = {0};
    struct event bare;
    event_init(&bare, "vividseats", "3");
    scratch_ok(store_save_event(store, &bare, &err), &err);
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 20);
    scratch_ok(export_event(store, &bare, EXPORT_NDJSON, take, &out, &err), &err);
    assert_non_null(
        strstr(buf_text(&out), "\"kind\":\"event\",\"event\":\"vividseats:3\",\"name\":null"));
    assert_int_equal(strcspn(buf_text(&out), "\n") + 1, out.length);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_and_ndjson_say_the_same),
        cmocka_unit_test(everything_of_the_event_is_there_and_nothing_else),
        cmocka_unit_test(prices_are_decimals_and_times_rfc_3339),
        cmocka_unit_test(a_sink_that_is_full_stops_the_export),
        cmocka_unit_test(an_event_without_polls_is_one_line),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
