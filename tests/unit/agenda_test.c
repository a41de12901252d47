#include "core/agenda.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"

enum { ITEMS = 300, STEPS = 100000, MANY = 100000 };

static uint64_t next(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

/* The earliest time of all that are on the agenda, by looking at each; -1: none. */
static int64_t earliest(const struct agenda_item *items)
{
    int64_t first_ms = -1;
    for (int i = 0; i < ITEMS; i++)
        if (items[i].place != 0 && (first_ms < 0 || items[i].due_ms < first_ms))
            first_ms = items[i].due_ms;
    return first_ms;
}

static void the_first_is_always_the_one_that_is_due_first(void **state)
{
    (void)state;
    struct agenda_item items[ITEMS] = {{0}};
    struct agenda agenda = {0};
    uint64_t random = 11;
    for (int step = 0; step < STEPS; step++) {
        struct agenda_item *item = &items[next(&random) % ITEMS];
        if (next(&random) % 3 == 0)
            agenda_remove(&agenda, item);
        else
            agenda_put(&agenda, item, (int64_t)(next(&random) % 1000));
        const struct agenda_item *first = agenda_first(&agenda);
        assert_int_equal(first ? first->due_ms : -1, earliest(items));
    }
    agenda_release(&agenda);
}

static void a_decision_among_a_hundred_thousand_takes_less_than_a_millisecond(void **state)
{
    (void)state;
    struct agenda_item *items = mem_alloc(MANY, sizeof *items);
    struct agenda agenda = {0};
    uint64_t random = 5;
    for (int i = 0; i < MANY; i++)
        agenda_put(&agenda, &items[i], (int64_t)(next(&random) % CLOCK_DAY_MS));
    int64_t started_ms = clock_monotonic_ms(), last_ms = 0;
    for (int i = 0; i < MANY; i++) {
        struct agenda_item *first = agenda_first(&agenda);
        assert_true(first->due_ms >= last_ms);
        last_ms = first->due_ms;
        agenda_put(&agenda, first, last_ms + (int64_t)(next(&random) % CLOCK_HOUR_MS));
    }
    assert_true(clock_monotonic_ms() - started_ms < MANY); /* it takes microseconds */
    agenda_release(&agenda);
    mem_free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_always_the_one_that_is_due_first),
        cmocka_unit_test(a_decision_among_a_hundred_thousand_takes_less_than_a_millisecond),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
