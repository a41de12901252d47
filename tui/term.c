#include "tui/term.h"

#define NCURSES_NOMACROS 1
#include <ncurses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/text.h"
#include "tui/term_guard.h"
#include "tui/term_input.h"
#include "tui/term_paint.h"
#include "tui/term_raw.h"
#include "tui/term_stderr.h"
#include "tui/term_type.h"

enum { OWN_FDS = 3, FDS_MAX = 16, TEXT_BYTES_MAX = 512 };

/* DECSET modes: 1000 buttons, 1002 drags, 1006 places beyond column 223, 2004 marked pastes, 2026 frames. */
#define MOUSE_ON "\033[?1000;1002;1006h"
#define MOUSE_OFF "\033[?1006;1002;1000l"
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define SYNC_ON "\033[?2026h"
#define SYNC_OFF "\033[?2026l"
/* Handed through tmux, in which every ESC is doubled. */
#define TMUX_BEGIN "\033Ptmux;"
#define TMUX_END "\033\\"
#define NOTIFY "\033]9"
/* The window's title is kept aside and taken back. */
#define TITLE_PUSH "\033[22;2t"
#define TITLE_POP "\033[23;2t"

struct term {
    SCREEN *screen;
    FILE *in, *out;
    struct term_paint *paint;
    enum theme_depth depth;
    bool unicode;
    bool console; /* the Linux console: a font of 256 or 512 characters */
    bool xterm;   /* knows xterm's private modes, or passes over them */
    bool sync;
    bool mouse;
    bool titled;
    int suspect; /* what poll() last said of stdin */
    bool gone;
    int width, height;
};

static bool contains(const char *text, const char *word)
{
    return text && strstr(text, word);
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

static bool speaks_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* A locale that came with an ssh session and is not installed here leaves ASCII, though the terminal
   shows UTF-8. */
static void settle_locale(void)
{
    const char *name = environment("LC_ALL");
    if (!*name)
        name = environment("LC_CTYPE");
    if (!*name)
        name = environment("LANG");
    bool utf8 = text_contains_folded(name, "utf-8") || text_contains_folded(name, "utf8");
    if (utf8 && !speaks_utf8())
        setlocale(LC_CTYPE, "C.UTF-8");
}

static bool wants_true_color(const struct term_settings *settings)
{
    if (settings->depth != THEME_PLAIN)
        return settings->depth == THEME_TRUE;
    return !*environment("NO_COLOR") &&
           (contains(getenv("COLORTERM"), "truecolor") || contains(getenv("COLORTERM"), "24bit"));
}

static void refuse(enum term_type_fitness fitness, struct err *err)
{
    const char *type = environment("TERM");
    if (!*type)
        err_set(err, ERR_USAGE, "TERM is not set, so it is not known how to draw here");
    else if (fitness == TERM_TYPE_DUMB)
        err_set(err, ERR_USAGE, "a terminal of TERM=%s cannot place a cursor", type);
    else
        err_set(err, ERR_USAGE, "TERM=%s is in no terminfo here", type);
    err_hint(err, "set TERM to what the terminal is like, such as xterm-256color; or ask one "
                  "question at a time: tws help");
}

static enum theme_depth find_depth(const struct term_settings *settings, bool direct)
{
    enum theme_depth depth = direct          ? THEME_TRUE
                             : COLORS >= 256 ? THEME_256
                             : COLORS >= 8   ? THEME_8
                                             : THEME_MONO;
    if (settings->depth == THEME_PLAIN)
        return *environment("NO_COLOR") ? THEME_MONO : depth;
    return settings->depth < depth ? settings->depth : depth;
}

/* What a crash has to write: endwin() is not for signal handlers. */
static void arm(const struct term *term)
{
    AUTO_BUF struct buf bytes;
    buf_init(&bytes, TERM_GUARD_BYTES_MAX);
    if (term->xterm)
        buf_puts(&bytes, SYNC_OFF MOUSE_OFF PASTE_OFF);
    if (term->titled)
        buf_puts(&bytes, TITLE_POP);
    term_type_add(&bytes, "rmkx");
    term_type_add(&bytes, "sgr0");
    term_type_add(&bytes, "cnorm");
    term_type_add(&bytes, "rmcup");
    term_guard_arm(buf_text(&bytes), bytes.length);
}

static void write_text(const char *text)
{
    term_raw_write(STDOUT_FILENO, text, strlen(text));
}

static void modes_on(const struct term *term)
{
    if (term->xterm)
        write_text(term->mouse ? PASTE_ON MOUSE_ON : PASTE_ON);
}

static void modes_off(const struct term *term)
{
    if (term->xterm)
        write_text(MOUSE_OFF PASTE_OFF);
}

static void measure(struct term *term)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
    term->width = getmaxx(stdscr);
    term->height = getmaxy(stdscr);
    term_paint_forget(term->paint);
}

