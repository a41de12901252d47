#include "core/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/query.h"
#include "io/json.h"
#include "io/zip.h"
#include "samples.h"

enum { CAP = 64 << 20 };

#define NOON INT64_C(1770638400000) /* 2026-02-09T12:00:00Z */

/* Each test has a folder with a store and a file of its own. */
struct fixture {
    char folder[32];
    char path[64], db[64];
    struct store *store;
    struct buf text;
    struct import_options options;
    struct import_report report;
    struct err err;
    char shown[2000]; /* "vividseats:77@<ms> ok\n" for each visit */
};

static int open_fixture(void **state)
{
    struct fixture *f = mem_alloc(1, sizeof *f);
    snprintf(f->folder, sizeof f->folder, "%s", "/tmp/tws-import-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->path, sizeof f->path, "%s/answer", f->folder);
    snprintf(f->db, sizeof f->db, "%s/tws.db", f->folder);
    f->store = store_open(f->db, &f->err);
    buf_init(&f->text, CAP);
    *state = f;
    return f->store ? 0 : -1;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    char path[100];
    store_close(f->store);
    buf_release(&f->text);
    static const char *const names[] = {"answer", "tws.db", "tws.db-wal", "tws.db-shm",
                                        "tws.db.lock"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", f->folder, names[i]);
        unlink(path);
    }
    int result = rmdir(f->folder);
    mem_free(f);
    return result;
}

static void note(void *context, const char *event, int64_t at_ms, const char *outcome,
                 const struct err *err)
{
    struct fixture *f = context;
    size_t used = strlen(f->shown);
    snprintf(f->shown + used, sizeof f->shown - used, "%s@%lld %s%s\n", event,
             (long long)(at_ms - NOON), outcome, err ? " !" : "");
}

/* Adds a listings answer of an event with one listing at a price. */
static void put_answer(struct buf *out, const char *id, const char *price)
{
    buf_printf(out,
               "{\"global\":[{\"productionId\":\"%s\",\"productionName\":\"Band %s\",\"mapTitle\":"
               "\"Hall\",\"venueTimeZone\":\"US/Pacific\",\"listingCount\":\"1\"}],\"tickets\":[{"
               "\"i\":\"a\",\"l\":\"A\",\"q\":\"2\",\"m\":\"2\",\"p\":\"%s\"}],\"groups\":[],"
               "\"sections\":[],\"i18n\":{\"to\":\"USD\"}}",
               id, id, price);
}

static void put_entry(struct buf *out, const char *started, const char *query, const char *body)
{
    buf_printf(out,
               "{\"startedDateTime\":\"%s\",\"request\":{\"method\":\"GET\",\"url\":"
               "\"https://www.vividseats.com/hermes/api/v1/listings?%s\",\"headers\":[{\"name\":"
               "\"cookie\",\"value\":\"secret\"}]},\"response\":{\"status\":200,\"content\":{"
               "\"mimeType\":\"application/json\",\"text\":",
               started, query);
    json_put_string(out, body);
    buf_puts(out, "}}}");
}

static void write_bytes(struct fixture *f, const void *bytes, size_t length, int64_t at_ms)
{
    FILE *file = fopen(f->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    struct timespec times[2] = {{at_ms / 1000, at_ms % 1000 * 1000000},
                                {at_ms / 1000, at_ms % 1000 * 1000000}};
    assert_int_equal(utimensat(AT_FDCWD, f->path, times, 0), 0);
}

/* Imports the fixture's text as a file written at noon. */
static bool import(struct fixture *f)
{
    write_bytes(f, buf_text(&f->text), f->text.length, NOON);
    f->err = (struct err){0};
    f->shown[0] = '\0';
    return import_file(f->store, f->path, &f->options, note, f, &f->report, &f->err);
}

static void import_good(struct fixture *f)
{
    if (!import(f))
        fail_msg("%s", f->err.text);
}

static int64_t count_rows(struct fixture *f, const char *from)
{
    char text[200];
    AUTO_FRAME struct frame frame = {0};
    snprintf(text, sizeof text, "select count(*) from %s", from);
    if (!query_sql(f->store, text, &frame, &f->err))
        fail_msg("%s", f->err.text);
    return frame_at(&frame, 0, 0)->number;
}

static void a_listings_file_has_the_time_of_the_file(void **state)
{
    struct fixture *f = *state;
    put_answer(&f->text, "77", "50.00");
    import_good(f);
    assert_string_equal(f->shown, "vividseats:77@0 ok\n");
    assert_int_equal(f->report.documents, 1);
    assert_int_equal(f->report.stored, 1);
    assert_int_equal(f->report.listings, 1);
    assert_int_equal(count_rows(f, "snapshot"), 1);
}

static void the_time_that_was_asked_for_wins(void **state)
{
    struct fixture *f = *state;
    f->options = (struct import_options){true, NOON - 5};
    put_answer(&f->text, "77", "50.00");
    import_good(f);
    assert_string_equal(f->shown, "vividseats:77@-5 ok\n");
}

static void a_new_event_is_known_as_imported(void **state)
{
    struct fixture *f = *state;
    struct event event;
    put_answer(&f->text, "77", "50.00");
    import_good(f);
    assert_true(store_find_event(f->store, "vividseats", "77", &event, &f->err));
    assert_int_equal(event.state, EVENT_IMPORTED);
    assert_string_equal(event.name, "Band 77");
    assert_string_equal(event.venue, "Hall");
    assert_string_equal(event.timezone, "US/Pacific");
    assert_true(event.pending);
}

static void better_metadata_stays(void **state)
{
    struct fixture *f = *state;
    struct event event;
    event_init(&event, "vividseats", "77");
    snprintf(event.name, sizeof event.name, "%s", "Bruno Mars - The Romantic Tour");
    snprintf(event.timezone, sizeof event.timezone, "%s", "America/Los_Angeles");
    event.date_ms = NOON;
    assert_true(store_save_event(f->store, &event, &f->err));
    put_answer(&f->text, "77", "50.00");
    import_good(f);
    assert_true(store_find_event(f->store, "vividseats", "77", &event, &f->err));
    assert_int_equal(event.state, EVENT_TRACKED);
    assert_string_equal(event.name, "Bruno Mars - The Romantic Tour");
    assert_string_equal(event.timezone, "America/Los_Angeles");
    assert_string_equal(event.venue, "Hall"); /* was not known */
    assert_int_equal(event.date_ms, NOON);
    assert_false(event.pending);
}

static void the_same_file_twice_changes_nothing(void **state)
{
    struct fixture *f = *state;
    put_answer(&f->text, "77", "50.00");
    import_good(f);
    import_good(f);
    assert_string_equal(f->shown, "vividseats:77@0 duplicate\n");
    assert_int_equal(f->report.duplicates, 1);
    assert_int_equal(f->report.stored, 0);
    assert_int_equal(count_rows(f, "snapshot"), 1);
    assert_int_equal(count_rows(f, "version"), 1);
}

static void another_answer_at_the_same_time_is_a_conflict(void **state)
{
    struct fixture *f = *state;
    put_answer(&f->text, "77", "50.00");
    import_good(f);
    buf_reset(&f->text);
    put_answer(&f->text, "77", "60.00");
    assert_false(import(f));
    assert_int_equal(f->err.code, ERR_EVENT);
    assert_string_equal(f->shown, "vividseats:77@0 conflict !\n");
    assert_int_equal(count_rows(f, "version"), 1);
}

static void the_same_body_later_is_a_small_row(void **state)
{
    struct fixture *f = *state;
    put_answer(&f->text, "77", "50.00");
    import_good(f);
    f->options = (struct import_options){true, NOON + CLOCK_HOUR_MS};
    import_good(f);
    assert_int_equal(f->report.stored, 1);
    assert_int_equal(f->report.changed, 0);
    assert_int_equal(count_rows(f, "snapshot"), 2);
    assert_int_equal(count_rows(f, "version"), 1);
}

static void a_har_gives_every_answer_its_own_time(void **state)
{
    struct fixture *f = *state;
    AUTO_BUF struct buf first;
    AUTO_BUF struct buf second;
    buf_init(&first, CAP);
    buf_init(&second, CAP);
    put_answer(&first, "77", "50.00");
    put_answer(&second, "78", "60.00");
    buf_puts(&f->text, "{\n \"log\": {\"version\":\"1.2\",\"entries\":[");
    put_entry(&f->text, "2026-02-09T12:00:01Z", "productionId=77", buf_text(&first));
    buf_puts(&f->text, ",{\"request\":{\"method\":\"GET\",\"url\":\"https://www.vividseats.com/\"},"
                       "\"response\":{\"content\":{\"text\":\"<html>\"}}},");
    put_entry(&f->text, "2026-02-09T13:00:02.5+01:00", "productionId=78", buf_text(&second));
    buf_puts(&f->text, ",");
    put_entry(&f->text, "2026-02-09T12:00:03Z", "productionId=77&quantity=2", buf_text(&first));
    buf_puts(&f->text, "]}}");
    import_good(f);
    assert_string_equal(f->shown, "vividseats:77@1000 ok\nvividseats:78@2500 ok\n");
    assert_int_equal(f->report.documents, 2);
    assert_int_equal(count_rows(f, "snapshot"), 2);
}

static void a_har_holds_bodies_in_base64_too(void **state)
{
    struct fixture *f = *state;
    /* {"global":[{"productionId":"77","listingCount":"0"}],"tickets":[]} */
    buf_puts(
        &f->text,
        "{\"log\":{\"entries\":[{\"startedDateTime\":\"2026-02-09T12:00:00Z\",\"request\":{"
        "\"method\":\"GET\",\"url\":\"https://www.vividseats.com/hermes/api/v1/listings?"
        "productionId=77\"},\"response\":{\"status\":200,\"content\":{\"encoding\":\"base64\","
        "\"text\":\"eyJnbG9iYWwiOlt7InByb2R1Y3Rpb25JZCI6Ijc3IiwibGlzdGluZ0NvdW50IjoiMCJ9XSwidGl"
        "ja2V0cyI6W119\"}}}]}}");
    import_good(f);
    assert_string_equal(f->shown, "vividseats:77@0 empty\n");
}

static void a_bad_entry_is_named_and_the_good_ones_stay(void **state)
{
    struct fixture *f = *state;
    AUTO_BUF struct buf good;
    buf_init(&good, CAP);
    put_answer(&good, "77", "50.00");
    buf_puts(&f->text, "{\"log\":{\"entries\":[");
    put_entry(&f->text, "2026-02-09T12:00:01Z", "productionId=78", buf_text(&good));
    buf_puts(&f->text, ",");
    put_entry(&f->text, "yesterday", "productionId=77", buf_text(&good));
    buf_puts(&f->text, ",");
    put_entry(&f->text, "2026-02-09T12:00:02Z", "productionId=77", "<html>captcha</html>");
    buf_puts(&f->text, ",");
    put_entry(&f->text, "2026-02-09T12:00:03Z", "productionId=77", buf_text(&good));
    buf_puts(&f->text, "]}}");
    assert_false(import(f));
    assert_int_equal(f->err.code, ERR_EVENT);
    assert_non_null(strstr(f->err.text, "answer: entry 1: the answer is about production '77'"));
    assert_non_null(strstr(f->err.text, "(and 2 more)"));
    assert_string_equal(f->shown, "vividseats:78@1000 wrong_event !\n"
                                  "vividseats:77@0 bad_payload !\n"
                                  "vividseats:77@2000 blocked !\n"
                                  "vividseats:77@3000 ok\n");
    assert_int_equal(f->report.failed, 3);
    assert_int_equal(count_rows(f, "snapshot"), 1);
}

static void lines_are_read_one_by_one_and_a_bad_one_is_named(void **state)
{
    struct fixture *f = *state;
    put_answer(&f->text, "77", "50.00");
    buf_puts(&f->text, "\n{\"global\":[\n\n{\"other\":1}\n");
    put_answer(&f->text, "78", "60.00");
    buf_puts(&f->text, "\n");
    assert_false(import(f));
    assert_int_equal(f->err.code, ERR_EVENT);
    assert_non_null(strstr(f->err.text, "answer:2: byte 11"));
    assert_non_null(strstr(f->err.text, "(and 1 more)"));
    assert_int_equal(f->report.documents, 2);
    assert_int_equal(f->report.failed, 2);
    assert_int_equal(f->report.stored, 2);
    assert_int_equal(count_rows(f, "snapshot"), 2);
}

static void a_line_may_be_a_har(void **state)
{
    struct fixture *f = *state;
    AUTO_BUF struct buf answer;
    buf_init(&answer, CAP);
    put_answer(&answer, "77", "50.00");
    for (int i = 1; i <= 2; i++) {
        char started[40];
        snprintf(started, sizeof started, "2026-02-09T12:00:0%dZ", i);
        buf_puts(&f->text, "{\"log\":{\"entries\":[");
        put_entry(&f->text, started, "productionId=77", buf_text(&answer));
        buf_puts(&f->text, "]}}\n");
    }
    import_good(f);
    assert_string_equal(f->shown, "vividseats:77@1000 ok\nvividseats:77@2000 ok\n");
}

static void compressed_files_are_the_same_files(void **state)
{
    struct fixture *f = *state;
    AUTO_BUF struct buf packed;
    AUTO_BUF struct buf plain;
    buf_init(&packed, CAP);
    buf_init(&plain, CAP);
    put_answer(&plain, "77", "50.00");
    buf_add(&f->text, plain.data, plain.length);
    import_good(f);
    bool (*const pack[])(const void *, size_t, int, struct buf *) = {zip_pack_gzip, zip_pack_zstd};
    for (size_t i = 0; i < 2; i++) {
        buf_reset(&packed);
        assert_true(pack[i](plain.data, plain.length, 3, &packed));
        buf_reset(&f->text);
        buf_add(&f->text, packed.data, packed.length);
        import_good(f);
        assert_string_equal(f->shown, "vividseats:77@0 duplicate\n");
    }
}

static void a_byte_order_mark_is_passed_over(void **state)
{
    struct fixture *f = *state;
    buf_puts(&f->text, "\xef\xbb\xbf");
    put_answer(&f->text, "77", "50.00");
    import_good(f);
}

static void what_holds_no_answer_is_refused(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {"",
                                        "\n\n",
                                        "null",
                                        "[]",
                                        "{}",
                                        "hello",
                                        "<html>verify you are human</html>",
                                        "{\"log\":{\"entries\":[]}}",
                                        "{\"global\":[",
                                        "\xff\xfe{",
                                        "{\"items\":[]}"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        buf_reset(&f->text);
        buf_puts(&f->text, texts[i]);
        if (import(f))
            fail_msg("'%s'", texts[i]);
        assert_int_equal(f->err.code, ERR_USAGE);
        assert_non_null(strstr(f->err.text, f->path));
    }
    assert_int_equal(count_rows(f, "event"), 0);
}

static void a_bad_listings_file_stores_nothing(void **state)
{
    struct fixture *f = *state;
    static const char *const texts[] = {
        "{\"global\":[]}",
        "{\"tickets\":[]}",
        "{\"global\":[{\"productionId\":\"77\",\"listingCount\":\"5\"}],\"tickets\":[]}",
        "{\"global\":[{\"productionId\":\"77\"}],\"tickets\":[{\"i\":\"a\"}]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        buf_reset(&f->text);
        buf_puts(&f->text, texts[i]);
        assert_false(import(f));
        assert_int_equal(f->err.code, ERR_EVENT);
        assert_string_equal(f->shown, "@0 bad_payload !\n");
    }
    assert_int_equal(count_rows(f, "event"), 0);
}

static void a_missing_file_is_not_found(void **state)
{
    struct fixture *f = *state;
    assert_false(
        import_file(f->store, "/nonexistent/x.har", &f->options, note, f, &f->report, &f->err));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    assert_string_equal(f->err.text, "/nonexistent/x.har: No such file or directory");
}

static void stdin_has_the_time_of_now(void **state)
{
    struct fixture *f = *state;
    int ends[2], saved = dup(STDIN_FILENO);
    put_answer(&f->text, "77", "50.00");
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], f->text.data, f->text.length), f->text.length);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    clock_fix(NOON + 7);
    bool done = import_file(f->store, "-", &f->options, note, f, &f->report, &f->err);
    dup2(saved, STDIN_FILENO);
    close(saved);
    assert_true(done);
    assert_string_equal(f->shown, "vividseats:77@7 ok\n");
}

