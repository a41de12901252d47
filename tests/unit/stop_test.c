#include "base/stop.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool is_readable(int fd)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    return poll(&wait, 1, 0) == 1;
}

static void nothing_is_requested_before_a_signal(void **state)
{
    (void)state;
    assert_int_equal(stop_fd(), -1);
    assert_int_equal(stop_requested(), 0);
    stop_install();
    assert_true(stop_fd() >= 0);
    assert_int_equal(stop_requested(), 0);
    assert_false(is_readable(stop_fd()));
}

static void each_signal_sets_the_flag_and_wakes_the_poll(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGINT};
    stop_install();
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        raise(signals[i]);
        assert_int_equal(stop_requested(), signals[i]);
        assert_true(is_readable(stop_fd()));
        stop_reset();
        assert_int_equal(stop_requested(), 0);
        assert_false(is_readable(stop_fd()));
    }
}

static void the_first_signal_names_the_exit(void **state)
{
    (void)state;
    stop_install();
    raise(SIGTERM);
    raise(SIGINT);
    assert_int_equal(stop_requested(), SIGTERM);
    stop_reset();
}

static int status_of(void (*job)(void))
{
    pid_t child = fork();
    if (child == 0) {
        job();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void interrupt_twice(void)
{
    stop_install();
    raise(SIGINT);
    raise(SIGINT);
}

static void terminate_twice(void)
{
    stop_install();
    raise(SIGTERM);
    raise(SIGTERM);
}

static void write_to_nobody(void)
{
    int fds[2];
    stop_install();
    if (pipe(fds) == 0 && close(fds[0]) == 0 && write(fds[1], "x", 1) < 0)
        _exit(7);
}

static void hang_up_under_nohup(void)
{
    signal(SIGHUP, SIG_IGN);
    stop_install();
    raise(SIGHUP);
    _exit(stop_requested() == 0 ? 8 : 0);
}

static void a_second_interrupt_ends_the_process_at_once(void **state)
{
    (void)state;
    int status = status_of(interrupt_twice);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGINT);
    status = status_of(terminate_twice);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void a_closed_pipe_is_a_write_error(void **state)
{
    (void)state;
    int status = status_of(write_to_nobody);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

static void nohup_is_respected(void **state)
{
    (void)state;
    int status = status_of(hang_up_under_nohup);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_requested_before_a_signal),
        cmocka_unit_test(each_signal_sets_the_flag_and_wakes_the_poll),
        cmocka_unit_test(the_first_signal_names_the_exit),
        cmocka_unit_test(a_second_interrupt_ends_the_process_at_once),
        cmocka_unit_test(a_closed_pipe_is_a_write_error),
        cmocka_unit_test(nohup_is_respected),
    };
    return cmocka_run_group_tests_name("stop", tests, NULL, NULL);
}
