#include "io/json_check.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "io/json.h"
#include "io/json_tree.h"

enum { GUESS_LEVELS = 8, GUESS_KEYS = 64, GUESS_AHEAD = 4 };

/* A key that was read, with its quotes and the colon behind it. */
struct guess {
    const uint8_t *text;
    size_t key;    /* its bytes; 0: none yet */
    size_t member; /* those of its whole member and a comma, when that was left out; 0: not known */
    const char *name; /* NULL when its members are left out */
};

/* Objects in a row mostly have the same keys in the same order, some of them now and then: the keys of a level in the
   order in which they were met are the guesses for its next object, and a right one needs no reading. Nor does a member that
   is left out and stands there with the very bytes of the last one. */
struct guesses {
    struct guess keys[GUESS_LEVELS][GUESS_KEYS];
    unsigned
        next[GUESS_LEVELS]; /* where the next key of a level's innermost object is looked for */
    struct guess spare;     /* of a key for which there is no place */
};

enum { EVERYTHING = UINT_MAX }; /* left out */

/* A text on its way, and what becomes of it. */
struct scan {
    struct json_cursor text;
    unsigned depth;
    uint64_t objects; /* one bit a level, the innermost lowest: 1 in an object, 0 in an array */
    struct guesses *guesses;

    const struct json_keys *keys; /* of the members that stay; NULL: all stay */
    struct json_tree *tree;       /* takes what stays; NULL: nothing does */
    unsigned left_out;            /* depth of the object of which a member is left out; 0: none */
    struct guess *member;         /* of that */
};

_Static_assert(JSON_DEPTH_MAX <= 64, "a level is a bit of scan.objects");

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
    size_t length = (size_t)(s->text.at - key);

    if (s->tree == NULL)
        return NULL;
    if (s->keys != NULL && s->text.writing == JSON_PLAIN)
        return find_key(s->keys, text + 1, length - 2);
    const char *name = json_tree_text(s->tree, text, length, s->text.writing);
    return name != NULL && s->keys != NULL ? find_key(s->keys, name, strlen(name)) : name;
}

/* Most are 4 to 8 bytes, for which a call costs more than it does. */
static inline bool same_bytes(const uint8_t *a, const uint8_t *b, size_t length)
{
    uint32_t heads[2], tails[2];
    if (length < 4)
        return memcmp(a, b, length) == 0;
    memcpy(&heads[0], a, 4);
    memcpy(&heads[1], b, 4);
    memcpy(&tails[0], a + length - 4, 4);
    memcpy(&tails[1], b + length - 4, 4);
    return heads[0] == heads[1] && tails[0] == tails[1] &&
           (length <= 8 || memcmp(a + 4, b + 4, length - 8) == 0);
}

/* Whether so many bytes of the guess's text come next. */
static inline bool comes(const struct scan *s, const struct guess *guess, size_t length)
{
    return (size_t)(s->text.end - s->text.at) >= length &&
           same_bytes(s->text.at, guess->text, length);
}

/* The guess for the key that comes next; NULL when none is right. */
static struct guess *find_guess(struct scan *s)
{
    if (s->depth >= GUESS_LEVELS)
        return NULL;
    unsigned *next = &s->guesses->next[s->depth];
    unsigned end = *next + GUESS_AHEAD < GUESS_KEYS ? *next + GUESS_AHEAD : GUESS_KEYS;
    for (unsigned i = *next; i < end; i++) {
        struct guess *guess = &s->guesses->keys[s->depth][i];
        if (guess->key == 0)
            return NULL;
        if (comes(s, guess, guess->key)) {
            *next = i + 1;
            return guess;
        }
    }
    return NULL;
}

/* A place for the key that was looked for in vain, before those that may come after it. */
static struct guess *make_guess(struct scan *s)
{
    if (s->depth >= GUESS_LEVELS || s->guesses->next[s->depth] >= GUESS_KEYS)
        return &s->guesses->spare;
    unsigned place = s->guesses->next[s->depth]++;
    struct guess *guess = &s->guesses->keys[s->depth][place];
    memmove(guess + 1, guess, (GUESS_KEYS - 1 - place) * sizeof *guess);
    return guess;
}

static struct guess *read_key(struct scan *s)
{
    const uint8_t *key = s->text.at;

    if (s->text.at == s->text.end || *s->text.at != '"')
        return json_cursor_wrong(&s->text, "a key in quotes is wanted"), NULL;
    if (!json_cursor_string(&s->text))
        return NULL;
    const char *name = name_of(s, key);
    json_cursor_blank(&s->text);
    if (!json_cursor_skip(&s->text, ':'))
        return json_cursor_wrong(&s->text, "':' is wanted"), NULL;
    struct guess *guess = make_guess(s);
    *guess = (struct guess){.text = key, .key = (size_t)(s->text.at - key), .name = name};
    return guess;
}

