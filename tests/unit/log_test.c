#include "base/log.h"

#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char said[8192];

static void read_all(int fd)
{
    size_t length = 0;
    for (ssize_t got; (got = read(fd, said + length, sizeof said - 1 - length)) > 0;)
        length += (size_t)got;
    said[length] = '\0';
    close(fd);
}

/* What `job` says on a stderr that is a pipe, or a terminal of 20 columns. */
static const char *heard(void (*job)(void), bool terminal)
{
    int fds[2];
    pid_t child;
    struct winsize size = {.ws_row = 5, .ws_col = 20};
    if (terminal) {
        child = forkpty(&fds[0], NULL, NULL, &size);
    } else {
        assert_int_equal(pipe(fds), 0);
        child = fork();
    }
    if (child == 0) {
        if (!terminal)
            dup2(fds[1], STDERR_FILENO);
        job();
        _exit(0);
    }
    assert_true(child > 0);
    if (!terminal)
        close(fds[1]);
    read_all(fds[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return said;
}

static void say_and_warn(void)
{
    log_say("pushed %d rows", 7);
    log_warn("clock of '%s' is off", "host\033[2J\n");
}

static void say_and_warn_quietly(void)
{
    log_set_quiet(true);
    say_and_warn();
}

static void say_at_length(void)
{
    log_say("%5000s", "x");
}

static void progress_then_say(void)
{
    log_progress("%s", "1 of 1000 events, a long line that would wrap");
    for (int i = 2; i < 1000; i++)
        log_progress("%d of 1000", i);
    log_say("done");
}

static void progress_then_nothing(void)
{
    log_progress("%s", "1 of 2");
    log_progress("%s", "");
    log_progress("%s", "");
}

static void progress_quietly(void)
{
    log_set_quiet(true);
    log_progress("%s", "1 of 2");
}

static void talk_is_one_line_each_and_safe_to_print(void **state)
{
    (void)state;
    assert_string_equal(heard(say_and_warn, false),
                        "pushed 7 rows\ntws: warning: clock of 'host?[2J?' is off\n");
}

static void quiet_silences_talk_but_not_warnings(void **state)
{
    (void)state;
    assert_string_equal(heard(say_and_warn_quietly, false),
                        "tws: warning: clock of 'host?[2J?' is off\n");
    assert_string_equal(heard(progress_quietly, true), "");
}

static void a_long_line_is_cut_and_still_ends(void **state)
{
    (void)state;
    const char *line = heard(say_at_length, false);
    assert_in_range(strlen(line), 1000, 5000);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
}

static void progress_is_for_terminals_only(void **state)
{
    (void)state;
    assert_string_equal(heard(progress_then_say, false), "done\n");
}

/* A thousand reports in a moment show as one or a few, each within the line and cleared before
 * talk. */
static void progress_overwrites_itself_within_the_line(void **state)
{
    (void)state;
    const char *text = heard(progress_then_say, true);
    assert_ptr_equal(strstr(text, "\r\033[K1 of 1000 events, ~"), text);
    const char *end = "\r\033[Kdone\r\n";
    assert_string_equal(text + strlen(text) - strlen(end), end);
    int shown = 0;
    for (const char *at = text; (at = strstr(at, "\033[K")) != NULL; at++)
        shown++;
    assert_in_range(shown, 2, 30);
    assert_string_equal(heard(progress_then_nothing, true), "\r\033[K1 of 2\r\033[K");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(talk_is_one_line_each_and_safe_to_print),
        cmocka_unit_test(quiet_silences_talk_but_not_warnings),
        cmocka_unit_test(a_long_line_is_cut_and_still_ends),
        cmocka_unit_test(progress_is_for_terminals_only),
        cmocka_unit_test(progress_overwrites_itself_within_the_line),
    };
    return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
