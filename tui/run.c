#include "tui/run.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/scratch.h"
#include "base/stop.h"
#include "tui/term.h"

enum { FRAME_MS = 33, TICK_MS = 1000, PATH_CAP = 4096 };

/* Another process that makes a store of a made-up fortnight; its clock is not ours. */
struct demo {
    char *folder; /* NULL: none was asked for */
    char path[PATH_CAP];
    pid_t child;
    int fd; /* ends when the child does; -1: it has */
};

struct run {
    struct term *term;
    struct app *app;
    struct canvas canvas;
    struct demo demo;
    bool mouse, notify, dirty, whole;
    int64_t drawn_ms, ticked_ms;
};

static bool spawn_demo(struct demo *demo, int fd)
{
    char quiet[] = "--quiet", name[] = "tws", command[] = "demo", store[] = "--store";
    char *arguments[] = {name, quiet, command, store, demo->path, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fd, STDERR_FILENO);
    int failed = posix_spawn(&demo->child, "/proc/self/exe", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed == 0;
}

static void begin_demo(struct run *run)
{
    struct demo *demo = &run->demo;
    struct err err = {0};
    int ends[2];
    if (demo->folder) {
        app_note(run->app, demo->fd < 0 ? "it was made already: tws demo makes another"
                                        : "it is being made; some seconds");
        return;
    }
    if (!(demo->folder = scratch_open(false, &err)) || pipe2(ends, O_CLOEXEC) != 0) {
        app_note(run->app, "no room for a made-up store");
        return;
    }
    snprintf(demo->path, sizeof demo->path, "%s/tws.db", demo->folder);
    bool ok = spawn_demo(demo, ends[1]);
    close(ends[1]);
    demo->fd = ends[0];
    app_note(run->app, ok ? "a fortnight of five events is being lived through; some seconds"
                          : "the made-up store could not be begun");
}

/* What the child says is only of use when it fails: its last words then go to the last line. */
static void follow_demo(struct run *run)
{
    struct demo *demo = &run->demo;
    char said[256];
    int status = 0;
    ssize_t length = read(demo->fd, said, sizeof said - 1);
    if (length > 0) {
        said[length] = '\0';
        app_note(run->app, said);
        return;
    }
    close(demo->fd);
    demo->fd = -1;
    waitpid(demo->child, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        app_show_store(run->app, demo->path);
        app_note(run->app, "all of it is made up, and gone when you leave");
    }
}

static void end_demo(struct demo *demo)
{
    if (demo->fd >= 0) {
        kill(demo->child, SIGTERM);
        waitpid(demo->child, NULL, 0);
        close(demo->fd);
    }
    if (demo->folder)
        scratch_close(demo->folder);
    mem_free(demo->folder);
}

static void show_link(struct run *run)
{
    struct term_link link;
    link.url = link.text = app_link(run->app, &link.x, &link.y);
    if (link.url)
        term_link_text(run->term, &link);
}

static void draw(struct run *run)
{
    struct term_cursor cursor;
    bool blinks = app_cursor(run->app, &cursor.x, &cursor.y);
    app_draw(run->app, &run->canvas);
    if (run->whole)
        term_redraw(run->term);
    term_show(run->term, &run->canvas, app_look(run->app)->theme, blinks ? &cursor : NULL);
    show_link(run);
    run->whole = run->dirty = false;
    run->drawn_ms = clock_monotonic_ms();
}

static void resize(struct run *run, int width, int height)
{
    canvas_release(&run->canvas);
    canvas_init(&run->canvas, width, height, app_look(run->app)->ascii);
}

static void grant(struct run *run)
{
    struct app_wishes wishes = app_wishes(run->app);
    run->whole = run->whole || wishes.redraw;
    if (wishes.copy && !term_copy(run->term, wishes.copy))
        app_note(run->app, "too long for the clipboard");
    if (wishes.turn_mouse) {
        run->mouse = !run->mouse;
        term_set_mouse(run->term, run->mouse);
        app_note(run->app, run->mouse ? "the mouse is heard; Shift selects text"
                                      : "the mouse is left to the terminal");
    }
    if (wishes.tell && run->notify)
        term_notify(run->term, wishes.tell);
    if (wishes.demo)
        begin_demo(run);
}

static bool take_key(struct run *run, const struct key *key)
{
    if (key->code == KEY_CODE_SIZE)
        resize(run, key->x, key->y);
    run->dirty = true;
    return app_key(run->app, key);
}

static void tick(struct run *run)
{
    int64_t now_ms = clock_monotonic_ms();
    char said[256];
    if (now_ms - run->ticked_ms < TICK_MS)
        return;
    run->ticked_ms = now_ms;
    run->dirty = app_tick(run->app) || run->dirty;
    if (term_take_stderr(run->term, said, sizeof said)) {
        app_note(run->app, said);
        run->dirty = true;
    }
}

/* How long nothing needs to be done: until the next frame is allowed, or the next tick is due. */
static int patience(const struct run *run)
{
    int64_t now_ms = clock_monotonic_ms();
    int64_t due_ms = run->dirty ? run->drawn_ms + FRAME_MS : run->ticked_ms + TICK_MS;
    return due_ms > now_ms ? (int)(due_ms - now_ms) : 0;
}

/* Until the workstation is left (true) or has to end (false). */
static bool loop(struct run *run)
{
    for (;;) {
        struct pollfd fds[] = {{app_fd(run->app), POLLIN, 0}, {run->demo.fd, POLLIN, 0}};
        struct key key;
        if (run->dirty && clock_monotonic_ms() - run->drawn_ms >= FRAME_MS)
            draw(run);
        switch (term_wait(run->term, patience(run), fds, 2, &key)) {
        case TERM_KEY:
            if (!take_key(run, &key))
                return true;
            break;
        case TERM_READY:
            if (fds[1].revents)
                follow_demo(run);
            run->dirty = app_work(run->app) || fds[1].revents || run->dirty;
            break;
        case TERM_TIMEOUT:
            break;
        case TERM_STOP:
            return false;
        }
        tick(run);
        grant(run);
    }
}

/* What was asked for, as far as the terminal can. */
static struct look look_of(const struct term *term, const struct look *asked)
{
    struct look look = *asked;
    look.depth = term_depth(term);
    look.ascii = term_is_ascii(term);
    const struct marker *marker = asked->marker;
    for (size_t i = 0; !marker || !term_shows(term, marker) || (look.ascii && !marker->ascii); i++)
        marker = marker_at(i);
    look.marker = marker;
    return look;
}

bool run_terminal(const struct run_settings *settings, struct err *err)
{
    struct run run = {
        .mouse = settings->mouse, .notify = settings->notify, .dirty = true, .demo = {.fd = -1}};
    struct term_settings wanted = {
        .mouse = settings->mouse, .sync = true, .depth = settings->app.look.depth};
    struct app_settings app = settings->app;
    run.term = term_open(&wanted, err);
    if (!run.term)
        return false;
    term_size(run.term, &app.width, &app.height);
    app.look = look_of(run.term, &settings->app.look);
    run.app = app_open(&app);
    resize(&run, app.width, app.height);
    term_title(run.term, "tws");
    run.drawn_ms = run.ticked_ms = clock_monotonic_ms() - TICK_MS;
    bool left = loop(&run);
    bool ok = app_close(run.app, err);
    term_close(run.term);
    canvas_release(&run.canvas);
    end_demo(&run.demo);
    if (!left)
        return err_set(err, stop_requested() ? stop_error() : ERR_TERMINATED,
                       "the workstation was ended");
    return ok;
}

static bool play(struct run *run, const char *script, struct err *err)
{
    struct key_script at = {.at = script};
    struct key key;
    app_wait(run->app);
    do {
        if (!key_script_next(&at, &key, err))
            return false;
        if (key.code == KEY_CODE_SIZE)
            resize(run, key.x, key.y);
        if (key.code == KEY_CODE_NONE || !app_key(run->app, &key))
            return true;
        app_wishes(run->app);
        app_wait(run->app);
    } while (!stop_requested());
    return err_set(err, stop_error(), "the script was stopped");
}

bool run_script(const struct run_settings *settings, const char *script, struct buf *dump,
                struct err *err)
{
    struct run run = {0};
    const struct look *look = &settings->app.look;
    run.app = app_open(&settings->app);
    resize(&run, settings->app.width, settings->app.height);
    bool ok = play(&run, script, err);
    if (ok) {
        app_draw(run.app, &run.canvas);
        canvas_ansi(&run.canvas, app_look(run.app)->theme, look->depth, dump);
    }
    struct err unsaved = {0};
    bool saved = app_close(run.app, &unsaved);
    canvas_release(&run.canvas);
    if (ok && !saved)
        *err = unsaved;
    return ok && saved;
}