static void any_order_of_files_gives_the_same_listings(void **state)
{
    struct fixture *f = *state;
    static const int64_t orders[][3] = {{2, 0, 1}, {1, 2, 0}};
    static const char *const prices[] = {"50.00", "60.00", "50.00"};
    static const char *const ids[] = {"77", "78"};
    for (size_t o = 0; o < 2; o++) {
        for (size_t i = 0; i < 3; i++) {
            f->options = (struct import_options){true, NOON + orders[o][i] * CLOCK_MINUTE_MS};
            buf_reset(&f->text);
            put_answer(&f->text, ids[o], prices[orders[o][i]]);
            import_good(f);
        }
    }
    assert_int_equal(count_rows(f, "version where event_id = 1"), 3);
    assert_int_equal(count_rows(f,
                                "(select span, from_ms, lasted_ms, price_minor from version where "
                                "event_id = 1 intersect select span, from_ms, lasted_ms, "
                                "price_minor from version where event_id = 2)"),
                     3);
}

static void the_real_answer_is_imported_whole(void **state)
{
    struct fixture *f = *state;
    buf_release(&f->text);
    if (!sample_read("vividseats/listings-6501519.json", &f->text))
        skip();
    import_good(f);
    assert_string_equal(f->shown, "vividseats:6501519@0 ok\n");
    assert_int_equal(f->report.listings, 1046);
    assert_int_equal(f->report.rejected, 0);
    import_good(f);
    assert_int_equal(f->report.duplicates, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        TEST(a_listings_file_has_the_time_of_the_file),
        TEST(the_time_that_was_asked_for_wins),
        TEST(a_new_event_is_known_as_imported),
        TEST(better_metadata_stays),
        TEST(the_same_file_twice_changes_nothing),
        TEST(another_answer_at_the_same_time_is_a_conflict),
        TEST(the_same_body_later_is_a_small_row),
        TEST(a_har_gives_every_answer_its_own_time),
        TEST(a_har_holds_bodies_in_base64_too),
        TEST(a_bad_entry_is_named_and_the_good_ones_stay),
        TEST(lines_are_read_one_by_one_and_a_bad_one_is_named),
        TEST(a_line_may_be_a_har),
        TEST(compressed_files_are_the_same_files),
        TEST(a_byte_order_mark_is_passed_over),
        TEST(what_holds_no_answer_is_refused),
        TEST(a_bad_listings_file_stores_nothing),
        TEST(a_missing_file_is_not_found),
        TEST(stdin_has_the_time_of_now),
        TEST(any_order_of_files_gives_the_same_listings),
        TEST(the_real_answer_is_imported_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
