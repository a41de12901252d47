#include "io/json_check.h"

#include <endian.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "io/json.h"
#include "io/json_tree.h"

enum { GUESS_LEVELS = 8, GUESS_KEYS = 64 };

/* A key that was read, with its quotes and the colon behind it. */
struct guess {
    const uint8_t *text;
    size_t length;    /* 0: none yet; less than 4 is not tried */
    const char *name; /* NULL when its members are left out */
};

/* Objects in a row mostly have the same keys in the same order: what stood at a place in the last object of a
   level is the guess for it in the next, and a right one needs no reading. */
struct guesses {
    struct guess keys[GUESS_LEVELS][GUESS_KEYS];
    unsigned next[GUESS_LEVELS]; /* the place of the next key in the innermost object of a level */
};

enum { EVERYTHING = UINT_MAX }; /* left out */

struct scan {
    const uint8_t *at, *end;
    const char *why;
    enum json_writing writing; /* of the last string */
    unsigned depth;
    uint64_t objects; /* one bit a level, the innermost lowest: 1 in an object, 0 in an array */
    struct guesses *guesses;

    const struct json_keys *keys; /* of the members that stay; NULL: all stay */
    struct json_tree *tree;       /* takes what stays; NULL: nothing does */
    unsigned left_out;            /* depth of the object of which a member is left out; 0: none */
};

_Static_assert(JSON_DEPTH_MAX <= 64, "a level is a bit of scan.objects");

static bool wrong(struct scan *s, const char *why)
{
    s->why = s->at == s->end ? "the text ends too early" : why;
    return false;
}

