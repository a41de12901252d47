#include "io/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void an_origin_is_scheme_host_and_port_in_lower_case(void **state)
{
    (void)state;
    const struct {
        const char *url, *origin; /* NULL: none */
    } cases[] = {
        {"http://example.com", "http://example.com:80"},
        {"https://example.com/", "https://example.com:443"},
        {"HTTPS://WWW.Example.COM/Path?q=A#f", "https://www.example.com:443"},
        {"http://example.com:8080/x", "http://example.com:8080"},
        {"https://example.com:80", "https://example.com:80"},
        {"http://[::1]:81/", "http://[::1]:81"},
        {"http://example.com./", "http://example.com.:80"},
        {"http://a.com/http://b.com/", "http://a.com:80"},
        {"http://a.com?@b.com/", "http://a.com:80"},
        {"http://a.com/@b.com", "http://a.com:80"},
        {"http://a.com#@b.com/", "http://a.com:80"},
        {"http://127.0.0.1@evil/", NULL},
        {"http://user:word@127.0.0.1/", NULL},
        {"http://@evil/", NULL},
        {"http://a.com\\@evil/", NULL},
        {"http://a com/", NULL},
        {"//example.com/", NULL},
        {"example.com", NULL},
        {"localhost:8080", NULL},
        {"/path", NULL},
        {"", NULL},
        {"ftp://example.com", NULL},
        {"file:///etc/passwd", NULL},
        {"javascript:alert(1)", NULL},
        {"http://", NULL},
        {"http://:80/", NULL},
        {"http://a.com:x/", NULL},
        {"http://a.com:65536/", NULL},
        {"http://a.com:-1/", NULL},
        {"http://[::1/", NULL},
        {"http://[zz]/", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char origin[100] = "";
        bool ok = http_origin(cases[i].url, origin, sizeof origin);
        if (ok != (cases[i].origin != NULL) || (ok && strcmp(origin, cases[i].origin) != 0))
            fail_msg("'%s' gave %d '%s'", cases[i].url, ok, origin);
    }
    char small[22];
    assert_false(http_origin("http://example.com", small, 21));
    assert_true(http_origin("http://example.com", small, 22));
}

static void loopback_is_known_by_its_host_alone(void **state)
{
    (void)state;
    const struct {
        const char *url;
        bool loopback;
    } cases[] = {
        {"http://localhost", true},
        {"http://LocalHost:8080/x", true},
        {"https://127.0.0.1/", true},
        {"http://127.1.2.3:9/", true},
        {"http://127.255.255.254", true},
        {"http://[::1]:80/", true},
        {"http://[0:0:0:0:0:0:0:1]/", true},
        {"http://localhost.evil.com", false},
        {"http://evil-localhost/", false},
        {"http://localhost@evil.com/", false},
        {"http://127.0.0.1@evil/", false},
        {"http://evil/127.0.0.1", false},
        {"http://evil?localhost", false},
        {"http://evil#@127.0.0.1", false},
        {"http://127.0.0.1.evil.com/", false},
        {"http://127.0.0.1x/", false},
        {"http://128.0.0.1/", false},
        {"http://126.255.255.255/", false},
        {"http://10.127.0.1/", false},
        {"http://0.0.0.0/", false},
        {"http://[::2]/", false},
        {"http://[::]/", false},
        {"http://[fe80::1]/", false},
        {"ftp://127.0.0.1/", false},
        {"localhost", false},
        {"127.0.0.1", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (http_is_loopback(cases[i].url) != cases[i].loopback)
            fail_msg("'%s'", cases[i].url);
}

static void a_query_value_keeps_only_unreserved_characters(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 60);
    assert_true(http_put_escaped(&out, "AZaz09-._~"));
    assert_true(http_put_escaped(&out, ""));
    assert_true(http_put_escaped(&out, " &=+%/?#\"\n\xc3\xa9"));
    assert_string_equal(buf_text(&out), "AZaz09-._~%20%26%3D%2B%25%2F%3F%23%22%0A%C3%A9");
    assert_false(http_put_escaped(&out, "&&&&&"));
    assert_true(out.overflow);
    assert_int_equal(out.length, 46);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_origin_is_scheme_host_and_port_in_lower_case),
        cmocka_unit_test(loopback_is_known_by_its_host_alone),
        cmocka_unit_test(a_query_value_keeps_only_unreserved_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
