#include "tui/loader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <poll.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/mem.h"
#include "scratch.h"

/* Questions say by numbers[0] what they are; the gate holds those that are asked to wait. */
enum { COUNT_EVENTS, HELD };

static atomic_bool gate;

static bool load(struct store *store, const struct question *question, struct frame *frame,
                 struct err *err)
{
    static const struct frame_column columns[] = {{"events", FRAME_INT}, {"number", FRAME_INT}};
    AUTO_STMT struct stmt stmt = {0};
    while (question->numbers[0] == HELD && !atomic_load(&gate))
        poll(NULL, 0, 1);
    frame_init(frame, columns, 2);
    if (!db_prepare_user(store_db(store), "SELECT count(*) FROM event", &stmt, err) ||
        stmt_step(&stmt, err) != STEP_ROW)
        return false;
    struct frame_cell *row = frame_add_row(frame);
    row[0] = frame_number(stmt_int(&stmt, 0));
    row[1] = frame_number(question->numbers[1]);
    return true;
}

static struct loader *loader;

static int begin(void **state)
{
    if (scratch_make(state) != 0)
        return -1;
    atomic_store(&gate, false);
    loader = loader_open(scratch_path);
    return 0;
}

static int end(void **state)
{
    atomic_store(&gate, true);
    loader_close(loader);
    return scratch_remove(state);
}

/* A store with so many events. */
static void make_store(int events)
{
    struct store *store = scratch_open(scratch_path);
    struct err err = {0};
    for (int i = 0; i < events; i++) {
        struct event event;
        char id[EVENT_ID_MAX];
        snprintf(id, sizeof id, "%d", i + 1);
        event_init(&event, "vividseats", id);
        scratch_ok(store_save_event(store, &event, &err), &err);
    }
    store_close(store);
}

static void ask(size_t slot, uint64_t ticket, int64_t kind, int64_t number)
{
    struct question question = {.load = load, .numbers = {kind, number}};
    loader_ask(loader, slot, ticket, &question);
}

/* The next word, which must come. */
static struct loader_word take(void)
{
    struct loader_word word;
    struct pollfd fd = {.fd = loader_fd(loader), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 20000), 1);
    assert_true(loader_take(loader, &word));
    return word;
}

static void expect_events(uint64_t ticket, int64_t events)
{
    struct loader_word word = take();
    assert_non_null(word.answer);
    scratch_ok(word.answer->ok, &word.answer->err);
    assert_int_equal(word.ticket, ticket);
    assert_int_equal(frame_at(&word.answer->frame, 0, 0)->number, events);
    question_forget(word.answer);
}

static void expect_error(uint64_t ticket)
{
    struct loader_word word = take();
    assert_non_null(word.answer);
    assert_false(word.answer->ok);
    assert_int_equal(word.ticket, ticket);
    assert_int_not_equal(word.answer->err.text[0], '\0');
    assert_int_equal(word.answer->frame.row_count, 0);
    question_forget(word.answer);
}

static void expect_change(void)
{
    loader_look(loader);
    assert_null(take().answer);
}

static void expect_no_change(void)
{
    struct loader_word word;
    loader_look(loader);
    loader_wait(loader);
    assert_false(loader_take(loader, &word));
}

static void ask_count(uint64_t ticket)
{
    ask(0, ticket, COUNT_EVENTS, 0);
}

static void answers_come_with_the_slot_and_ticket_of_the_question(void **state)
{
    (void)state;
    make_store(3);
    for (size_t slot = 0; slot < LOADER_SLOTS; slot++)
        ask(slot, 100 + slot, COUNT_EVENTS, (int64_t)slot * 7);
    loader_wait(loader);
    bool seen[LOADER_SLOTS] = {0};
    for (size_t i = 0; i < LOADER_SLOTS; i++) {
        struct loader_word word = take();
        assert_true(word.answer->ok && !seen[word.slot]);
        seen[word.slot] = true;
        assert_int_equal(word.ticket, 100 + word.slot);
        assert_int_equal(frame_at(&word.answer->frame, 0, 1)->number, (int64_t)word.slot * 7);
        question_forget(word.answer);
    }
    struct loader_word word;
    assert_false(loader_take(loader, &word));
}

