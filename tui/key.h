/*
 * What a person does at a terminal, as plain data: keys, mouse, pasted text, a new size. Keys have
 * names, for key tables, help and the footer; scripts of them can be replayed.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

/* A link to an event is rarely longer than 200 bytes. */
enum { KEY_NAME_MAX = 40, KEY_TEXT_MAX = 256 };

enum key_code {
    KEY_CODE_NONE,
    KEY_CODE_CHARACTER,
    KEY_CODE_ENTER,
    KEY_CODE_ESC,
    KEY_CODE_TAB,
    KEY_CODE_BACKSPACE,
    KEY_CODE_DELETE,
    KEY_CODE_INSERT,
    KEY_CODE_UP,
    KEY_CODE_DOWN,
    KEY_CODE_LEFT,
    KEY_CODE_RIGHT,
    KEY_CODE_HOME,
    KEY_CODE_END,
    KEY_CODE_PAGE_UP,
    KEY_CODE_PAGE_DOWN,
    KEY_CODE_F1,
    KEY_CODE_F2,
    KEY_CODE_F3,
    KEY_CODE_F4,
    KEY_CODE_F5,
    KEY_CODE_F6,
    KEY_CODE_F7,
    KEY_CODE_F8,
    KEY_CODE_F9,
    KEY_CODE_F10,
    KEY_CODE_F11,
    KEY_CODE_F12,
    KEY_CODE_CLICK, /* the left button goes down */
    KEY_CODE_DRAG,  /* the mouse moves while it is down */
    KEY_CODE_RELEASE,
    KEY_CODE_WHEEL_UP,
    KEY_CODE_WHEEL_DOWN,
    KEY_CODE_PASTE, /* pasted text */
    KEY_CODE_SIZE,  /* the terminal has another size, or must be drawn anew */
};

struct key {
    enum key_code code;
    uint32_t character; /* of CHARACTER; a space is ' ' */
    bool ctrl, alt;     /* letters with ctrl are lower case */
    bool shift;         /* never with CHARACTER: what shift makes of it is another character */
    int x, y;           /* CLICK to WHEEL_DOWN: the cell, 0 at the top left; SIZE: columns, rows */
    char text[KEY_TEXT_MAX]; /* of PASTE, on one line and printable, cut between characters */
};

/* A key without modifiers; for CHARACTER see key_of_character(). */
struct key key_of_code(enum key_code code);

/* The key that types a character. */
struct key key_of_character(uint32_t character);

/* Whether two are the same key with the same modifiers. Where the mouse was, what size it is and
   what was pasted make no difference. */
bool key_same(const struct key *a, const struct key *b);

/* Reads a name: a character by itself ("a", "<", "é"), "Space", "Enter", "Esc", "Tab", "PgDn",
   "F1", "lt" and "gt" for < and >, with "C-" (ctrl), "M-" (alt) and "S-" (shift) before it in any order
   ("C-d", "S-Tab"); "Click 10,5", "Drag 10,5", "Release 10,5", "Wheel-Up 10,5", "Wheel-Down 10,5",
   "Paste TEXT", "Size 120x40"; without a place, as in a key table, that of the mouse is -1. Words in
   any case. What no terminal tells apart is the same key: C-i is
   Tab, C-m and C-j Enter, C-[ Esc, C-h Backspace. False with ERR_USAGE when it is no key. */
bool key_parse(const char *name, struct key *key, struct err *err);

/* The name as people read it; key_parse() gives the key back, except the text of PASTE, which is
   left out. Into `out` of KEY_NAME_MAX, returned. "" for NONE. */
char *key_format(char *out, const struct key *key);

/* A script: plain characters are themselves, names stand in <>, `/ruby<Enter>jj<PgDn><Click 10,5>`.
   Line ends mean nothing; blank lines and lines that start with # are passed over. */
struct key_script {
    const char *at; /* what comes next; set it to the text, which must stay */
    int line;       /* of `at`, from 0 */
    bool inside;    /* something of this line was read already */
};

/* Reads the next key and moves on. KEY_CODE_NONE at the end. False with ERR_USAGE that names the line when
   something is no key; the script stays there. */
bool key_script_next(struct key_script *script, struct key *key, struct err *err);

#endif
