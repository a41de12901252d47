/* The loops that drive the workstation: a terminal, or a script of keys. */
#ifndef TUI_RUN_H
#define TUI_RUN_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "tui/app.h"

struct run_settings {
    struct app_settings
        app; /* of `look`: depth PLAIN and marker NULL mean what the terminal can best */
    bool mouse;
    bool notify; /* the desktop, of alerts */
};

/* Runs the workstation on the terminal until it is left. False with ERR_USAGE and a hint when there is no terminal that will
   do, with ERR_INTERRUPTED or ERR_TERMINATED when a signal ended it, or when the state could not be saved. */
bool run_terminal(const struct run_settings *settings, struct err *err);

/* Plays a script of keys (tui/key.h) on a screen of the settings' size, waits for all answers after each key, and adds the
   last picture to `dump`: in the colours of the look's depth, THEME_PLAIN gives text. False with ERR_USAGE when the script is
   none. */
bool run_script(const struct run_settings *settings, const char *script, struct buf *dump,
                struct err *err);

#endif
