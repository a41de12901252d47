/* Runs commands by turns and times the whole processes: span TIMES COMMAND [ARG...] [";" COMMAND [ARG...]]...
 * A line for each: number, median wall ms, median CPU ms, largest resident KiB, and whether all ended well. */
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "bench.h"

enum { COMMANDS_MAX = 16 };

struct timed {
    char **argv;
    double *wall_ms, *cpu_ms;
    long peak_kb;
    int failed;
};

static double ms_of(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

static void run(struct timed *timed, int turn)
{
    extern char **environ;
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    int status;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    double start_ms = bench_wall_ms();
    if (posix_spawnp(&pid, timed->argv[0], &actions, NULL, timed->argv, environ) != 0)
        bench_die(timed->argv[0], NULL);
    if (wait4(pid, &status, 0, &usage) != pid)
        bench_die("wait4", NULL);
    timed->wall_ms[turn] = bench_wall_ms() - start_ms;
    timed->cpu_ms[turn] = ms_of(usage.ru_utime) + ms_of(usage.ru_stime);
    timed->peak_kb = usage.ru_maxrss > timed->peak_kb ? usage.ru_maxrss : timed->peak_kb;
    timed->failed += status != 0;
    posix_spawn_file_actions_destroy(&actions);
}

int main(int argc, char **argv)
{
    struct timed commands[COMMANDS_MAX] = {0};
    int count = 0, turns = argc > 2 ? atoi(argv[1]) : 0;
    if (turns < 1)
        bench_die("usage: span TIMES COMMAND [ARG...] [\";\" COMMAND...]", NULL);
    for (int i = 2; i < argc && count < COMMANDS_MAX; i++, count++) {
        commands[count].argv = &argv[i];
        commands[count].wall_ms = calloc((size_t)turns, sizeof(double));
        commands[count].cpu_ms = calloc((size_t)turns, sizeof(double));
        while (i < argc && strcmp(argv[i], ";") != 0)
            i++;
        argv[i] = NULL;
    }
    for (int turn = 0; turn < turns; turn++)
        for (int i = 0; i < count; i++)
            run(&commands[i], turn);
    for (int i = 0; i < count; i++)
        printf("%d %.2f %.2f %ld %s\n", i + 1, bench_median(commands[i].wall_ms, (size_t)turns),
               bench_median(commands[i].cpu_ms, (size_t)turns), commands[i].peak_kb,
               commands[i].failed ? "failed" : "ok");
    return 0;
}
