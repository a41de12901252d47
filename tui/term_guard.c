#include "tui/term_guard.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include "base/err.h"
#include "base/stop.h"
#include "tui/term_raw.h"
#include "tui/term_stderr.h"

enum { STACK_SIZE = 64 << 10 };

static struct termios modes;
static char restoring[TERM_GUARD_BYTES_MAX];
static size_t restoring_length;
static atomic_bool armed;
static atomic_uint notes;
static int note_fd = -1;

/* Only what a signal handler may call. */
static void restore(void)
{
    if (!atomic_exchange(&armed, false))
        return;
    signal(SIGTTOU, SIG_IGN); /* in the background the next call would stop the process */
    term_raw_write(STDOUT_FILENO, restoring, restoring_length);
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    term_stderr_release();
}

static void on_crash(int number)
{
    restore();
    signal(number, SIG_DFL);
    raise(number);
}

static void on_note(int number)
{
    int saved = errno;
    notes |= number == SIGWINCH  ? TERM_GUARD_SIZE
             : number == SIGTSTP ? TERM_GUARD_SUSPEND
                                 : TERM_GUARD_CONTINUE;
    ssize_t ignored = write(note_fd, &(uint64_t){1}, sizeof(uint64_t));
    (void)ignored; /* full means that it is readable already */
    errno = saved;
}

static void on_stop(int number);

static struct watched {
    int number;
    void (*handler)(int);
    int flags;
    struct sigaction before;
} watched[] = {
    {SIGSEGV, on_crash, SA_ONSTACK | SA_NODEFER},
    {SIGABRT, on_crash, SA_ONSTACK | SA_NODEFER},
    {SIGBUS, on_crash, SA_ONSTACK | SA_NODEFER},
    {SIGFPE, on_crash, SA_ONSTACK | SA_NODEFER},
    {SIGILL, on_crash, SA_ONSTACK | SA_NODEFER},
    {SIGQUIT, on_crash, SA_ONSTACK | SA_NODEFER},
    {SIGINT, on_stop, SA_RESTART},
    {SIGTERM, on_stop, SA_RESTART},
    {SIGHUP, on_stop, SA_RESTART},
    {SIGWINCH, on_note, SA_RESTART},
    {SIGTSTP, on_note, SA_RESTART},
    {SIGCONT, on_note, SA_RESTART},
};

enum { WATCHED_COUNT = sizeof watched / sizeof *watched };

/* Whoever would end the process by it, ends it with the terminal restored; the others are asked. */
static void on_stop(int number)
{
    void (*before)(int) = SIG_DFL;
    for (size_t i = 0; i < WATCHED_COUNT; i++)
        if (watched[i].number == number)
            before = watched[i].before.sa_handler;
    if (before == SIG_DFL || (number == SIGINT && stop_requested()))
        on_crash(number);
    else
        before(number);
}

static void install(struct watched *signal)
{
    struct sigaction action = {.sa_handler = signal->handler, .sa_flags = signal->flags};
    sigemptyset(&action.sa_mask);
    sigaction(signal->number, NULL, &signal->before);
    if (signal->before.sa_handler != SIG_IGN) /* nohup means it */
        sigaction(signal->number, &action, NULL);
}

void term_guard_watch(void)
{
    static char stack[STACK_SIZE];
    static bool at_exit;
    if (note_fd < 0)
        note_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!at_exit)
        atexit(restore);
    at_exit = true;
    tcgetattr(STDIN_FILENO, &modes);
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    for (size_t i = 0; i < WATCHED_COUNT; i++)
        install(&watched[i]);
}

void term_guard_arm(const char *bytes, size_t length)
{
    if (length > sizeof restoring)
        BUG("%zu bytes to restore a terminal", length);
    armed = false;
    memcpy(restoring, bytes, length);
    restoring_length = length;
    armed = true;
}

void term_guard_leave(void)
{
    armed = false;
    for (size_t i = 0; i < WATCHED_COUNT; i++)
        sigaction(watched[i].number, &watched[i].before, NULL);
    notes = 0;
}

int term_guard_fd(void)
{
    return note_fd;
}

unsigned term_guard_take(void)
{
    uint64_t count;
    ssize_t ignored = read(note_fd, &count, sizeof count);
    (void)ignored; /* empty means that there is nothing new */
    return atomic_exchange(&notes, 0);
}

void term_guard_suspend(void)
{
    struct sigaction ours;
    sigaction(SIGTSTP, &(struct sigaction){.sa_handler = SIG_DFL}, &ours);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    /* Where nobody could continue it, as without a shell, it was not stopped, and SIGCONT does not come. */
    notes |= TERM_GUARD_CONTINUE;
}
