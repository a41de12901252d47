#include "io/pg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "io/pg_trouble.h"

static void copy_text_is_escaped(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    pg_put_text(&out, "plain");
    buf_putc(&out, '|');
    pg_put_text(&out, "a\tb\nc\rd\\e");
    buf_putc(&out, '|');
    pg_put_text(&out, "\\N");
    buf_putc(&out, '|');
    pg_put_text(&out, NULL);
    buf_putc(&out, '|');
    pg_put_text(&out, "");
    assert_string_equal(buf_text(&out), "plain|a\\tb\\nc\\rd\\\\e|\\\\N|\\N|");
}

static void integers_are_written_whole(void **state)
{
    (void)state;
    static const int64_t numbers[] = {0, 7, -7, 1000000, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char expected[32];
        AUTO_BUF struct buf out;
        buf_init(&out, 100);
        pg_put_int(&out, numbers[i]);
        snprintf(expected, sizeof expected, "%lld", (long long)numbers[i]);
        assert_string_equal(buf_text(&out), expected);
    }
}

static void the_port_of_a_url(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"postgresql://u:p@h:6543/d", "6543"},
        {"postgresql://u@h/d", "5432"},
        {"postgres://u@h1:6543,h2:5432/d", "6543"},
        {"host=h port=6543", "6543"},
        {"postgresql://u:a%40b@h:1/d?sslmode=disable", "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char port[16];
        struct err err = {0};
        assert_true(pg_url_port(cases[i][0], port, sizeof port, &err));
        assert_string_equal(port, cases[i][1]);
    }
}

static void a_url_with_a_misplaced_password_is_refused_and_not_shown(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "postgresql://u:hush@hush@h/d",
        "postgresql://u:hu/sh@h/d",
        "postgresql://u:hush#1@h/d",
        "postgresql://u:hu?sh@h/d",
        "u:hush@h",
        "postgresql://u:hush@h:x/d?hush",
    };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        char port[16];
        struct err err = {0};
        assert_false(pg_url_port(urls[i], port, sizeof port, &err));
        assert_int_equal(err.code, ERR_USAGE);
        assert_null(strstr(err.text, "hu"));
        assert_null(strstr(err.hint, "hush"));
    }
}

static void troubles_by_sqlstate_and_words(void **state)
{
    (void)state;
    static const struct {
        const char *sqlstate, *message;
        enum pg_trouble trouble;
    } cases[] = {
        {"40001", "could not serialize access", PG_TRANSIENT},
        {"40P01", "deadlock detected", PG_TRANSIENT},
        {"55P03", "canceling statement due to lock timeout", PG_TRANSIENT},
        {"57014", "canceling statement due to statement timeout", PG_TRANSIENT},
        {"57P01", "terminating connection due to administrator command", PG_TRANSIENT},
        {"08006", "connection failure", PG_TRANSIENT},
        {"53300", "sorry, too many clients already", PG_TRANSIENT},
        {"23505", "duplicate key value", PG_DATA},
        {"22P02", "invalid input syntax", PG_DATA},
        {"23514", "new row violates check constraint", PG_DATA},
        {"23514", "no partition of relation \"t\" found for row", PG_NO_PARTITION},
        {"42501", "permission denied for table t", PG_REFUSED},
        {"28P01", "password authentication failed for user \"u\"", PG_REFUSED},
        {"42P01", "relation \"t\" does not exist", PG_SCHEMA},
        {"42883", "function f() does not exist", PG_SCHEMA},
        {"25006", "cannot execute INSERT in a read-only transaction", PG_PARKED},
        {"53100", "could not extend file", PG_PARKED},
        {"XX000", "exceed_db_size_quota", PG_PARKED},
        {"XX000", "(EMAXCONNSESSION) max clients reached in session mode", PG_TRANSIENT},
        {"XX000", "Tenant or user not found", PG_REFUSED},
        {"08P01", "password authentication failed", PG_REFUSED},
        {"XX000", "something else", PG_REFUSED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        if (pg_trouble_explain(cases[i].sqlstate, cases[i].message, &err) != cases[i].trouble)
            fail_msg("%s %s", cases[i].sqlstate, cases[i].message);
        assert_int_equal(err.code, ERR_REMOTE);
    }
}

static void the_reason_of_a_connection_that_failed(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(
        pg_trouble_explain_connect("connection to server at \"h\" (1.2.3.4), port 5432 failed: "
                                   "FATAL:  53300: sorry, too many clients already\n"
                                   "LOCATION:  ProcArrayAdd, procarray.c:460\n",
                                   &err),
        PG_TRANSIENT);
    assert_string_equal(err.text, "the server has too many connections (sorry, too many clients "
                                  "already)");
    assert_int_equal(pg_trouble_explain_connect("connection to server at \"h\", port 1 failed: "
                                                "Connection refused\n\tIs the server running\n",
                                                &err),
                     PG_TRANSIENT);
    assert_non_null(strstr(err.text, "nobody answers"));
}

static void nobody_there(void **state)
{
    (void)state;
    struct err err = {0};
    struct pg_target target = {.url = "postgresql://u:hush9hush@127.0.0.1:1/d",
                               .ca_file = "",
                               .connect_ms = 2000,
                               .answer_ms = 2000};
    struct pg *pg = pg_open(&target);
    assert_false(pg_connect(pg, &err));
    assert_int_equal(pg_trouble(pg), PG_TRANSIENT);
    assert_int_equal(err.code, ERR_REMOTE);
    assert_null(strstr(err.text, "hush9hush"));
    pg_close(pg);
}

static void rows_of_nothing(void **state)
{
    (void)state;
    AUTO_PG_ROWS struct pg_rows rows = {0};
    assert_int_equal(pg_rows_count(&rows), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copy_text_is_escaped),
        cmocka_unit_test(integers_are_written_whole),
        cmocka_unit_test(the_port_of_a_url),
        cmocka_unit_test(a_url_with_a_misplaced_password_is_refused_and_not_shown),
        cmocka_unit_test(troubles_by_sqlstate_and_words),
        cmocka_unit_test(the_reason_of_a_connection_that_failed),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(rows_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
