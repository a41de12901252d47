#include "tui/term_input.h"

#define NCURSES_NOMACROS 1
#include <ncurses.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/buf.h"
#include "base/text.h"

/* Two codes of our own, above those that ncurses gives to capabilities of terminfo. */
enum { MOUSE_CODE = 4001, PASTE_CODE, PASTE_END_CODE };

/* How long the rest of a sequence may take; the end of a paste over a slow line. */
enum { ESC_DELAY_MS = 25, REST_MS = 50, PASTE_REST_MS = 500 };
enum { MOUSE_BYTES_MAX = 24, PASTE_BYTES_MAX = 4 * KEY_TEXT_MAX };

/* SGR mouse reports (xterm's ctlseqs, "Extended coordinates"). */
enum { MOUSE_SHIFT = 4, MOUSE_ALT = 8, MOUSE_CTRL = 16, MOUSE_MOTION = 32, MOUSE_WHEEL = 64 };

static const struct {
    int curses;
    enum key_code code;
    bool shift;
} codes[] = {
    {KEY_ENTER, KEY_CODE_ENTER, false},     {KEY_BACKSPACE, KEY_CODE_BACKSPACE, false},
    {KEY_DC, KEY_CODE_DELETE, false},       {KEY_SDC, KEY_CODE_DELETE, true},
    {KEY_IC, KEY_CODE_INSERT, false},       {KEY_SIC, KEY_CODE_INSERT, true},
    {KEY_UP, KEY_CODE_UP, false},           {KEY_SR, KEY_CODE_UP, true},
    {KEY_DOWN, KEY_CODE_DOWN, false},       {KEY_SF, KEY_CODE_DOWN, true},
    {KEY_LEFT, KEY_CODE_LEFT, false},       {KEY_SLEFT, KEY_CODE_LEFT, true},
    {KEY_RIGHT, KEY_CODE_RIGHT, false},     {KEY_SRIGHT, KEY_CODE_RIGHT, true},
    {KEY_HOME, KEY_CODE_HOME, false},       {KEY_SHOME, KEY_CODE_HOME, true},
    {KEY_FIND, KEY_CODE_HOME, false},       {KEY_END, KEY_CODE_END, false},
    {KEY_SEND, KEY_CODE_END, true},         {KEY_SELECT, KEY_CODE_END, false},
    {KEY_PPAGE, KEY_CODE_PAGE_UP, false},   {KEY_SPREVIOUS, KEY_CODE_PAGE_UP, true},
    {KEY_NPAGE, KEY_CODE_PAGE_DOWN, false}, {KEY_SNEXT, KEY_CODE_PAGE_DOWN, true},
    {KEY_BTAB, KEY_CODE_TAB, true},
};

/* Keys with modifiers are named after capabilities of terminfo, such as kRIT5; their codes differ from
   terminal to terminal. */
static const struct {
    const char *capability;
    enum key_code code;
} capabilities[] = {
    {"kUP", KEY_CODE_UP},       {"kDN", KEY_CODE_DOWN},       {"kLFT", KEY_CODE_LEFT},
    {"kRIT", KEY_CODE_RIGHT},   {"kHOM", KEY_CODE_HOME},      {"kEND", KEY_CODE_END},
    {"kPRV", KEY_CODE_PAGE_UP}, {"kNXT", KEY_CODE_PAGE_DOWN}, {"kDC", KEY_CODE_DELETE},
    {"kIC", KEY_CODE_INSERT},
};

/* What other terminals send, or this one in its other mode, where terminfo does not say otherwise: many call
   themselves xterm. */
