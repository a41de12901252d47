/*
 * The terminal: what stands between the workstation and the outside, and the only file that knows
 * ncurses. It shows canvases and says what came in. Nothing else may write to the terminal while it
 * is open. There is one terminal; it is of the thread that opened it.
 */
#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/marker.h"
#include "tui/theme.h"

/* OSC 52 above this is dropped by some terminals. */
enum { TERM_COPY_MAX = 74994 };

struct term_settings {
    bool mouse;
    bool sync; /* mark frames (DEC mode 2026), where the terminal is not known to choke */
    enum theme_depth depth; /* no more than this; THEME_PLAIN: all the terminal has */
};

struct term;

/* Takes over stdin and stdout: alternate screen, no cursor, keys as they come, stderr kept back.
   stop_install() should have been called: a stop that it notes ends term_wait(). NULL with ERR_USAGE and a
   hint when stdin or stdout is no terminal, or it cannot place a cursor. Closed by
   term_close(), and at exit or a crash by itself. */
struct term *term_open(const struct term_settings *settings, struct err *err);

/* Gives the terminal back as it was, then prints what came on stderr meanwhile. */
void term_close(struct term *term);

/* Its size now, in cells; at least 1 x 1. */
void term_size(const struct term *term, int *width, int *height);

/* How many colours it shows, and at most settings.depth. Without settings.depth THEME_MONO when NO_COLOR
   is set and not empty, and THEME_TRUE only when COLORTERM says so and terminfo has an entry for it. */
enum theme_depth term_depth(const struct term *term);

/* Whether only ASCII may be drawn: the locale or the terminal knows nothing else. */
bool term_is_ascii(const struct term *term);

/* Whether it shows a marker set: the Linux console has no braille. */
bool term_shows(const struct term *term, const struct marker *marker);

struct term_cursor {
    int x, y;
};

/* Shows a canvas from the top left, in the colours of a theme, as one frame; only what differs from
   the frame before is sent. What the terminal is larger than the canvas is blank. `cursor` is where
   the cursor blinks, NULL for none. */
void term_show(struct term *term, const struct canvas *canvas, const struct theme *theme,
               const struct term_cursor *cursor);

/* A text that the last frame shows, with the address it stands for. */
struct term_link {
    int x, y;
    const char *text, *url;
};

/* Makes the text at a place a hyperlink (OSC 8) until that row is shown anew; nothing where the terminal is not known to
   pass over such sequences. After each term_show() that shows it. */
void term_link_text(struct term *term, const struct term_link *link);

enum term_wake {
    TERM_TIMEOUT, /* nothing happened */
    TERM_KEY,     /* a key, as `key` says; also a new size, and KEY_CODE_SIZE after a suspension */
    TERM_READY,   /* some of the descriptors have something, as their `revents` say */
    TERM_STOP,    /* stop_requested(), or the terminal is gone: end */
};

/* Waits until something happens, for at most timeout_ms (-1: for ever). Keys come before descriptors.
   Ctrl-Z suspends within. */
enum term_wake term_wait(struct term *term, int timeout_ms, struct pollfd *fds, size_t count,
                         struct key *key);

/* Sends everything anew with the next frame: something else wrote on the screen. */
void term_redraw(struct term *term);

/* Turns the mouse on or off: off, the terminal selects text itself. */
void term_set_mouse(struct term *term, bool on);

/* Puts text on the clipboard of whoever sits at the terminal (OSC 52). False when it is longer than
   TERM_COPY_MAX allows. Whether the terminal allows it cannot be known. */
bool term_copy(struct term *term, const char *text);

/* A notification of the desktop (OSC 9), where the terminal knows it. Within tmux it is handed through to the terminal around
   it, if tmux was told to allow that (allow-passthrough). */
void term_notify(struct term *term, const char *text);

/* Titles the window. */
void term_title(struct term *term, const char *text);

/* What was written on stderr since the last call: the last line of it into `out`, cut at `size - 1`
   bytes. False when there was nothing. term_close() prints all of it nevertheless. */
bool term_take_stderr(struct term *term, char *out, size_t size);

#endif
