#include "io/lock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"

static void it_is_held_by_one_at_a_time(void **state)
{
    (void)state;
    struct err err = {0};
    int first = lock_open(scratch_path, "tws watch", &err);
    assert_true(first >= 0);
    assert_int_equal(lock_open(scratch_path, "tws watch", &err), -1);
    assert_int_equal(err.code, ERR_BUSY);
    assert_non_null(strstr(err.text, "another tws watch is running"));
    lock_close(first);
    int second = lock_open(scratch_path, "tws watch", &err);
    assert_true(second >= 0);
    lock_close(second);
    lock_close(-1);
}

static void it_goes_with_its_process_however_that_ends(void **state)
{
    (void)state;
    struct err err = {0};
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        if (lock_open(scratch_path, "tws watch", &err) < 0 || write(ready[1], "x", 1) != 1)
            _exit(1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(lock_open(scratch_path, "tws watch", &err), -1);
    assert_int_equal(err.code, ERR_BUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    int lock = lock_open(scratch_path, "tws watch", &err);
    assert_true(lock >= 0);
    lock_close(lock);
    close(ready[0]);
    close(ready[1]);
}

static void a_folder_that_is_not_there_is_no_other_process(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(lock_open("/nowhere/at/all.watch", "tws watch", &err), -1);
    assert_int_equal(err.code, ERR_STORE);
    assert_non_null(strstr(err.text, "/nowhere/at/all.watch"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(it_is_held_by_one_at_a_time),
        T(it_goes_with_its_process_however_that_ends),
        T(a_folder_that_is_not_there_is_no_other_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
