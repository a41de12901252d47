#include "base/err.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"

static void setting_says_false_and_keeps_class_and_text(void **state)
{
    (void)state;
    struct err err = {.hint = "old"};
    assert_false(err_set(&err, ERR_NOT_FOUND, "event '%s' is not tracked", "vividseats:1"));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_string_equal(err.text, "event 'vividseats:1' is not tracked");
    assert_string_equal(err.hint, "");
}

static void wrapping_puts_context_before_and_keeps_class_and_hint(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_EVENT, "price 'abc' is not a number");
    assert_false(err_hint(&err, "see %s", "tws help"));
    assert_false(err_wrap(&err, "listing %d", 17));
    assert_false(err_wrap(&err, "event '%s'", "vividseats:1"));
    assert_string_equal(err.text, "event 'vividseats:1': listing 17: price 'abc' is not a number");
    assert_int_equal(err.code, ERR_EVENT);
    assert_string_equal(err.hint, "see tws help");
}

static void its_own_text_may_be_an_argument(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_STORE, "disk full");
    err_set(&err, ERR_FAILURE, "twice: %s", err.text);
    err_wrap(&err, "of '%s'", err.text);
    assert_string_equal(err.text, "of 'twice: disk full': twice: disk full");
}

static void nothing_that_steers_a_terminal_gets_through(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_FAILURE,
            "a\033[2Jb\nc\td\x7f"
            "e\xc2\x9b"
            "f\xe2\x80\xae"
            "g\xe2\x81\xa6h\x9bi");
    assert_string_equal(err.text, "a?[2Jb?c?d?e?f?g?h?i");
    err_hint(&err, "%s", "x\ry");
    assert_string_equal(err.hint, "x?y");
    err_wrap(&err, "%s", "\033");
    assert_memory_equal(err.text, "?: a", 4);
}

static void harmless_text_of_every_script_stays(void **state)
{
    (void)state;
    struct err err;
    const char *name = "Café “Zürich” 東京 🎟️";
    err_set(&err, ERR_FAILURE, "%s", name);
    assert_string_equal(err.text, name);
}

/* Whatever the length, the cut lies between characters, also when cleaning has shortened what came
 * before. */
static void long_text_is_cut_between_characters(void **state)
{
    (void)state;
    static const char *const units[] = {"é", "東", "🎟", "x", "\xe2\x80\xae", "\xff"};
    struct err err;
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        for (int lead = 0; lead < 8; lead++) {
            char text[4096] = "";
            size_t length = (size_t)lead, step = strlen(units[u]);
            memset(text, 'a', length);
            for (; length + step < sizeof text; length += step)
                memcpy(text + length, units[u], step + 1);
            err_set(&err, ERR_FAILURE, "%s", text);
            err_hint(&err, "%s", text);
            assert_true(text_is_utf8(err.text, strlen(err.text)));
            assert_true(text_is_utf8(err.hint, strlen(err.hint)));
            assert_in_range(strlen(err.text), ERR_TEXT_MAX - 4, ERR_TEXT_MAX - 1);
            assert_in_range(strlen(err.hint), ERR_HINT_MAX - 4, ERR_HINT_MAX - 1);
            err_wrap(&err, "%s", text);
            assert_true(text_is_utf8(err.text, strlen(err.text)));
            assert_in_range(strlen(err.text), ERR_TEXT_MAX - 4, ERR_TEXT_MAX - 1);
        }
    }
}

static void resetting_forgets_everything(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_USAGE, "x");
    err_hint(&err, "y");
    err_reset(&err);
    assert_int_equal(err.code, ERR_NONE);
    assert_string_equal(err.text, "");
    assert_string_equal(err.hint, "");
}

static void classes_are_the_exit_codes_of_the_contract(void **state)
{
    (void)state;
    assert_int_equal(err_exit_code(ERR_NONE), 0);
    assert_int_equal(err_exit_code(ERR_FAILURE), 1);
    assert_int_equal(err_exit_code(ERR_USAGE), 2);
    assert_int_equal(err_exit_code(ERR_NOT_FOUND), 2);
    assert_int_equal(err_exit_code(ERR_EVENT), 3);
    assert_int_equal(err_exit_code(ERR_UNREACHABLE), 4);
    assert_int_equal(err_exit_code(ERR_STORE), 5);
    assert_int_equal(err_exit_code(ERR_REMOTE), 6);
    assert_int_equal(err_exit_code(ERR_BUSY), 7);
    assert_int_equal(err_exit_code(ERR_CONDITION), 10);
    assert_int_equal(err_exit_code(ERR_INTERRUPTED), 128 + SIGINT);
    assert_int_equal(err_exit_code(ERR_TERMINATED), 128 + SIGTERM);
    assert_string_equal(err_machine_code(ERR_NOT_FOUND), "NOT_FOUND");
    assert_string_equal(err_machine_code(ERR_USAGE), "VALIDATION_ERROR");
    for (int code = 0; code < ERR_CODE_COUNT; code++)
        assert_true(*err_sentence((enum err_code)code) != '\0');
}

static void a_bug_names_its_place_and_aborts(void **state)
{
    (void)state;
    int pipe_fds[2];
    assert_int_equal(pipe(pipe_fds), 0);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        dup2(pipe_fds[1], STDERR_FILENO);
        BUG("promise %d\nbroken", 7);
    }
    close(pipe_fds[1]);
    char said[512] = "";
    assert_true(read(pipe_fds[0], said, sizeof said - 1) > 0);
    close(pipe_fds[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_non_null(strstr(said, "err_test.c:"));
    assert_non_null(strstr(said, ": promise 7?broken\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_says_false_and_keeps_class_and_text),
        cmocka_unit_test(wrapping_puts_context_before_and_keeps_class_and_hint),
        cmocka_unit_test(its_own_text_may_be_an_argument),
        cmocka_unit_test(nothing_that_steers_a_terminal_gets_through),
        cmocka_unit_test(harmless_text_of_every_script_stays),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(resetting_forgets_everything),
        cmocka_unit_test(classes_are_the_exit_codes_of_the_contract),
        cmocka_unit_test(a_bug_names_its_place_and_aborts),
    };
    return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
