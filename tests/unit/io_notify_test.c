#include "io/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "scratch.h"

/* A socket as systemd opens it; a name that begins with '@' is an abstract one. */
static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

static void expect(int fd, const char *state)
{
    char heard[100] = "";
    assert_true(recv(fd, heard, sizeof heard - 1, 0) >= 0);
    assert_string_equal(heard, state);
}

static void each_state_is_one_datagram(void **state)
{
    (void)state;
    char name[SCRATCH_PATH_MAX + 16];
    snprintf(name, sizeof name, "%s/notify", scratch_folder);
    int fd = listen_at(name);
    assert_true(notify_send("READY=1"));
    assert_true(notify_send("STATUS=1 events"));
    expect(fd, "READY=1");
    expect(fd, "STATUS=1 events");
    close(fd);
    assert_false(notify_send("READY=1")); /* nobody listens any more */
    snprintf(name, sizeof name, "@tws-notify-test-%ld", (long)getpid());
    fd = listen_at(name);
    assert_true(notify_send("STOPPING=1"));
    expect(fd, "STOPPING=1");
    close(fd);
}

static void what_is_no_socket_hears_nothing(void **state)
{
    (void)state;
    char longer[300];
    memset(longer, 'x', sizeof longer - 1);
    longer[0] = '/';
    longer[sizeof longer - 1] = '\0';
    const char *const names[] = {"", "/", "@", "notify", "vsock:2:9999", "/nowhere/notify", longer};
    unsetenv("NOTIFY_SOCKET");
    assert_false(notify_send("READY=1"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        setenv("NOTIFY_SOCKET", names[i], 1);
        assert_false(notify_send("READY=1"));
    }
}

static int64_t watchdog(const char *span, const char *pid)
{
    setenv("WATCHDOG_USEC", span, 1);
    if (pid)
        setenv("WATCHDOG_PID", pid, 1);
    else
        unsetenv("WATCHDOG_PID");
    return notify_watchdog_ms();
}

static void the_watchdog_wants_to_hear_twice_as_often_as_it_bites(void **state)
{
    (void)state;
    char own[32], other[32];
    snprintf(own, sizeof own, "%ld", (long)getpid());
    snprintf(other, sizeof other, "%ld", (long)getppid());
    unsetenv("WATCHDOG_USEC");
    assert_int_equal(notify_watchdog_ms(), 0);
    assert_int_equal(watchdog("30000000", NULL), 15000);
    assert_int_equal(watchdog("30000000", own), 15000);
    assert_int_equal(watchdog("30000000", other), 0);
    assert_int_equal(watchdog("30000000", "me"), 0);
    assert_int_equal(watchdog("0", NULL), 0);
    assert_int_equal(watchdog("-1", NULL), 0);
    assert_int_equal(watchdog("soon", NULL), 0);
}

#define T(name) cmocka_unit_test_setup_teardown(name, scratch_make, scratch_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(each_state_is_one_datagram),
        T(what_is_no_socket_hears_nothing),
        T(the_watchdog_wants_to_hear_twice_as_often_as_it_bites),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
