#include "tui/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Cells and sizes: no terminal is larger. */
enum { PLACE_MAX = 9999, WORD_MAX = 16 };

static const struct name {
    enum key_code code;
    const char *name;
} names[] = {
#define X(code, name) {KEY_CODE_##code, name},
#include "tui/key.def"
#undef X
};

/* Characters that have a name: where they stand alone they cannot be seen, or they end a name. */
static const struct character_name {
    uint32_t character;
    const char *name;
} character_names[] = {{' ', "Space"}, {'<', "lt"}, {'>', "gt"}};

/* What a terminal sends for a letter with Ctrl when it also has a key for it. */
static const struct twin {
    uint32_t character;
    enum key_code code;
} twins[] = {
    {'i', KEY_CODE_TAB}, {'m', KEY_CODE_ENTER},     {'j', KEY_CODE_ENTER},
    {'[', KEY_CODE_ESC}, {'h', KEY_CODE_BACKSPACE}, {'?', KEY_CODE_BACKSPACE},
};

struct key key_of_code(enum key_code code)
{
    return (struct key){.code = code};
}

struct key key_of_character(uint32_t character)
{
    return (struct key){.code = KEY_CODE_CHARACTER, .character = character};
}

bool key_same(const struct key *a, const struct key *b)
{
    return a->code == b->code && a->character == b->character && a->ctrl == b->ctrl &&
           a->alt == b->alt && a->shift == b->shift;
}

static bool is_mouse(enum key_code code)
{
    return code >= KEY_CODE_CLICK && code <= KEY_CODE_WHEEL_DOWN;
}

static bool is_letter(uint32_t character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

static bool is_printable(uint32_t character)
{
    return character >= ' ' && character != 0x7f && (character < 0x80 || character > 0x9f);
}

/* There are 32 control characters; Ctrl with anything else is not sent, or sent without Ctrl. */
static bool settle_ctrl(struct key *key)
{
    uint32_t character = key->character;
    key->shift = false;
    if (is_letter(character))
        key->character |= 0x20;
    else if (character == '@')
        key->character = ' ';
    else if (character == '/')
        key->character = '_';
    else if (!strchr(" [\\]^_?", (int)character) || character > '_')
        return false;
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++)
        if (twins[i].character == key->character)
            *key = (struct key){.code = twins[i].code, .alt = key->alt};
    return true;
}

/* One key, one form: whatever no terminal tells apart becomes the same. */
static bool settle(struct key *key)
{
    if (key->code != KEY_CODE_CHARACTER)
        return true;
    if (key->ctrl)
        return settle_ctrl(key);
    if (key->shift && !is_letter(key->character))
        return false;
    if (key->shift)
        key->character &= ~0x20u;
    key->shift = false;
    return true;
}

static const char *take_modifiers(const char *name, struct key *key)
{
    while (name[0] && name[1] == '-' && name[2]) {
        bool *modifier = strchr("Cc", name[0])   ? &key->ctrl
                         : strchr("Mm", name[0]) ? &key->alt
                         : strchr("Ss", name[0]) ? &key->shift
                                                 : NULL;
        if (!modifier)
            break;
        *modifier = true;
        name += 2;
    }
    return name;
}

static bool find_character(const char *name, struct key *key)
{
    const char *end = name;
    uint32_t character = text_next(&end);
    for (size_t i = 0; i < sizeof character_names / sizeof *character_names; i++)
        if (text_same_folded(character_names[i].name, name)) {
            character = character_names[i].character;
            end = "";
        }
    if (*end || !is_printable(character) || !text_is_utf8(name, strlen(name)))
        return false;
    key->code = KEY_CODE_CHARACTER;
    key->character = character;
    return true;
}

/* Finds the word that the name starts with; `rest` is what follows it. */
static bool find_word(const char *name, struct key *key, const char **rest)
{
    char word[WORD_MAX];
    size_t length = strcspn(name, " ");
    *rest = name + length;
    snprintf(word, sizeof word, "%.*s", (int)length, name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_same_folded(names[i].name, word)) {
            key->code = names[i].code;
            return length < WORD_MAX;
        }
    return false;
}

static bool read_place(const char **text, int *place)
{
    if (**text < '0' || **text > '9')
        return false;
    char *end;
    long value = strtol(*text, &end, 10);
    *text = end;
    *place = (int)value;
    return value <= PLACE_MAX;
}