static bool skip_if(struct scan *s, uint8_t c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

/* ---- strings ---- */

static uint64_t eight_of(uint8_t c)
{
    return UINT64_C(0x0101010101010101) * c;
}

/* A high bit in each of eight bytes that ends a run of plain ASCII: quote, backslash, control,
   non-ASCII. A borrow can mark bytes after the first marked one too, so only the first counts. */
static uint64_t marks(uint64_t x)
{
    uint64_t control = x - eight_of(0x20);
    uint64_t quote = (x ^ eight_of('"')) - eight_of(1);
    uint64_t backslash = (x ^ eight_of('\\')) - eight_of(1);

    return (x | control | quote | backslash) & eight_of(0x80);
}

static bool is_plain(uint8_t c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static const uint8_t *plain_end(const uint8_t *at, const uint8_t *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t eight;
        memcpy(&eight, at, 8);
        uint64_t found = marks(le64toh(eight));
        if (found != 0)
            return at + __builtin_ctzll(found) / 8;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

static bool is_tail(const struct scan *s, int i)
{
    return s->end - s->at > i && (s->at[i] & 0xc0) == 0x80;
}

/* RFC 3629, section 4: the second byte's range shuts out overlong forms, surrogates and what is
 * past U+10FFFF. */
static bool skip_utf8(struct scan *s)
{
    uint8_t lead = *s->at;
    uint8_t second = s->end - s->at > 1 ? s->at[1] : 0;
    int length = 0;

    if (lead >= 0xc2 && lead <= 0xdf)
        length = 2;
    else if (lead == 0xe0 ? second >= 0xa0 : lead == 0xed ? second <= 0x9f : (lead & 0xf0) == 0xe0)
        length = 3;
    else if (lead == 0xf0   ? second >= 0x90
             : lead == 0xf4 ? second <= 0x8f
                            : lead > 0xf0 && lead < 0xf4)
        length = 4;
    if (length == 0)
        return wrong(s, "ill-formed UTF-8");
    for (int i = 1; i < length; i++)
        if (!is_tail(s, i))
            return wrong(s, "ill-formed UTF-8");
    s->at += length;
    return true;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads the four digits after \u; -1 when they are not there. */
static int skip_hex(struct scan *s)
{
    int unit = 0;

    for (int i = 0; i < 4; i++, s->at++) {
        int digit = s->at < s->end ? hex_digit(*s->at) : -1;
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool skip_unicode_escape(struct scan *s)
{
    int unit = skip_hex(s);

    if (unit < 0)
        return wrong(s, "four hexadecimal digits are wanted after \\u");
    if (unit == 0 || (unit >= 0xdc00 && unit <= 0xdfff))
        s->writing = JSON_AWKWARD;
    if (unit < 0xd800 || unit > 0xdbff)
        return true;
    /* Its other half, or else whatever comes next is read for itself. */
    struct scan low = *s;
    if (low.end - low.at >= 6 && low.at[0] == '\\' && low.at[1] == 'u') {
        low.at += 2;
        unit = skip_hex(&low);
        if (unit >= 0xdc00 && unit <= 0xdfff) {
            s->at = low.at;
            return true;
        }
    }
    s->writing = JSON_AWKWARD;
    return true;
}

static bool skip_escape(struct scan *s)
{
    s->at++;
    if (s->writing == JSON_PLAIN)
        s->writing = JSON_ESCAPED;
    if (s->at == s->end || *s->at == '\0' || strchr("\"\\/bfnrtu", *s->at) == NULL)
        return wrong(s, "unknown escape in a string");
    return *s->at++ != 'u' || skip_unicode_escape(s);
}

/* Past what ended a run of plain ASCII inside a string. */
static bool skip_special(struct scan *s)
{
    if (s->at == s->end)
        return wrong(s, NULL);
    if (*s->at == '\\')
        return skip_escape(s);
    if (*s->at < 0x20)
        return wrong(s, "control character in a string");
    return skip_utf8(s);
}

static bool skip_string(struct scan *s)
{
    s->at++;
    s->writing = JSON_PLAIN;
    for (;;) {
        s->at = plain_end(s->at, s->end);
        if (skip_if(s, '"'))
            return true;
        if (!skip_special(s))
            return false;
    }
}

/* ---- numbers and words ---- */

static bool is_digit(const struct scan *s)
{
    return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static bool skip_digits(struct scan *s)
{
    if (!is_digit(s))
        return wrong(s, "a digit is wanted");
    while (is_digit(s))
        s->at++;
    return true;
}

static bool skip_number(struct scan *s)
{
    skip_if(s, '-');
    if (skip_if(s, '0')) {
        if (is_digit(s))
            return wrong(s, "a number has a leading zero");
    } else if (!skip_digits(s)) {
        return false;
    }
    if (skip_if(s, '.') && !skip_digits(s))
        return false;
    if (skip_if(s, 'e') || skip_if(s, 'E')) {
        if (!skip_if(s, '+'))
            skip_if(s, '-');
        return skip_digits(s);
    }
    return true;
}

static bool skip_word(struct scan *s, const char *word)
{
    for (; *word != '\0'; word++)
        if (!skip_if(s, (uint8_t)*word))
            return wrong(s, "neither true, false nor null");
    return true;
}

/* ---- structure ---- */

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Mostly there is none. */
static inline void skip_blank(struct scan *s)
{
    if (s->at == s->end || *s->at > ' ')
        return;
    while (s->at < s->end && is_blank(*s->at))
        s->at++;
}

static bool is_key(const struct json_key *key, const char *text, size_t length)
{
    return key->length == length && key->text[0] == text[0] &&
           (length == 1 || memcmp(key->text, text, length) == 0);
}

static size_t slot_of(const struct json_keys *keys, const char *text, size_t length)
{
    enum { SLOTS = sizeof keys->slots / sizeof keys->slots[0] };
    uint8_t first = (uint8_t)text[0], last = (uint8_t)text[length - 1];
    size_t slot = (first + 5u * last + 3u * length) % SLOTS;

    while (keys->slots[slot].text != NULL && !is_key(&keys->slots[slot], text, length))
        slot = (slot + 1) % SLOTS;
    return slot;
}

void json_keys_init(struct json_keys *keys, const char *const *list)
{
    *keys = (struct json_keys){0};
    for (; *list != NULL; list++) {
        size_t length = strlen(*list);
        keys->slots[slot_of(keys, *list, length)] = (struct json_key){*list, length};
    }
}

static const char *find_key(const struct json_keys *keys, const char *text, size_t length)
{
    return length > 0 ? keys->slots[slot_of(keys, text, length)].text : NULL;
}

/* The name under which members of a key that was just read stand in the tree; NULL when they are left out. */
static const char *name_of(struct scan *s, const uint8_t *key)
{
    const char *text = (const char *)key;
    size_t length = (size_t)(s->at - key);

    if (s->tree == NULL)
        return NULL;
    if (s->keys != NULL && s->writing == JSON_PLAIN)
        return find_key(s->keys, text + 1, length - 2);
    const char *name = json_tree_text(s->tree, text, length, s->writing);
    return name != NULL && s->keys != NULL ? find_key(s->keys, name, strlen(name)) : name;
}

/* The guess for the key that comes next. Any will do: a wrong one only costs time. */
static struct guess *next_guess(struct scan *s)
{
    unsigned level = s->depth % GUESS_LEVELS;
    unsigned place = s->guesses->next[level]++ % GUESS_KEYS;

    return &s->guesses->keys[level][place];
}

/* Of at least 4 bytes; most are 4 to 8, for which a call costs more than it does. */
static bool same_bytes(const uint8_t *a, const uint8_t *b, size_t length)
{
    uint32_t heads[2], tails[2];
    memcpy(&heads[0], a, 4);
    memcpy(&heads[1], b, 4);
    memcpy(&tails[0], a + length - 4, 4);
    memcpy(&tails[1], b + length - 4, 4);
    return heads[0] == heads[1] && tails[0] == tails[1] &&
           (length <= 8 || memcmp(a + 4, b + 4, length - 8) == 0);
}

static bool skip_guess(struct scan *s, const struct guess *guess)
{
    if (guess->length < 4 || (size_t)(s->end - s->at) < guess->length ||
        !same_bytes(s->at, guess->text, guess->length))
        return false;
    s->at += guess->length;
    return true;
}

static bool read_key(struct scan *s, struct guess *guess)
{
    const uint8_t *key = s->at;

    if (s->at == s->end || *s->at != '"')
        return wrong(s, "a key in quotes is wanted");
    if (!skip_string(s))
        return false;
    const char *name = name_of(s, key);
    skip_blank(s);
    if (!skip_if(s, ':'))
        return wrong(s, "':' is wanted");
    *guess = (struct guess){key, (size_t)(s->at - key), name};
    return true;
}

static bool skip_key(struct scan *s)
{
    struct guess *guess = next_guess(s);

    skip_blank(s);
    if (!skip_guess(s, guess) && !read_key(s, guess))
        return false;
    if (s->left_out == 0) {
        if (guess->name == NULL)
            s->left_out = s->depth;
        else
            s->tree->key = guess->name;
    }
    return true;
}

static bool enter(struct scan *s, bool object)
{
    if (s->depth == JSON_DEPTH_MAX)
        return wrong(s, "too deeply nested");
    s->at++;
    s->depth++;
    s->guesses->next[s->depth % GUESS_LEVELS] = 0;
    s->objects = s->objects << 1 | object;
    if (s->left_out == 0 && !json_tree_open(s->tree, object))
        s->left_out = EVERYTHING;
    return true;
}

static void leave(struct scan *s)
{
    if (s->left_out == 0)
        json_tree_close(s->tree);
    s->at++;
    s->depth--;
    s->objects >>= 1;
}

static bool skip_scalar(struct scan *s)
{
    if (s->at == s->end)
        return wrong(s, NULL);
    s->writing = JSON_ESCAPED; /* what is no string has to be read, too */
    switch (*s->at) {
    case '"':
        return skip_string(s);
    case 't':
        return skip_word(s, "true");
    case 'f':
        return skip_word(s, "false");
    case 'n':
        return skip_word(s, "null");
    default:
        if (*s->at != '-' && !is_digit(s))
            return wrong(s, "a value is wanted");
        return skip_number(s);
    }
}

static bool take_scalar(struct scan *s)
{
    const uint8_t *start = s->at;

    if (!skip_scalar(s))
        return false;
    if (s->left_out == 0 &&
        !json_tree_scalar(s->tree, (const char *)start, (size_t)(s->at - start), s->writing))
        s->left_out = EVERYTHING;
    return true;
}

/* Goes on to the next value: into containers, past a scalar and whatever closes after it.
   Leaves depth 0 when the whole text has been read. */
static bool skip_value(struct scan *s)
{
    skip_blank(s);
    if (s->at < s->end && (*s->at == '{' || *s->at == '[')) {
        bool object = *s->at == '{';
        if (!enter(s, object))
            return false;
        skip_blank(s);
        if (s->at == s->end || *s->at != (object ? '}' : ']'))
            return !object || skip_key(s);
    } else if (!take_scalar(s)) {
        return false;
    }
    while (s->depth > 0) {
        bool object = s->objects & 1;
        skip_blank(s);
        bool more = skip_if(s, ',');
        if (s->left_out == s->depth)
            s->left_out = 0;
        if (more)
            return !object || skip_key(s);
        if (s->at == s->end || *s->at != (object ? '}' : ']'))
            return wrong(s, object ? "',' or '}' is wanted" : "',' or ']' is wanted");
        leave(s);
    }
    return true;
}

static struct json_check check(struct scan *s)
{
    const uint8_t *start = s->at;
    struct guesses guesses = {0};
    bool ok = true;

    s->guesses = &guesses;
    if (s->end - start >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
        ok = wrong(s, "a byte order mark");
    do
        ok = ok && skip_value(s);
    while (ok && s->depth > 0);
    if (ok) {
        skip_blank(s);
        if (s->at < s->end)
            wrong(s, "something follows the value");
    }
    return (struct json_check){.offset = (size_t)(s->at - start), .why = s->why};
}

struct json_check json_check_text(const char *text, size_t length)
{
    const uint8_t *start = (const uint8_t *)text;
    struct scan s = {.at = start, .end = start + length, .left_out = EVERYTHING};

    return check(&s);
}

struct json_check json_check_tree(const char *text, size_t length, const struct json_keys *keys,
                                  struct json_tree *tree)
{
    const uint8_t *start = (const uint8_t *)text;
    struct scan s = {.at = start, .end = start + length, .keys = keys, .tree = tree};

    return check(&s);
}
