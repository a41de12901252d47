#include "core/har.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void parse(struct json_doc *doc, const char *text)
{
    struct err err = {0};
    if (!json_parse(doc, text, strlen(text), &err))
        fail_msg("%s", err.text);
}

static void only_a_log_with_entries_is_a_har(void **state)
{
    (void)state;
    static const char *const others[] = {"{}", "[]", "{\"log\":[]}", "{\"log\":{\"entries\":{}}}",
                                         "{\"entries\":[]}"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        AUTO_JSON struct json_doc doc = {0};
        parse(&doc, others[i]);
        assert_null(har_entries(doc.root));
    }
    AUTO_JSON struct json_doc doc = {0};
    parse(&doc, "{\"log\":{\"version\":\"1.2\",\"entries\":[]}}");
    assert_non_null(har_entries(doc.root));
}

static void an_entry_is_read(void **state)
{
    (void)state;
    AUTO_JSON struct json_doc doc = {0};
    AUTO_BUF struct buf body;
    struct har_entry entry;
    struct err err = {0};
    parse(&doc,
          "{\"startedDateTime\":\"2026-02-09T18:00:00.123+01:00\",\"request\":{\"method\":"
          "\"GET\",\"url\":\"https://h/x\",\"cookies\":[{\"name\":\"secret\"}]},\"response\":"
          "{\"status\":203,\"content\":{\"mimeType\":\"application/json\",\"text\":\"{}\"}}}");
    assert_true(har_read(doc.root, &entry));
    assert_string_equal(entry.url, "https://h/x");
    assert_string_equal(entry.started, "2026-02-09T18:00:00.123+01:00");
    assert_string_equal(entry.content_type, "application/json");
    assert_int_equal(entry.status, 203);
    buf_init(&body, 100);
    assert_true(har_body(&entry, &body, &err));
    assert_string_equal(buf_text(&body), "{}");
}

static void a_body_in_base64_is_unwrapped(void **state)
{
    (void)state;
    AUTO_BUF struct buf body;
    struct err err = {0};
    struct har_entry entry = {.text = "eyJhIjoxfQ==", .base64 = true};
    buf_init(&body, 100);
    buf_puts(&body, "left over");
    assert_true(har_body(&entry, &body, &err));
    assert_string_equal(buf_text(&body), "{\"a\":1}");
    entry.text = "***";
    assert_false(har_body(&entry, &body, &err));
    assert_int_equal(err.code, ERR_EVENT);
}

static void a_body_above_the_cap_is_refused(void **state)
{
    (void)state;
    AUTO_BUF struct buf body;
    struct err err = {0};
    struct har_entry entry = {.text = "123456789"};
    buf_init(&body, 8);
    assert_false(har_body(&entry, &body, &err));
    assert_int_equal(err.code, ERR_EVENT);
}

static void entries_without_an_answer_are_none(void **state)
{
    (void)state;
    static const char *const others[] = {
        "null",
        "7",
        "{}",
        "{\"request\":{\"url\":\"u\"},\"response\":{\"content\":{}}}",
        "{\"request\":{\"url\":\"u\"},\"response\":{\"content\":{\"text\":null}}}",
        "{\"request\":{},\"response\":{\"content\":{\"text\":\"{}\"}}}",
        "{\"request\":{\"method\":\"OPTIONS\",\"url\":\"u\"},\"response\":{\"content\":{\"text\":"
        "\"\"}}}",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        AUTO_JSON struct json_doc doc = {0};
        struct har_entry entry;
        parse(&doc, others[i]);
        if (har_read(doc.root, &entry))
            fail_msg("%s", others[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_log_with_entries_is_a_har),
        cmocka_unit_test(an_entry_is_read),
        cmocka_unit_test(a_body_in_base64_is_unwrapped),
        cmocka_unit_test(a_body_above_the_cap_is_refused),
        cmocka_unit_test(entries_without_an_answer_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