/* newterm() of a type and the streams, which it wants as FILE. */
static bool start_curses(struct term *term, const char *type)
{
    use_env(FALSE); /* LINES and COLUMNS would fix the size */
    use_tioctl(TRUE);
    term->in = fdopen(dup(STDIN_FILENO), "r");
    term->out = fdopen(dup(STDOUT_FILENO), "w");
    term->screen = term->in && term->out ? newterm(type, term->out, term->in) : NULL;
    if (!term->screen)
        return false;
    set_term(term->screen);
    start_color();
    use_default_colors();
    term_input_open();
    return true;
}

static void free_term(struct term *term)
{
    if (term->in)
        fclose(term->in);
    if (term->out)
        fclose(term->out);
    mem_free(term);
}

struct term *term_open(const struct term_settings *settings, struct err *err)
{
    char type[TERM_TYPE_MAX];
    bool direct = wants_true_color(settings);
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_USAGE, "stdin or stdout is no terminal");
        err_hint(err, "tws help lists the commands that need none");
        return NULL;
    }
    enum term_type_fitness fitness = term_type_choose(type, &direct);
    if (fitness != TERM_TYPE_FIT) {
        refuse(fitness, err);
        return NULL;
    }
    settle_locale();
    struct term *term = mem_alloc(1, sizeof *term);
    *term = (struct term){.mouse = settings->mouse};
    term_guard_watch();
    if (!start_curses(term, type)) {
        err_set(err, ERR_FAILURE, "the terminal (TERM=%s) cannot be taken over", type);
        term_guard_leave();
        free_term(term);
        return NULL;
    }
    term->unicode = speaks_utf8();
    term->console = strncmp(type, "linux", 5) == 0;
    term->xterm = !term->console && strncmp(type, "vt", 2) != 0;
    term->sync = settings->sync && term->xterm;
    term->depth = find_depth(settings, direct);
    term->paint = term_paint_open(term->depth);
    arm(term);
    term_stderr_hold();
    measure(term);
    modes_on(term);
    return term;
}

void term_close(struct term *term)
{
    modes_off(term);
    if (term->titled)
        write_text(TITLE_POP);
    endwin();
    term_guard_leave();
    term_stderr_release();
    term_paint_close(term->paint);
    delscreen(term->screen);
    free_term(term);
}

void term_size(const struct term *term, int *width, int *height)
{
    *width = term->width;
    *height = term->height;
}

enum theme_depth term_depth(const struct term *term)
{
    return term->depth;
}

bool term_is_ascii(const struct term *term)
{
    return !term->unicode;
}

bool term_shows(const struct term *term, const struct marker *marker)
{
    if (marker->ascii)
        return true;
    if (!term->unicode || (term->console && marker->dots_x > 1))
        return false;
    unsigned dots = 1u << (marker->dots_x * marker->dots_y);
    for (unsigned set = 1; set < dots; set++)
        if (wcwidth((wchar_t)marker_glyph(marker, set, 0)) != 1)
            return false;
    return true;
}

void term_show(struct term *term, const struct canvas *canvas, const struct theme *theme,
               const struct term_cursor *cursor)
{
    term_paint_draw(term->paint, canvas, theme);
    curs_set(cursor != NULL);
    if (cursor)
        wmove(stdscr, cursor->y, cursor->x);
    wnoutrefresh(stdscr);
    /* ncurses has a buffer of its own, which doupdate() empties: written past it, the marks stand around the frame. */
    if (term->sync)
        write_text(SYNC_ON);
    doupdate();
    if (term->sync)
        write_text(SYNC_OFF);
}

void term_link_text(struct term *term, const struct term_link *link)
{
    AUTO_BUF struct buf out;
    char text[TEXT_BYTES_MAX], url[TEXT_BYTES_MAX];
    buf_init(&out, 4 * TEXT_BYTES_MAX);
    if (!term->xterm)
        return;
    text_printable(text, sizeof text, link->text);
    text_printable(url, sizeof url, link->url);
    /* where the cursor is, and its colours, are put back: ncurses knows nothing of this */
    buf_printf(&out, "\0337\033[%d;%dH\033]8;;%s\033\\\033[4m%s\033]8;;\033\\\0338", link->y + 1,
               link->x + 1, url, text);
    if (!out.overflow)
        write_text(buf_text(&out));
    wredrawln(stdscr, link->y, 1);
}

void term_redraw(struct term *term)
{
    (void)term;
    clearok(curscr, TRUE);
}

static void suspend(struct term *term)
{
    modes_off(term);
    endwin();
    term_guard_suspend();
}

static void resume(struct term *term)
{
    /* Stopped without having been asked (SIGSTOP): the shell has changed the modes meanwhile. */
    if (!isendwin())
        endwin();
    clearok(curscr, TRUE);
    measure(term);
    wrefresh(stdscr); /* before any key is read: it turns the keypad on again */
    modes_on(term);
}

