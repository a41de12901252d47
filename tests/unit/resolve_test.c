#include "core/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static char folder[] = "/tmp/tws-resolve-XXXXXX";
static struct conf *conf;
static struct store *store;

static void save(const char *id, const char *name, const char *venue, const char *city,
                 enum event_state wanted)
{
    struct event event;
    struct err err = {0};
    event_init(&event, "vividseats", id);
    snprintf(event.name, sizeof event.name, "%s", name);
    snprintf(event.venue, sizeof event.venue, "%s", venue);
    snprintf(event.city, sizeof event.city, "%s", city);
    event.state = wanted;
    assert_true(store_save_event(store, &event, &err));
}

static int open_all(void **state)
{
    (void)state;
    char path[64];
    struct err err = {0};
    if (!mkdtemp(folder))
        return -1;
    setenv("HOME", folder, 1);
    unsetenv("TWS_CONFIG");
    unsetenv("XDG_CONFIG_HOME");
    setenv("TWS_VIVIDSEATS_URL", "http://127.0.0.1:8123", 1);
    snprintf(path, sizeof path, "%s/tws.db", folder);
    conf = conf_open(NULL, path, &err);
    store = conf ? store_open(path, &err) : NULL;
    if (!store) {
        print_error("%s\n", err.text);
        return -1;
    }
    save("1001", "Bruno Mars", "Allegiant Stadium", "Las Vegas", EVENT_TRACKED);
    save("1002", "Bruno Mars", "SoFi Stadium", "Inglewood", EVENT_TRACKED);
    save("1003", "US Open Tennis - Session 23", "Arthur Ashe Stadium", "Flushing", EVENT_TRACKED);
    save("1004", "Old Tour 1989", "SoFi Stadium", "Inglewood", EVENT_UNTRACKED);
    save("1005", "Old Tour", "Hall", "Boston", EVENT_IMPORTED);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    static const char *const names[] = {"tws.db", "tws.db-wal", "tws.db-shm", "tws.db.lock"};
    char path[64];
    store_close(store);
    conf_close(conf);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void every_form_of_an_id_is_understood(void **state)
{
    (void)state;
    static const char *const forms[] = {
        "vividseats:6501519",
        "6501519",
        "https://www.vividseats.com/x/production/6501519",
        "http://vividseats.com/x/production/6501519?a=b",
        "www.vividseats.com/x/production/6501519",
        "vividseats.com/x/production/6501519",
        "HTTPS://WWW.VividSeats.com/x/production/6501519",
        "http://127.0.0.1:8123/production/6501519",
        "http://127.0.0.1:8123/hermes/api/v1/listings?productionId=6501519",
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct event event;
        struct err err = {0};
        if (!resolve_id(conf, forms[i], &event, &err))
            fail_msg("%s: %s", forms[i], err.text);
        assert_string_equal(event.platform, "vividseats");
        assert_string_equal(event.external_id, "6501519");
    }
}

static void what_is_no_id_is_refused_with_what_is_accepted(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "bruno mars",
        "vividseats:",
        "vividseats:abc",
        "vividseats:12/13",
        "vividseats:https://www.vividseats.com/production/5",
        "seatgeek:5",
        "https://www.vividseats.com/concerts",
        "https://www.vividseats.com.evil.example/production/5",
        "https://evil.example/www.vividseats.com/production/5",
        "https://user@www.vividseats.com/production/5",
        "ftp://www.vividseats.com/production/5",
        "/etc/passwd",
        "12345678901234567890123456789",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct event event;
        struct err err = {0};
        if (resolve_id(conf, others[i], &event, &err))
            fail_msg("'%s' became '%s'", others[i], event.external_id);
        assert_int_equal(err.code, ERR_USAGE);
    }
    struct event event;
    struct err err = {0};
    resolve_id(conf, "bruno", &event, &err);
    assert_string_equal(err.text, "'bruno' is no event");
    assert_non_null(strstr(err.hint, "platform:id"));
}

static void a_stored_event_is_found_by_id_and_by_words(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"vividseats:1003", "1003"},
        {"1003", "1003"},
        {"tennis", "1003"},
        {"TENNIS session", "1003"},
        {"bruno vegas", "1001"},
        {"mars  inglewood", "1002"},
        {"1989", "1004"},
        {"hall boston", "1005"},
        {"https://www.vividseats.com/production/1005", "1005"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct event event;
        struct err err = {0};
        if (!resolve_event(store, conf, cases[i][0], &event, &err))
            fail_msg("%s: %s", cases[i][0], err.text);
        assert_string_equal(event.external_id, cases[i][1]);
    }
}

static void several_matches_are_listed(void **state)
{
    (void)state;
    struct event event;
    struct err err = {0};
    assert_false(resolve_event(store, conf, "bruno", &event, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_string_equal(err.text, "'bruno' matches 2 events");
    assert_non_null(strstr(err.hint, "vividseats:1001 Bruno Mars"));
    assert_non_null(strstr(err.hint, "vividseats:1002 Bruno Mars"));
    assert_false(resolve_event(store, conf, "old", &event, &err));
    assert_string_equal(err.text, "'old' matches 2 events");
}

/* 1002 and 1004 are both at SoFi Stadium; only the first is followed. */
static void the_one_that_is_tracked_wins(void **state)
{
    (void)state;
    struct event event;
    struct err err = {0};
    assert_true(resolve_event(store, conf, "sofi", &event, &err));
    assert_string_equal(event.external_id, "1002");
}

static void what_is_not_stored_is_not_found(void **state)
{
    (void)state;
    struct event event;
    struct err err = {0};
    assert_false(resolve_event(store, conf, "vividseats:999", &event, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_string_equal(err.text, "event 'vividseats:999' is not stored");
    assert_non_null(strstr(err.hint, "tws track vividseats:999"));
    assert_false(resolve_event(store, conf, "999", &event, &err));
    assert_string_equal(err.text, "event 'vividseats:999' is not stored");
    assert_false(resolve_event(store, conf, "metallica", &event, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_false(resolve_event(store, conf, "   ", &event, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_false(resolve_event(store, conf, "https://evil.example/5", &event, &err));
    assert_int_equal(err.code, ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_of_an_id_is_understood),
        cmocka_unit_test(what_is_no_id_is_refused_with_what_is_accepted),
        cmocka_unit_test(a_stored_event_is_found_by_id_and_by_words),
        cmocka_unit_test(several_matches_are_listed),
        cmocka_unit_test(the_one_that_is_tracked_wins),
        cmocka_unit_test(what_is_not_stored_is_not_found),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
