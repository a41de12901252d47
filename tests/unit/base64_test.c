#include "base/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* The vectors of RFC 4648, section 10, and what RFC 2045 and sloppy writers make of them. */
static void the_vectors_of_the_rfc_decode(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
        {"Zm9v\r\nYmFy\n", "foobar"},
        {"Zm9vYg", "foob"},
        {"Zm9vYg=\n=", "foob"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_BUF struct buf out;
        buf_init(&out, 100);
        assert_true(base64_decode(cases[i][0], &out));
        assert_int_equal(out.length, strlen(cases[i][1]));
        assert_string_equal(buf_text(&out), cases[i][1]);
    }
}

static void the_vectors_of_the_rfc_encode(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xfe", "+//+"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_BUF struct buf out;
        buf_init(&out, 8);
        assert_true(base64_encode(cases[i][0], strlen(cases[i][0]), &out));
        assert_string_equal(buf_text(&out), cases[i][1]);
        assert_int_equal(out.length, strlen(cases[i][1]));
    }
}

static void every_byte_comes_back(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 100);
    assert_true(base64_decode("AAECA/z9/v8=", &out));
    assert_int_equal(out.length, 8);
    assert_memory_equal(out.data, "\x00\x01\x02\x03\xfc\xfd\xfe\xff", 8);
}

static void what_is_no_base64_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "Z", "Zm9vY", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm 9v", "Zm9*", "=Zm9v", "Zg==Zg=="};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_BUF struct buf out;
        buf_init(&out, 100);
        if (base64_decode(cases[i], &out))
            fail_msg("'%s' became '%s'", cases[i], buf_text(&out));
        assert_int_equal(out.length, 0);
    }
}

static void a_full_buffer_is_noticed(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 4);
    assert_false(base64_decode("Zm9vYmFy", &out));
    assert_true(out.overflow);
    assert_false(base64_encode("foob", 4, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc_decode),
        cmocka_unit_test(the_vectors_of_the_rfc_encode),
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(what_is_no_base64_is_refused),
        cmocka_unit_test(a_full_buffer_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
