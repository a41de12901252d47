#include "core/vividseats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"

static void ids_are_found_in_urls_of_every_form(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"6501519", "6501519"},
        {"https://www.vividseats.com/production/6501519", "6501519"},
        {"https://www.vividseats.com/bruno-mars-tickets-las-vegas-4-10-2026--concerts-pop/"
         "production/"
         "6501519?wsUser=1#x",
         "6501519"},
        {"https://www.vividseats.com/x/production/6501519/", "6501519"},
        {"https://www.vividseats.com/nba-basketball/indiana-pacers-tickets/"
         "pacers-5-15-4833304.html",
         "4833304"},
        {"https://www.vividseats.com/hermes/api/v1/listings?productionId=6501519&currency=USD",
         "6501519"},
        {"https://www.vividseats.com/hermes/api/v1/productions/6501519", "6501519"},
    };
    char id[EVENT_ID_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (!vividseats_platform()->read_id(cases[i][0], id, sizeof id))
            fail_msg("no id in '%s'", cases[i][0]);
        assert_string_equal(id, cases[i][1]);
    }
}

static void what_holds_no_id_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "0",
        "0123",
        "-5",
        "12a",
        " 12",
        "1234567890123456789012345",
        "https://www.vividseats.com/",
        "https://www.vividseats.com/bruno-mars-tickets/performer/24388",
        "https://www.vividseats.com/x/production/",
        "https://www.vividseats.com/x/production/12ab",
        "https://www.vividseats.com/2026.html",
    };
    char id[EVENT_ID_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (vividseats_platform()->read_id(cases[i], id, sizeof id))
            fail_msg("'%s' in '%s'", id, cases[i]);
}

static void an_id_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    char id[4];
    assert_false(vividseats_platform()->read_id("1234", id, sizeof id));
    assert_true(vividseats_platform()->read_id("123", id, sizeof id));
}

static void requests_pin_the_currency_and_ask_for_no_address(void **state)
{
    (void)state;
    const struct platform *platform = vividseats_platform();
    AUTO_BUF struct buf url;
    buf_init(&url, 2000);
    assert_true(platform->listings_url("http://127.0.0.1:8080", "6501519", &url));
    assert_string_equal(buf_text(&url),
                        "http://127.0.0.1:8080/hermes/api/v1/listings?productionId=6501519"
                        "&includeIpAddress=false&currency=USD&localizeCurrency=false");
    buf_reset(&url);
    assert_true(platform->production_url("https://www.vividseats.com", "6501519", &url));
    assert_string_equal(buf_text(&url),
                        "https://www.vividseats.com/hermes/api/v1/productions/6501519");
    buf_reset(&url);
    assert_true(platform->search_url("https://www.vividseats.com", "Bruno Mars & co", 2, &url));
    assert_string_equal(buf_text(&url),
                        "https://www.vividseats.com/hermes/api/v1/productions"
                        "?query=Bruno%20Mars%20%26%20co&pageSize=50&page=2&includeIpAddress=false");
    buf_reset(&url);
    assert_true(platform->performer_url("https://www.vividseats.com", "24388", 3, &url));
    assert_string_equal(buf_text(&url),
                        "https://www.vividseats.com/hermes/api/v1/productions"
                        "?performerId=24388&pageSize=50&page=3&includeIpAddress=false");
}

static void the_requests_own_url_is_a_listings_url(void **state)
{
    (void)state;
    const struct platform *platform = vividseats_platform();
    AUTO_BUF struct buf url;
    char id[EVENT_ID_MAX];
    buf_init(&url, 2000);
    platform->listings_url("https://www.vividseats.com", "6501519", &url);
    assert_true(platform->is_listings_url(buf_text(&url), id, sizeof id));
    assert_string_equal(id, "6501519");
}

static void listings_urls_of_a_browser_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *query;
        bool wanted;
    } cases[] = {
        {"v1/listings?productionId=5&includeIpAddress=true&currency=USD&priceGroupId=291", true},
        {"v2/listings?productionId=5", true},
        {"v1/listings?currency=CAD&productionId=5", true},
        {"v1/listings?productionId=5&quantity=0&page=1&offset=0&recommended=false", true},
        {"v1/listings?productionId=5&quantity=2", false},
        {"v1/listings?productionId=5&page=10", false},
        {"v1/listings?productionId=5&offset=50", false},
        {"v1/listings?productionId=5&recommended=true", false},
        {"v1/listings?productionId=5&limit=20", false},
        {"v1/listings?currency=USD", false},
        {"v1/listings", false},
        {"v1/productions?productionId=5", false},
        {"v1/badging/productions/5/sold/listings?productionId=5", false},
    };
    char url[200], id[EVENT_ID_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(url, sizeof url, "https://www.vividseats.com/hermes/api/%s", cases[i].query);
        if (vividseats_platform()->is_listings_url(url, id, sizeof id) != cases[i].wanted)
            fail_msg("'%s' should%s be one", url, cases[i].wanted ? "" : " not");
    }
    assert_false(vividseats_platform()->is_listings_url("", id, sizeof id));
    assert_false(vividseats_platform()->is_listings_url("https://host", id, sizeof id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_found_in_urls_of_every_form),
        cmocka_unit_test(what_holds_no_id_is_refused),
        cmocka_unit_test(an_id_that_does_not_fit_is_refused),
        cmocka_unit_test(requests_pin_the_currency_and_ask_for_no_address),
        cmocka_unit_test(the_requests_own_url_is_a_listings_url),
        cmocka_unit_test(listings_urls_of_a_browser_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
