/* What the workstation costs, without a terminal.
 * frames walk STORE hour|snapshot POLLS: for each screen median, 95th percentile and maximum of a key to its new frame in wall
 * ms, the same percentile and maximum in CPU ms, and the median CPU ms of drawing; then the peak KiB.
 * frames grow STORE: lives days of polls that another process writes, half a day in view; KiB, KiB of the heap in use, and
 * descriptors after each. */
#include <dirent.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "tui/app.h"

enum { WIDTH = 200, HEIGHT = 60, KEYS_MAX = 64, DAY_POLLS = 96, DAYS = 5 };

static const struct {
    const char *screen, *keys;
} walks[] = {
    {"board", "jjjkkk<PgDn><PgUp>sssS/900<Enter>/<Esc>GgG"},
    {"trend", "hhhhHHll++--<lt><lt><gt>0aannN12mmmyyxx%%]][[#"},
    {"groups", "hhhhHHll++--<lt><lt><gt>0aannN12yyxx%%]][[####"},
    {"counts", "hhhhHHll++--<lt><lt><gt>0aannN12mmyyxx%%]][["},
    {"market", "hhhhjjkkHLmhhjjmjjkkmjjkkm<Space>jk<Space>+-0"},
    {"listings", "jjjkkk<lt><lt><lt><gt><gt>sssSG#g0"},
    {"compare", "hhhHHll++--<lt><gt>0mmmyy%%<Space><Space>"},
    {"jobs", "jjjkkk!!sss<PgDn><PgUp>Gg"},
};

static struct app *open_app(const char *path)
{
    struct app_settings settings = {
        .store_path = path,
        .screen = SCREEN_BOARD,
        .width = WIDTH,
        .height = HEIGHT,
        .look = {.theme = theme_default(), .depth = THEME_256, .marker = marker_find("braille")},
    };
    struct app *app = app_open(&settings);
    app_wait(app);
    return app;
}

static void walk_screen(struct app *app, struct canvas *canvas, size_t which)
{
    double walls[KEYS_MAX], cpus[KEYS_MAX], draws[KEYS_MAX];
    size_t count = 0;
    struct key_script script = {.at = walks[which].keys};
    struct key key;
    struct err err = {0};
    app_command(app, walks[which].screen);
    app_wait(app);
    while (count < KEYS_MAX && key_script_next(&script, &key, &err) && key.code != KEY_CODE_NONE) {
        double start = bench_wall_ms(), cpu = bench_cpu_ms();
        app_key(app, &key);
        app_wait(app);
        double loaded = bench_cpu_ms();
        app_draw(app, canvas);
        draws[count] = bench_cpu_ms() - loaded;
        cpus[count] = bench_cpu_ms() - cpu;
        walls[count++] = bench_wall_ms() - start;
    }
    printf("%s %.2f %.2f %.2f %.2f %.2f %.2f\n", walks[which].screen,
           bench_quantile(walls, count, 0.5), bench_quantile(walls, count, 0.95),
           bench_quantile(walls, count, 1), bench_quantile(cpus, count, 0.95),
           bench_quantile(cpus, count, 1), bench_quantile(draws, count, 0.5));
    app_command(app, "clear");
}

static long peak_kib(const char *name)
{
    char line[256];
    long kib = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, name, strlen(name)) == 0)
            kib = atol(line + strlen(name));
    if (status)
        fclose(status);
    return kib;
}

static int descriptors(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count;
}

static void walk(const char *path, const char *by)
{
    char command[64];
    struct canvas canvas;
    struct err err = {0};
    struct app *app = open_app(path);
    canvas_init(&canvas, WIDTH, HEIGHT, false);
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        snprintf(command, sizeof command, "by %s", by);
        app_command(app, command);
        walk_screen(app, &canvas, i);
    }
    app_close(app, &err);
    canvas_release(&canvas);
    printf("peak %ld\n", peak_kib("VmHWM:"));
}

/* Writes a poll for each byte that comes, and answers with one: its memory is its own. */
static void write_polls(const char *path, int asked, int done)
{
    char byte;
    struct event event;
    struct simulator_settings settings = bench_settings(500, 70);
    struct store *store = bench_store(path, &event);
    for (int poll = 0; write(done, "", 1) == 1 && read(asked, &byte, 1) == 1; poll++) {
        struct ingest_report report;
        struct buf body = bench_answer(&settings, poll);
        clock_fix(bench_poll_ms(poll));
        bench_poll(store, event.id, bench_poll_ms(poll), &body, &report);
        buf_release(&body);
    }
    store_close(store);
}

static void watch_polls(const char *path, int ask, int done)
{
    char byte;
    struct canvas canvas;
    struct err err = {0};
    if (read(done, &byte, 1) != 1)
        bench_die(path, NULL);
    struct app *app = open_app(path);
    canvas_init(&canvas, WIDTH, HEIGHT, false);
    app_command(app, "trend");
    app_command(app, "from 12h");
    for (int poll = 0; poll < DAYS * DAY_POLLS; poll++) {
        clock_fix(bench_poll_ms(poll));
        if (write(ask, "", 1) != 1 || read(done, &byte, 1) != 1)
            bench_die(path, NULL);
        app_tick(app);
        app_wait(app);
        app_draw(app, &canvas);
        if ((poll + 1) % DAY_POLLS == 0)
            printf("day%d %ld %zu %d\n", (poll + 1) / DAY_POLLS, peak_kib("VmRSS:"),
                   mallinfo2().uordblks / 1024, descriptors());
    }
    app_close(app, &err);
    canvas_release(&canvas);
}

static void grow(const char *path)
{
    int ask[2], done[2];
    if (pipe(ask) != 0 || pipe(done) != 0)
        bench_die("pipe", NULL);
    pid_t writer = fork();
    if (writer == 0) {
        close(ask[1]);
        write_polls(path, ask[0], done[1]);
        _exit(0);
    }
    watch_polls(path, ask[1], done[0]);
    close(ask[1]);
    waitpid(writer, NULL, 0);
}

int main(int argc, char **argv)
{
    if (argc == 5 && strcmp(argv[1], "walk") == 0) {
        clock_fix(bench_poll_ms(atoi(argv[4])));
        walk(argv[2], argv[3]);
    } else if (argc == 3 && strcmp(argv[1], "grow") == 0)
        grow(argv[2]);
    else
        bench_die("usage: walk STORE hour|snapshot POLLS | grow STORE", NULL);
    return 0;
}
