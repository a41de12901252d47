#include "io/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"

enum { WORDS_MAX = 64 };

extern char **environ;

/* Cuts the text at its blanks. */
static bool split(char *text, char **words, struct err *err)
{
    size_t count = 0;
    char *rest = text;
    for (char *word; (word = strsep(&rest, " \t"));) {
        if (!*word)
            continue;
        if (count + 1 == WORDS_MAX)
            return err_set(err, ERR_USAGE, "a command of more than %d words", WORDS_MAX - 1);
        words[count++] = word;
    }
    words[count] = NULL;
    return count > 0 || err_set(err, ERR_USAGE, "a command without a name");
}

/* The environment less what is meant for this program: a database's password may stand there. */
static char **kept_environment(void)
{
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    char **variables = mem_alloc(count + 1, sizeof *variables);
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], "TWS_", 4) != 0)
            variables[kept++] = environ[i];
    return variables;
}

/* A file in memory rather than a pipe: the child may read it or not, and nobody waits for the other. */
static int make_input(const char *input, size_t length)
{
    int file = memfd_create("tws", MFD_CLOEXEC);
    if (file < 0)
        return -1;
    for (size_t at = 0; at < length;) {
        ssize_t wrote = write(file, input + at, length - at);
        if (wrote <= 0)
            return close(file), -1;
        at += (size_t)wrote;
    }
    lseek(file, 0, SEEK_SET);
    return file;
}

/* Signals as a program expects them, in a group that can be killed as a whole. */
static int spawn(char **words, int input, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    AUTO_FREE char **variables = kept_environment();
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawnp(child, words[0], &actions, &attributes, words, variables);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* Whether it ended by itself in time. */
static bool wait_for(pid_t child, int limit_ms)
{
    int file = pidfd_open(child, 0);
    struct pollfd both[] = {{.fd = file, .events = POLLIN}, {.fd = stop_fd(), .events = POLLIN}};
    int64_t until_ms = clock_monotonic_ms() + limit_ms;
    while (file >= 0 && !both[0].revents && !stop_requested()) {
        int64_t left_ms = until_ms - clock_monotonic_ms();
        if (left_ms <= 0)
            break;
        poll(both, 2, (int)left_ms);
    }
    if (file >= 0)
        close(file);
    return both[0].revents != 0;
}

static bool judge(const char *name, int status, struct err *err)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status))
        return err_set(err, ERR_FAILURE, "'%.120s' ended with %d", name, WEXITSTATUS(status));
    return err_set(err, ERR_FAILURE, "'%.120s' was ended by signal %d", name, WTERMSIG(status));
}

bool child_run(const char *command, const char *input, size_t length, int limit_ms, struct err *err)
{
    char *words[WORDS_MAX];
    AUTO_FREE char *text = mem_strdup(command);
    pid_t child;
    int status = 0;
    if (!split(text, words, err))
        return false;
    int file = make_input(input, length);
    int failed = file < 0 ? errno : spawn(words, file, &child);
    if (file >= 0)
        close(file);
    if (failed)
        return err_set(err, ERR_FAILURE, "'%.120s' does not start: %s", words[0], strerror(failed));
    bool ended = wait_for(child, limit_ms);
    if (!ended)
        kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (ended)
        return judge(words[0], status, err);
    if (stop_requested())
        return err_set(err, ERR_FAILURE, "'%.120s' was killed to stop", words[0]);
    return err_set(err, ERR_FAILURE, "'%.120s' did not end within %d ms and was killed", words[0],
                   limit_ms);
}