static void a_question_that_waits_is_replaced(void **state)
{
    (void)state;
    make_store(1);
    ask(0, 1, HELD, 0);
    ask(1, 2, COUNT_EVENTS, 1);
    ask(1, 3, COUNT_EVENTS, 2);
    atomic_store(&gate, true);
    expect_events(1, 1);
    expect_events(3, 1);
    expect_no_change();
}

static void a_write_is_a_word_once(void **state)
{
    (void)state;
    make_store(1);
    ask_count(1);
    expect_events(1, 1);
    expect_no_change();
    make_store(2);
    expect_change();
    expect_no_change();
    ask_count(2);
    expect_events(2, 2);
}

static void a_store_that_is_missing_is_an_error_until_it_is_there(void **state)
{
    (void)state;
    ask_count(1);
    expect_error(1);
    expect_no_change();
    make_store(2);
    expect_change();
    ask_count(2);
    expect_events(2, 2);
    expect_no_change();
}

static void a_store_that_is_deleted_is_noticed(void **state)
{
    (void)state;
    make_store(2);
    ask_count(1);
    expect_events(1, 2);
    assert_int_equal(unlink(scratch_path), 0);
    expect_change();
    ask_count(2);
    expect_error(2);
}

static void a_store_in_its_place_is_noticed(void **state)
{
    (void)state;
    char beside[SCRATCH_PATH_MAX + 8], path[SCRATCH_PATH_MAX];
    make_store(2);
    ask_count(1);
    expect_events(1, 2);
    snprintf(path, sizeof path, "%s", scratch_path);
    snprintf(beside, sizeof beside, "%s.new", path);
    snprintf(scratch_path, sizeof scratch_path, "%.250s", beside);
    make_store(5);
    snprintf(scratch_path, sizeof scratch_path, "%s", path);
    assert_int_equal(rename(beside, path), 0);
    ask_count(2); /* even before anybody looks */
    expect_events(2, 5);
    expect_change(); /* for the answers of other slots */
    expect_no_change();
}

static void a_damaged_store_is_an_error_until_it_is_mended(void **state)
{
    (void)state;
    FILE *file = fopen(scratch_path, "w");
    assert_non_null(file);
    for (int i = 0; i < 4096; i++)
        fputs("no database ", file);
    fclose(file);
    ask_count(1);
    expect_error(1);
    unlink(scratch_path);
    make_store(4);
    expect_change();
    ask_count(2);
    expect_events(2, 4);
}

static void closing_waits_for_the_answer_and_frees_it(void **state)
{
    (void)state;
    make_store(1);
    ask(0, 1, HELD, 0);
    ask(1, 2, COUNT_EVENTS, 0);
    atomic_store(&gate, true);
    loader_close(loader);
    loader = loader_open(scratch_path);
    loader_close(NULL);
}

static void questions_are_the_same_byte_for_byte(void **state)
{
    (void)state;
    struct question a = {.load = load}, b = {.load = load};
    assert_true(question_same(&a, &b));
    b.numbers[QUESTION_NUMBERS_MAX - 1] = 1;
    assert_false(question_same(&a, &b));
    question_forget(NULL);
}

#define ON_LOADER(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_LOADER(answers_come_with_the_slot_and_ticket_of_the_question),
        ON_LOADER(a_question_that_waits_is_replaced),
        ON_LOADER(a_write_is_a_word_once),
        ON_LOADER(a_store_that_is_missing_is_an_error_until_it_is_there),
        ON_LOADER(a_store_that_is_deleted_is_noticed),
        ON_LOADER(a_store_in_its_place_is_noticed),
        ON_LOADER(a_damaged_store_is_an_error_until_it_is_mended),
        ON_LOADER(closing_waits_for_the_answer_and_frees_it),
        cmocka_unit_test(questions_are_the_same_byte_for_byte),
    };
    return cmocka_run_group_tests_name("loader", tests, NULL, NULL);
}
