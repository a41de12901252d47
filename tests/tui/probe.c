/*
 * Shows what tui/term says and does: the terminal's nature on the first line, then the keys that came. Some keys do
 * something: q ends, A aborts, S crashes, e writes to stderr, l shows what came there, b blinks a cursor, t titles the
 * window, c copies, C copies too much, n notifies, m takes the mouse away, h hangs.
 * An argument is a pipe to read lines from. DEPTH in the environment is the number of struct term_settings.depth.
 */
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/stop.h"
#include "base/text.h"
#include "tui/canvas.h"
#include "tui/term.h"

enum { KEYS_MAX = 64, LINE_SIZE = 160 };

struct probe {
    struct term *term;
    const struct term_cursor *cursor;
    char said[LINE_SIZE];
    char keys[KEYS_MAX][KEY_NAME_MAX + KEY_TEXT_MAX];
    int count;
};

static const char *finest(const struct term *term)
{
    for (size_t i = 0; marker_at(i); i++)
        if (term_shows(term, marker_at(i)))
            return marker_at(i)->name;
    return "none";
}

static void show(const struct probe *probe)
{
    static const char *const depths[] = {"plain", "mono", "8", "256", "true"};
    AUTO_CANVAS struct canvas canvas;
    char line[LINE_SIZE];
    int width, height;
    term_size(probe->term, &width, &height);
    canvas_init(&canvas, width, height, term_is_ascii(probe->term));
    snprintf(line, sizeof line, "probe %dx%d depth=%s marker=%s", width, height,
             depths[term_depth(probe->term)], finest(probe->term));
    canvas_text(&canvas, 0, 0, line, THEME_TITLE);
    for (int i = 0; i < THEME_SERIES_COUNT; i++)
        canvas_put(&canvas, i, 1, 0x28ff, theme_series((size_t)i));
    canvas_text(&canvas, 10, 1, "selected 東", THEME_TEXT);
    for (int x = 10; x < 21; x++)
        canvas_ground(&canvas, x, 1, THEME_SELECTED);
    canvas_text(&canvas, 0, 2, probe->said, THEME_NOTE);
    int first = probe->count > height - 5 ? probe->count - (height - 5) : 0;
    for (int i = first; i < probe->count; i++)
        canvas_text(&canvas, 0, 3 + i - first, probe->keys[i % KEYS_MAX], THEME_TEXT);
    canvas_text(&canvas, width - 4, height - 1, "last", THEME_AXIS);
    term_show(probe->term, &canvas, theme_default(), probe->cursor);
}

static void note(struct probe *probe, const struct key *key)
{
    char name[KEY_NAME_MAX];
    snprintf(probe->keys[probe->count++ % KEYS_MAX], sizeof probe->keys[0], "[%s]%s",
             key_format(name, key), key->text);
}

static void copy_too_much(struct probe *probe)
{
    static char text[TERM_COPY_MAX / 4 * 3 + 4];
    memset(text, 'x', sizeof text - 1);
    bool longer = term_copy(probe->term, text);
    text[sizeof text - 4] = '\0';
    bool fits = term_copy(probe->term, text);
    snprintf(probe->said, sizeof probe->said, "copied %zu: %s, %zu: %s", sizeof text - 1,
             longer ? "yes" : "no", strlen(text), fits ? "yes" : "no");
}

/* False: end. */
static bool act(struct probe *probe, uint32_t character)
{
    static const struct term_cursor place = {5, 2};
    switch (character) {
    case 'q':
        return false;
    case 'A':
        BUG("asked to");
    case 'S':
        raise(SIGSEGV);
        break;
    case 'e':
        fputs("a complaint\nof two lines\n", stderr);
        break;
    case 'l':
        if (!term_take_stderr(probe->term, probe->said, sizeof probe->said))
            snprintf(probe->said, sizeof probe->said, "nothing was said");
        break;
    case 'b':
        probe->cursor = &place;
        break;
    case 't':
        term_title(probe->term, "a title\033]2;another\a");
        break;
    case 'c':
        term_copy(probe->term, "copied text");
        break;
    case 'C':
        copy_too_much(probe);
        break;
    case 'h':
        for (;;)
            pause();
    case 'n':
        term_notify(probe->term, "a notice");
        break;
    case 'm':
        term_set_mouse(probe->term, false);
        break;
    default:
        break;
    }
    return true;
}

static void hear(struct probe *probe, int fd)
{
    char line[LINE_SIZE] = "";
    ssize_t length = read(fd, line, sizeof line - 1);
    line[length > 0 ? length : 0] = '\0';
    text_printable(probe->said, sizeof probe->said, line);
}

static void run(struct probe *probe, int fd)
{
    struct pollfd fds = {.fd = fd, .events = POLLIN};
    for (;;) {
        struct key key;
        show(probe);
        switch (term_wait(probe->term, -1, &fds, 1, &key)) {
        case TERM_KEY:
            note(probe, &key);
            if (key.code == KEY_CODE_CHARACTER && !key.ctrl && !key.alt &&
                !act(probe, key.character))
                return;
            break;
        case TERM_READY:
            hear(probe, fd);
            break;
        case TERM_STOP:
            return;
        case TERM_TIMEOUT:
            break;
        }
    }
}

int main(int argc, char **argv)
{
    static struct probe probe;
    struct err err = {0};
    const char *depth = getenv("DEPTH");
    struct term_settings settings = {
        .mouse = true,
        .sync = true,
        .depth = depth ? (enum theme_depth)strtol(depth, NULL, 10) : THEME_PLAIN,
    };
    setlocale(LC_CTYPE, "");
    stop_install();
    probe.term = term_open(&settings, &err);
    if (!probe.term) {
        fprintf(stderr, "probe: %s\nhint: %s\n", err.text, err.hint);
        return err_exit_code(err.code);
    }
    run(&probe, argc > 1 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1);
    term_close(probe.term);
    return stop_requested() ? err_exit_code(stop_error()) : 0;
}
