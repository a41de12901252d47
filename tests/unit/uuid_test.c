#include "io/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_event_has_the_same_uuid_everywhere(void **state)
{
    (void)state;
    char out[UUID_TEXT_MAX];
    assert_ptr_equal(uuid_of_name(out, "vividseats:6501519"), out);
    assert_string_equal(out, "7cea16f3-8e85-55d7-94ac-bee932445615");
    /* what Python's uuid.uuid5(uuid.NAMESPACE_URL, ...) says */
    assert_string_equal(uuid_of_name(out, "http://www.example.com/"),
                        "fcde3c85-2270-590f-9e7c-ee003d65e0e2");
    assert_string_equal(uuid_of_name(out, ""), "1b4db7eb-4057-5ddf-91e0-36dec72071f5");
}

static void random_ones_are_version_4_and_differ(void **state)
{
    (void)state;
    char first[UUID_TEXT_MAX], second[UUID_TEXT_MAX];
    assert_ptr_equal(uuid_random(first), first);
    uuid_random(second);
    assert_string_not_equal(first, second);
    assert_int_equal(strlen(first), UUID_TEXT_MAX - 1);
    assert_int_equal(strspn(first, "0123456789abcdef-"), UUID_TEXT_MAX - 1);
    assert_int_equal(first[14], '4');
    assert_non_null(strchr("89ab", first[19]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_has_the_same_uuid_everywhere),
        cmocka_unit_test(random_ones_are_version_4_and_differ),
    };
    return cmocka_run_group_tests_name("uuid", tests, NULL, NULL);
}
