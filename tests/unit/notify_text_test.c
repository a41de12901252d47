#include "core/notify_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "io/json.h"

#define T0 INT64_C(1770660000000) /* 2026-02-09T18:00:00Z, a Monday */

static struct notify_alert cheap(void)
{
    struct notify_alert alert = {
        .id = 7,
        .fired_ms = T0,
        .value = 14200,
        .threshold = 15000,
        .name = "cheap",
        .text = "price < 150",
        .rule = {.measure = RULE_PRICE, .unit = RULE_MONEY},
        .event = "vividseats:1",
        .event_name = "Hawks at \"Lakers\"",
        .venue = "Arena",
        .url = "https://example.org/1",
        .currency = "USD",
        .date_ms = EVENT_NO_DATE,
    };
    return alert;
}

static void a_line_says_what_why_and_of_which_event(void **state)
{
    (void)state;
    AUTO_BUF struct buf line;
    struct notify_alert alert = cheap();
    buf_init(&line, 1000);
    notify_text_put_line(&line, &alert);
    assert_string_equal(buf_text(&line),
                        "cheap: $142.00 (price < 150), Hawks at \"Lakers\", vividseats:1");
    buf_reset(&line);
    alert.rule.measure = RULE_NEW_LOW;
    snprintf(alert.text, sizeof alert.text, "new-low");
    alert.event[0] = alert.event_name[0] = '\0';
    notify_text_put_line(&line, &alert);
    assert_string_equal(buf_text(&line), "cheap: $142.00 (new-low, before $150.00)");
}

static const char *text_at(const struct json *object, const char *key)
{
    return json_string(json_get(object, key));
}

static void json_has_every_key_and_null_for_what_is_not_known(void **state)
{
    (void)state;
    AUTO_FREE struct notify_batch *batch = mem_alloc(1, sizeof *batch);
    AUTO_BUF struct buf out;
    AUTO_JSON struct json_doc doc = {0};
    struct err err = {0};
    double value;
    buf_init(&out, NOTIFY_TEXT_MAX);
    *batch = (struct notify_batch){.count = 2, .now_ms = T0 + 1500};
    batch->alerts[0] = batch->alerts[1] = cheap();
    batch->alerts[1].event[0] = batch->alerts[1].url[0] = '\0';
    batch->alerts[1].date_ms = T0;
    notify_text_put_json(&out, batch);
    if (!json_parse(&doc, out.data, out.length, &err))
        fail_msg("%s", err.text);
    assert_string_equal(text_at(doc.root, "sent"), "2026-02-09T18:00:01.500Z");
    const struct json *alerts = json_get(doc.root, "alerts");
    assert_int_equal(json_count(alerts), 2);
    const struct json *first = json_first(alerts), *second = json_next(first);
    static const char *const keys[] = {"id",    "name",      "rule",  "unit",  "currency",
                                       "value", "threshold", "fired", "event", "event_name",
                                       "venue", "date",      "url",   "text"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        assert_non_null(json_get(first, keys[i]));
        assert_non_null(json_get(second, keys[i]));
    }
    assert_string_equal(text_at(first, "event_name"), "Hawks at \"Lakers\"");
    assert_string_equal(text_at(first, "unit"), "money");
    assert_string_equal(text_at(first, "fired"), "2026-02-09T18:00:00Z");
    assert_true(json_real(json_get(first, "value"), &value) && value == 142);
    assert_int_equal(json_type(json_get(first, "date")), JSON_NULL);
    assert_string_equal(text_at(second, "date"), "2026-02-09T18:00:00Z");
    assert_int_equal(json_type(json_get(second, "event")), JSON_NULL);
    assert_int_equal(json_type(json_get(second, "url")), JSON_NULL);
}

static void mail_has_the_headers_that_it_must_have(void **state)
{
    (void)state;
    AUTO_FREE struct notify_batch *batch = mem_alloc(1, sizeof *batch);
    AUTO_BUF struct buf out;
    buf_init(&out, NOTIFY_TEXT_MAX);
    *batch = (struct notify_batch){.count = 3, .now_ms = T0};
    for (size_t i = 0; i < batch->count; i++)
        batch->alerts[i] = cheap();
    notify_text_put_mail(&out, batch, "tws@example.org", "a@example.org, b@example.org");
    static const char *const lines[] = {
        "Date: Mon, 09 Feb 2026 18:00:00 +0000\r\n",
        "\r\nFrom: tws@example.org\r\n",
        "\r\nTo: a@example.org, b@example.org\r\n",
        "\r\nSubject: tws: cheap and 2 more\r\n",
        "\r\nContent-Type: text/plain; charset=utf-8\r\n",
        "\r\n\r\ncheap: $142.00 (price < 150), Hawks",
        "\r\nhttps://example.org/1\r\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (strstr(buf_text(&out), lines[i]) == NULL)
            fail_msg("no %s", lines[i]);
    /* every line ends by CRLF */
    for (const char *at = buf_text(&out); (at = strchr(at, '\n')) != NULL; at++)
        assert_true(at > out.data && at[-1] == '\r');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_says_what_why_and_of_which_event),
        cmocka_unit_test(json_has_every_key_and_null_for_what_is_not_known),
        cmocka_unit_test(mail_has_the_headers_that_it_must_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