/* Past a member that is left out, when it stands here with the very bytes that its key had last. */
static bool skip_member(struct scan *s)
{
    unsigned *next = &s->guesses->next[s->depth];
    const struct guess *guess = &s->guesses->keys[s->depth][*next];

    if (*next == GUESS_KEYS || guess->member == 0 || !comes(s, guess, guess->member))
        return false;
    s->text.at += guess->member;
    ++*next;
    return true;
}

static void skip_members(struct scan *s)
{
    do
        json_cursor_blank(&s->text);
    while (s->depth < GUESS_LEVELS && skip_member(s));
}

/* To the value of the next member that needs reading. */
static bool skip_key(struct scan *s)
{
    if (s->left_out == 0)
        skip_members(s);
    else
        json_cursor_blank(&s->text);
    const uint8_t *key = s->text.at;
    struct guess *guess = find_guess(s);
    if (guess != NULL)
        s->text.at += guess->key;
    else if ((guess = read_key(s)) == NULL)
        return false;
    if (s->left_out != 0)
        return true;
    s->tree->key = guess->name;
    if (guess->name == NULL) {
        s->left_out = s->depth;
        s->member = guess;
        guess->text = key;
    }
    return true;
}

/* Behind a member that was left out, and the comma if there is one. */
static void end_member(struct scan *s, bool comma)
{
    s->left_out = 0;
    s->member->member = comma ? (size_t)(s->text.at - s->member->text) : 0;
}

static bool enter(struct scan *s, bool object)
{
    if (s->depth == JSON_DEPTH_MAX)
        return json_cursor_wrong(&s->text, "too deeply nested");
    s->text.at++;
    s->depth++;
    if (s->depth < GUESS_LEVELS)
        s->guesses->next[s->depth] = 0;
    s->objects = s->objects << 1 | object;
    if (s->left_out == 0 && !json_tree_open(s->tree, object))
        s->left_out = EVERYTHING;
    return true;
}

static void leave(struct scan *s)
{
    if (s->left_out == 0)
        json_tree_close(s->tree);
    s->text.at++;
    s->depth--;
    s->objects >>= 1;
}

static bool take_scalar(struct scan *s)
{
    const uint8_t *start = s->text.at;

    if (!json_cursor_scalar(&s->text))
        return false;
    if (s->left_out == 0 && !json_tree_scalar(s->tree, (const char *)start,
                                              (size_t)(s->text.at - start), s->text.writing))
        s->left_out = EVERYTHING;
    return true;
}

/* Goes on to the next value: into containers, past a scalar and whatever closes after it.
   Leaves depth 0 when the whole text has been read. */
static bool skip_value(struct scan *s)
{
    json_cursor_blank(&s->text);
    if (s->text.at < s->text.end && (*s->text.at == '{' || *s->text.at == '[')) {
        bool object = *s->text.at == '{';
        if (!enter(s, object))
            return false;
        json_cursor_blank(&s->text);
        if (s->text.at == s->text.end || *s->text.at != (object ? '}' : ']'))
            return !object || skip_key(s);
    } else if (!take_scalar(s)) {
        return false;
    }
    while (s->depth > 0) {
        bool object = s->objects & 1;
        json_cursor_blank(&s->text);
        bool more = json_cursor_skip(&s->text, ',');
        if (s->left_out == s->depth)
            end_member(s, more);
        if (more)
            return !object || skip_key(s);
        if (s->text.at == s->text.end || *s->text.at != (object ? '}' : ']'))
            return json_cursor_wrong(&s->text,
                                     object ? "',' or '}' is wanted" : "',' or ']' is wanted");
        leave(s);
    }
    return true;
}

static struct json_check check(struct scan *s)
{
    const uint8_t *start = s->text.at;
    struct guesses guesses = {0};
    bool ok = true;

    s->guesses = &guesses;
    if (s->text.end - start >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
        ok = json_cursor_wrong(&s->text, "a byte order mark");
    do
        ok = ok && skip_value(s);
    while (ok && s->depth > 0);
    if (ok) {
        json_cursor_blank(&s->text);
        if (s->text.at < s->text.end)
            json_cursor_wrong(&s->text, "something follows the value");
    }
    return (struct json_check){.offset = (size_t)(s->text.at - start), .why = s->text.why};
}

struct json_check json_check_text(const char *text, size_t length)
{
    const uint8_t *start = (const uint8_t *)text;
    struct scan s = {.text = {.at = start, .end = start + length}, .left_out = EVERYTHING};

    return check(&s);
}

struct json_check json_check_tree(const char *text, size_t length, const struct json_keys *keys,
                                  struct json_tree *tree)
{
    const uint8_t *start = (const uint8_t *)text;
    struct scan s = {.text = {.at = start, .end = start + length}, .keys = keys, .tree = tree};

    return check(&s);
}
