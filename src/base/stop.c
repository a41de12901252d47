#include "base/stop.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

static atomic_int requested;
static atomic_int wake_fd = -1;
static atomic_bool hung_up;

static void wake(void)
{
    int saved = errno;
    ssize_t ignored = write(wake_fd, &(uint64_t){1}, sizeof(uint64_t));
    (void)ignored; /* full means that it is readable already */
    errno = saved;
}

static void on_signal(int number)
{
    int none = 0;
    atomic_compare_exchange_strong(&requested, &none, number); /* the first one names the exit */
    wake();
}

static void on_hangup(int number)
{
    (void)number;
    hung_up = true;
    wake();
}

static void handle(int number, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags | SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, NULL);
}

static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void stop_install(void)
{
    if (wake_fd < 0)
        wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    handle(SIGINT, on_signal, SA_RESETHAND); /* the second one meets the default */
    handle(SIGTERM, on_signal, 0);
    if (!is_ignored(SIGHUP)) /* nohup means it */
        handle(SIGHUP, on_signal, 0);
    handle(SIGPIPE, SIG_IGN, 0);
    handle(SIGXFSZ, SIG_IGN, 0);
}

int stop_requested(void)
{
    return requested;
}

int stop_fd(void)
{
    return wake_fd;
}

/* Makes the descriptor wait for the next request. */
static void calm(void)
{
    uint64_t count;
    ssize_t ignored = read(wake_fd, &count, sizeof count);
    (void)ignored; /* empty means that nobody asked */
}

void stop_separate_hangup(void)
{
    if (!is_ignored(SIGHUP))
        handle(SIGHUP, on_hangup, 0);
}

bool stop_take_hangup(void)
{
    if (!hung_up)
        return false;
    calm();
    hung_up = false;
    if (requested != 0)
        wake(); /* it came at the same time */
    return true;
}

void stop_reset(void)
{
    requested = 0;
    if (wake_fd < 0)
        return;
    calm();
    handle(SIGINT, on_signal, SA_RESETHAND);
}

enum err_code stop_error(void)
{
    return stop_requested() == SIGINT ? ERR_INTERRUPTED : ERR_TERMINATED;
}