static bool read_pair(const char *text, char separator, struct key *key)
{
    return *text++ == ' ' && read_place(&text, &key->x) && *text++ == separator &&
           read_place(&text, &key->y) && *text == '\0';
}

static bool read_rest(const char *rest, struct key *key)
{
    if (key->code == KEY_CODE_PASTE) {
        text_sanitise(key->text, sizeof key->text, rest);
        return true;
    }
    if (key->code == KEY_CODE_SIZE)
        return read_pair(rest, 'x', key) && key->x > 0 && key->y > 0;
    if (is_mouse(key->code) && *rest)
        return read_pair(rest, ',', key);
    if (is_mouse(key->code))
        key->x = key->y = -1;
    return *rest == '\0';
}

bool key_parse(const char *name, struct key *key, struct err *err)
{
    struct key found = {0};
    const char *rest = "";
    const char *bare = take_modifiers(name, &found);
    if ((find_character(bare, &found) || (find_word(bare, &found, &rest))) &&
        read_rest(rest, &found) && settle(&found)) {
        *key = found;
        return true;
    }
    return err_set(err, ERR_USAGE, "'%s' is no key", name);
}

static const char *name_of(enum key_code code)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == code)
            return names[i].name;
    return "";
}

static void add_name(char *out, const struct key *key)
{
    size_t used = strlen(out);
    if (key->code != KEY_CODE_CHARACTER)
        snprintf(out + used, KEY_NAME_MAX - used, "%s", name_of(key->code));
    else if (key->character == ' ')
        snprintf(out + used, KEY_NAME_MAX - used, "Space");
    else
        out[used + (size_t)text_encode(key->character, out + used)] = '\0';
}

char *key_format(char *out, const struct key *key)
{
    snprintf(out, KEY_NAME_MAX, "%s%s%s", key->ctrl ? "C-" : "", key->alt ? "M-" : "",
             key->shift ? "S-" : "");
    add_name(out, key);
    size_t used = strlen(out);
    if (key->code == KEY_CODE_SIZE)
        snprintf(out + used, KEY_NAME_MAX - used, " %dx%d", key->x, key->y);
    else if (is_mouse(key->code) && key->x >= 0)
        snprintf(out + used, KEY_NAME_MAX - used, " %d,%d", key->x, key->y);
    return out;
}

static bool is_no_line(const char *line)
{
    return *line == '#' || strchr("\n", line[strspn(line, " \t\r")]);
}

/* Passes over line ends, and over lines that are blank or start with '#'. */
static void skip_lines(struct key_script *script)
{
    for (;;) {
        if (!script->inside && is_no_line(script->at))
            script->at += strcspn(script->at, "\n");
        if (*script->at == '\n') {
            script->line++;
            script->inside = false;
        } else if (*script->at != '\r') {
            return;
        }
        script->at++;
    }
}

static bool name_in_brackets(const char **at, struct key *key, struct err *err)
{
    char name[KEY_TEXT_MAX + KEY_NAME_MAX];
    size_t length = strcspn(*at + 1, ">\n");
    if ((*at)[1 + length] != '>')
        return err_set(err, ERR_USAGE, "'<' without '>'; a '<' itself is <lt>");
    if (length >= sizeof name)
        return err_set(err, ERR_USAGE, "a name of %zu bytes", length);
    memcpy(name, *at + 1, length);
    name[length] = '\0';
    if (!key_parse(name, key, err))
        return err_set(err, ERR_USAGE, "<%s> is no key", name);
    *at += length + 2;
    return true;
}

static bool plain_character(const char **at, struct key *key, struct err *err)
{
    const char *end = *at;
    uint32_t character = text_next(&end);
    if (!text_is_utf8(*at, (size_t)(end - *at)))
        return err_set(err, ERR_USAGE, "not UTF-8");
    if (!is_printable(character))
        return err_set(err, ERR_USAGE, "control character %u; keys have names, such as <Tab>",
                       (unsigned)character);
    *key = key_of_character(character);
    *at = end;
    return true;
}

bool key_script_next(struct key_script *script, struct key *key, struct err *err)
{
    skip_lines(script);
    script->inside = true;
    if (!*script->at) {
        *key = key_of_code(KEY_CODE_NONE);
        return true;
    }
    bool ok = *script->at == '<' ? name_in_brackets(&script->at, key, err)
                                 : plain_character(&script->at, key, err);
    return ok || err_wrap(err, "line %d", script->line + 1);
}
