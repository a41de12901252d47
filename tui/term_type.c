#include "tui/term_type.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NCURSES_NOMACROS 1
#include <ncurses.h>
#include <term.h>

static const char *capability(const char *name)
{
    const char *value = tigetstr(name);
    return value && value != (const char *)-1 ? value : NULL;
}

static enum term_type_fitness fitness_of(const char *type)
{
    int status;
    if (setupterm(type, STDOUT_FILENO, &status) != OK)
        return TERM_TYPE_UNKNOWN;
    enum term_type_fitness fitness = capability("cup") ? TERM_TYPE_FIT : TERM_TYPE_DUMB;
    del_curterm(cur_term);
    return fitness;
}

/* Emulators of xterm's family whose own entry is often not installed. */
static bool is_like_xterm(const char *type)
{
    static const char *const family[] = {"xterm", "kitty",   "alacritty",
                                         "foot",  "ghostty", "wezterm"};
    for (size_t i = 0; i < sizeof family / sizeof *family; i++)
        if (strstr(type, family[i]))
            return true;
    return false;
}

enum term_type_fitness term_type_choose(char *out, bool *direct)
{
    const char *type = getenv("TERM");
    type = type ? type : "";
    enum term_type_fitness fitness = fitness_of(type);
    if (fitness == TERM_TYPE_UNKNOWN && is_like_xterm(type))
        fitness = fitness_of(type = "xterm-256color");
    const char *end = strstr(type, "-256color");
    int length = (int)(end ? (size_t)(end - type) : strlen(type));
    snprintf(out, TERM_TYPE_MAX, "%.*s-direct", length, type);
    *direct = *direct && fitness == TERM_TYPE_FIT && fitness_of(out) == TERM_TYPE_FIT;
    if (!*direct)
        snprintf(out, TERM_TYPE_MAX, "%s", type);
    return fitness;
}

void term_type_add(struct buf *out, const char *name)
{
    const char *text = capability(name);
    while (text && *text) {
        const char *padding = strstr(text, "$<");
        size_t length = padding ? (size_t)(padding - text) : strlen(text);
        buf_add(out, text, length);
        padding = padding ? strchr(padding, '>') : NULL;
        text = padding ? padding + 1 : NULL;
    }
}
