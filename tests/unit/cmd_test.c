#include "cli/cmd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void every_form_is_filled_in(void **state)
{
    (void)state;
    for (const struct cmd *const *at = cmd_list(); *at; at++) {
        const struct cmd *cmd = *at;
        assert_non_null(cmd->name);
        assert_non_null(cmd->summary);
        assert_non_null(cmd->arguments);
        assert_non_null(cmd->run);
        assert_true(cmd->group < CMD_GROUP_COUNT);
        assert_true(cmd->group == CMD_HIDDEN || cmd->examples[0].line);
        assert_ptr_equal(cmd_find(cmd->name), cmd);
    }
}

static void sentences_have_no_full_stop_and_fit_their_line(void **state)
{
    (void)state;
    for (const struct cmd *const *at = cmd_list(); *at; at++) {
        const char *summary = (*at)->summary;
        assert_true(summary[strlen(summary) - 1] != '.');
        assert_true(text_width(summary) <= 76);
    }
}

static void examples_are_lines_of_their_command(void **state)
{
    (void)state;
    for (const struct cmd *const *at = cmd_list(); *at; at++)
        for (size_t i = 0; i < CMD_EXAMPLES_MAX && (*at)->examples[i].line; i++) {
            assert_non_null((*at)->examples[i].what);
            assert_non_null(strstr((*at)->examples[i].line, "tws "));
            assert_non_null(strstr((*at)->examples[i].line, (*at)->name));
        }
}

/* A row that no other row of the command's tables hides. */
static void assert_reachable(const struct cmd *cmd, const struct opt *row)
{
    const struct opt_sets sets = cmd_option_sets(cmd);
    assert_ptr_equal(opt_find(&sets, row->name), row);
    if (row->letter)
        assert_ptr_equal(opt_find_letter(&sets, row->letter), row);
    assert_non_null(row->help);
    assert_int_equal(row->kind == OPT_FLAG, row->value == NULL);
    assert_int_equal(row->kind == OPT_WORD || row->kind == OPT_WORDS, row->words != NULL);
    if (row->kind == OPT_COUNT)
        assert_true(row->min < row->max);
}

static void no_option_hides_another(void **state)
{
    (void)state;
    for (const struct cmd *const *at = cmd_list(); *at; at++) {
        const struct opt_sets sets = cmd_option_sets(*at);
        for (const struct opt *const *set = sets.set; *set; set++)
            for (const struct opt *row = *set; row->name; row++)
                assert_reachable(*at, row);
    }
}

static void a_mistyped_command_is_guessed(void **state)
{
    (void)state;
    assert_string_equal(cmd_guess("tredns"), "trends");
    assert_string_equal(cmd_guess("listing"), "listings");
    assert_string_equal(cmd_guess("scarpe"), "scrape");
    assert_null(cmd_guess("frobnicate"));
    assert_null(cmd_guess("__complet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_filled_in),
        cmocka_unit_test(sentences_have_no_full_stop_and_fit_their_line),
        cmocka_unit_test(examples_are_lines_of_their_command),
        cmocka_unit_test(no_option_hides_another),
        cmocka_unit_test(a_mistyped_command_is_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