/* Does what signals asked for; true when the terminal must be drawn anew. */
static bool heed_signals(struct term *term)
{
    unsigned notes = term_guard_take();
    if (notes & TERM_GUARD_SUSPEND) {
        suspend(term);
        notes |= term_guard_take();
    }
    if (notes & TERM_GUARD_CONTINUE)
        resume(term);
    else if (notes & TERM_GUARD_SIZE)
        measure(term);
    return notes != 0;
}

static struct key size_key(const struct term *term)
{
    return (struct key){.code = KEY_CODE_SIZE, .x = term->width, .y = term->height};
}

/* Whether nobody sits there any more: poll said that there was something to read, and there is nothing. */
static bool is_gone(int revents)
{
    int count = 0;
    if (revents & (POLLHUP | POLLERR | POLLNVAL))
        return true;
    return revents & POLLIN &&
           poll(&(struct pollfd){.fd = STDIN_FILENO, .events = POLLIN}, 1, 0) > 0 &&
           (ioctl(STDIN_FILENO, FIONREAD, &count) != 0 || count == 0);
}

/* Polls the terminal, the signals, the stop and the caller's descriptors. Whether any of the last has something. */
static bool wait_once(struct term *term, int timeout_ms, struct pollfd *fds, size_t count)
{
    struct pollfd all[OWN_FDS + FDS_MAX] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = term_guard_fd(), .events = POLLIN},
        {.fd = stop_fd(), .events = POLLIN},
    };
    bool ready = false;
    memcpy(all + OWN_FDS, fds, count * sizeof *fds);
    if (poll(all, OWN_FDS + count, timeout_ms) <= 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        fds[i].revents = all[OWN_FDS + i].revents;
        ready |= fds[i].revents != 0;
    }
    term->suspect = all[0].revents;
    return ready;
}

/* What has happened already, without waiting; TERM_TIMEOUT: nothing. */
static enum term_wake happened(struct term *term, struct key *key)
{
    if (term->gone || stop_requested())
        return TERM_STOP;
    if (heed_signals(term)) {
        *key = size_key(term);
        return TERM_KEY;
    }
    if (term_input_next(key))
        return TERM_KEY;
    term->gone = is_gone(term->suspect);
    term->suspect = 0;
    return term->gone ? TERM_STOP : TERM_TIMEOUT;
}

enum term_wake term_wait(struct term *term, int timeout_ms, struct pollfd *fds, size_t count,
                         struct key *key)
{
    int64_t until_ms = clock_monotonic_ms() + timeout_ms;
    if (count > FDS_MAX)
        BUG("%zu descriptors to wait for", count);
    for (size_t i = 0; i < count; i++)
        fds[i].revents = 0;
    for (bool ready = false;;) {
        enum term_wake wake = happened(term, key);
        if (wake != TERM_TIMEOUT)
            return wake;
        if (ready)
            return TERM_READY;
        int64_t left_ms = until_ms - clock_monotonic_ms();
        if (timeout_ms >= 0 && left_ms < 0)
            return TERM_TIMEOUT;
        ready = wait_once(term, timeout_ms < 0 ? -1 : (int)left_ms, fds, count);
    }
}

void term_set_mouse(struct term *term, bool on)
{
    term->mouse = on;
    if (term->xterm)
        write_text(on ? MOUSE_ON : MOUSE_OFF);
}

/* An operating system command; nothing in it ends it early or begins another. */
static void command(const struct term *term, const char *start, const char *text, const char *end)
{
    char clean[TEXT_BYTES_MAX];
    AUTO_BUF struct buf out;
    buf_init(&out, sizeof clean + 32);
    if (!term->xterm)
        return;
    text_printable(clean, sizeof clean, text);
    buf_printf(&out, "%s;%s%s", start, clean, end);
    write_text(buf_text(&out));
}

bool term_copy(struct term *term, const char *text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, TERM_COPY_MAX + 16);
    buf_puts(&out, "\033]52;c;");
    size_t start = out.length;
    if (!base64_encode(text, strlen(text), &out) || out.length - start > TERM_COPY_MAX)
        return false;
    buf_putc(&out, '\a');
    if (term->xterm)
        write_text(buf_text(&out));
    return term->xterm;
}

/* tmux knows no OSC 9 of its own. */
void term_notify(struct term *term, const char *text)
{
    if (*environment("TMUX"))
        command(term, TMUX_BEGIN "\033" NOTIFY, text, "\a" TMUX_END);
    else
        command(term, NOTIFY, text, "\a");
}

void term_title(struct term *term, const char *text)
{
    if (term->xterm && !term->titled) {
        write_text(TITLE_PUSH);
        term->titled = true;
        arm(term);
    }
    command(term, "\033]2", text, "\a");
}

bool term_take_stderr(struct term *term, char *out, size_t size)
{
    (void)term;
    return term_stderr_take(out, size);
}
