#include "core/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "io/uuid.h"

static void a_fresh_event_knows_its_name_and_nothing_else(void **state)
{
    (void)state;
    struct event event;
    char name[EVENT_NAME_MAX + 8];
    event_init(&event, "vividseats", "6501519");
    assert_string_equal(event_name(name, &event), "vividseats:6501519");
    assert_true(event.date_ms == EVENT_NO_DATE);
    assert_true(event.last_scraped_ms < 0);
    assert_string_equal(event.name, "");
    assert_int_equal(event.state, EVENT_TRACKED);
}

/* The value that the contract states. */
static void the_uuid_is_version_5_of_the_name(void **state)
{
    (void)state;
    struct event event;
    char uuid[UUID_TEXT_MAX];
    event_init(&event, "vividseats", "6501519");
    assert_string_equal(event_uuid(uuid, &event), "7cea16f3-8e85-55d7-94ac-bee932445615");
}

static void the_longest_id_fits_its_name(void **state)
{
    (void)state;
    struct event event;
    char id[100], name[EVENT_NAME_MAX + 8];
    memset(id, '7', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    event_init(&event, "abcdefghijklmnopqrstuvwxyzabcdef", id);
    assert_int_equal(strlen(event_name(name, &event)), 32 + 1 + 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_event_knows_its_name_and_nothing_else),
        cmocka_unit_test(the_uuid_is_version_5_of_the_name),
        cmocka_unit_test(the_longest_id_fits_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