static const struct {
    const char *bytes;
    int curses;
} alternatives[] = {
    {"\033[A", KEY_UP},   {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
    {"\033OA", KEY_UP},   {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
    {"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[1~", KEY_HOME}, {"\033[F", KEY_END},
    {"\033OF", KEY_END},  {"\033[4~", KEY_END}, {"\033[Z", KEY_BTAB},
};

void term_input_open(void)
{
    if (!getenv("ESCDELAY"))
        set_escdelay(ESC_DELAY_MS);
    cbreak();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    typeahead(-1); /* a frame is sent whole, whatever is typed meanwhile */
    for (size_t i = 0; i < sizeof alternatives / sizeof *alternatives; i++)
        if (key_defined(alternatives[i].bytes) == 0)
            define_key(alternatives[i].bytes, alternatives[i].curses);
    /* ncurses' own mouse asks tmux and screen for reports that end at column 223. */
    define_key("\033[<", MOUSE_CODE);
    define_key("\033[200~", PASTE_CODE);
    define_key("\033[201~", PASTE_END_CODE);
}

/* One more of a sequence that has begun. */
static int next_part(wint_t *value, int wait_ms)
{
    int result = get_wch(value);
    if (result == ERR &&
        poll(&(struct pollfd){.fd = STDIN_FILENO, .events = POLLIN}, 1, wait_ms) > 0)
        result = get_wch(value);
    return result;
}

static bool set_mouse(struct key *key, const long *fields, char end)
{
    long button = fields[0] & ~(MOUSE_SHIFT | MOUSE_ALT | MOUSE_CTRL);
    enum key_code code = button == 0 && end == 'm'   ? KEY_CODE_RELEASE
                         : button == 0               ? KEY_CODE_CLICK
                         : button == MOUSE_MOTION    ? KEY_CODE_DRAG
                         : button == MOUSE_WHEEL     ? KEY_CODE_WHEEL_UP
                         : button == MOUSE_WHEEL + 1 ? KEY_CODE_WHEEL_DOWN
                                                     : KEY_CODE_NONE;
    *key = (struct key){
        .code = code,
        .shift = fields[0] & MOUSE_SHIFT,
        .alt = fields[0] & MOUSE_ALT,
        .ctrl = fields[0] & MOUSE_CTRL,
        .x = (int)fields[1] - 1,
        .y = (int)fields[2] - 1,
    };
    return code != KEY_CODE_NONE && key->x >= 0 && key->y >= 0;
}

/* The rest of a report: button, column and row, then M or m. */
static bool read_mouse(struct key *key)
{
    long fields[3] = {0};
    wint_t value;
    for (int i = 0, field = 0; i < MOUSE_BYTES_MAX && next_part(&value, REST_MS) == OK; i++) {
        if (value >= '0' && value <= '9' && fields[field] < 10000)
            fields[field] = 10 * fields[field] + (long)(value - '0');
        else if (value == ';' && field < 2)
            field++;
        else
            return field == 2 && (value == 'M' || value == 'm') &&
                   set_mouse(key, fields, (char)value);
    }
    return false;
}

static bool read_paste(struct key *key)
{
    AUTO_BUF struct buf text;
    buf_init(&text, PASTE_BYTES_MAX);
    for (;;) {
        char bytes[4];
        wint_t value;
        int result = next_part(&value, PASTE_REST_MS);
        if (result == ERR || (result == KEY_CODE_YES && value == PASTE_END_CODE))
            break;
        if (result == OK && !text.overflow)
            buf_add(&text, bytes, (size_t)text_encode(value, bytes));
    }
    *key = key_of_code(KEY_CODE_PASTE);
    text_sanitise(key->text, sizeof key->text, buf_text(&text));
    return true;
}

static bool find_function_key(int value, struct key *key)
{
    int number = value - KEY_F(1);
    if (number < 0 || number >= 48)
        return false;
    /* xterm calls F1 with Shift F13, with Ctrl F25, with both F37. */
    *key = key_of_code((enum key_code)(KEY_CODE_F1 + number % 12));
    key->shift = number / 12 % 2 == 1;
    key->ctrl = number / 12 >= 2;
    return true;
}

static bool find_capability(int value, struct key *key)
{
    const char *name = keyname(value);
    for (size_t i = 0; name && i < sizeof capabilities / sizeof *capabilities; i++) {
        size_t length = strlen(capabilities[i].capability);
        if (strncmp(name, capabilities[i].capability, length) != 0)
            continue;
        const char *digit = name + length;
        int modifiers = *digit ? *digit - '1' : 1; /* kUP alone is Shift */
        if (modifiers < 1 || modifiers > 7 || (*digit && digit[1]))
            continue;
        *key = key_of_code(capabilities[i].code);
        key->shift = modifiers & 1;
        key->alt = modifiers & 2;
        key->ctrl = modifiers & 4;
        return true;
    }
    return false;
}

static bool of_code(int value, struct key *key)
{
    if (value == MOUSE_CODE)
        return read_mouse(key);
    if (value == PASTE_CODE)
        return read_paste(key);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].curses == value) {
            *key = key_of_code(codes[i].code);
            key->shift = codes[i].shift;
            return true;
        }
    return find_function_key(value, key) || find_capability(value, key);
}

static bool of_character(uint32_t value, struct key *key)
{
    static const struct {
        uint32_t byte;
        enum key_code code;
    } controls[] = {
        {'\t', KEY_CODE_TAB},   {'\n', KEY_CODE_ENTER},     {'\r', KEY_CODE_ENTER},
        {'\033', KEY_CODE_ESC}, {'\b', KEY_CODE_BACKSPACE}, {0x7f, KEY_CODE_BACKSPACE},
    };
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        if (controls[i].byte == value) {
            *key = key_of_code(controls[i].code);
            return true;
        }
    *key = key_of_character(value);
    if (value >= ' ')
        return value < 0x80 || value > 0x9f;
    key->ctrl = true;
    key->character = value == 0 ? ' ' : value <= 26 ? value + 'a' - 1 : value + '@';
    return true;
}

/* Passes over a control sequence that nobody knows, up to its final byte; false when there is none. */
static bool skip_sequence(void)
{
    wint_t value;
    bool any = false;
    while (get_wch(&value) == OK) {
        any = true;
        if (value >= 0x40 && value <= 0x7e)
            break;
    }
    return any;
}

/* Alt comes as Esc before the key. An Esc that a person typed is not followed so soon. */
static bool after_escape(struct key *key)
{
    wint_t value;
    int result = get_wch(&value);
    if (result == ERR) {
        *key = key_of_code(KEY_CODE_ESC);
        return true;
    }
    bool found = result == KEY_CODE_YES ? of_code((int)value, key) : of_character(value, key);
    if (result == OK && value == '[' && skip_sequence())
        return false;
    key->alt = true;
    return found;
}

bool term_input_next(struct key *key)
{
    for (;;) {
        wint_t value;
        int result = get_wch(&value);
        if (result == ERR)
            return false;
        if (result == KEY_CODE_YES ? of_code((int)value, key)
            : value == '\033'      ? after_escape(key)
                                   : of_character(value, key))
            return true;
    }
}
