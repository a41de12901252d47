#include "core/tags.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "core/listing.h"

/* Lower case, words apart by one space. Sellers glue words together ("Limited ViewLimited View"),
   so what cannot be meant otherwise may be the beginning of a longer word. */
struct phrase {
    const char *words;
    unsigned tag;
    bool open_end;
};

static const struct phrase name_phrases[] = {
    {"obstructed", LISTING_OBSTRUCTED, true},
    {"limited view", LISTING_OBSTRUCTED, true},
    {"partial view", LISTING_OBSTRUCTED, true},
    {"restricted view", LISTING_OBSTRUCTED, true},
    {"standing", LISTING_STANDING, false},
    {"sro", LISTING_STANDING, false},
    {"parking", LISTING_PARKING, false},
    {"garage", LISTING_PARKING, false},
    {"valet", LISTING_PARKING, false},
    {"lot", LISTING_PARKING, false},
    {"lots", LISTING_PARKING, false},
    {"ada", LISTING_ACCESSIBLE, false},
    {"wheelchair", LISTING_ACCESSIBLE, true},
    {"accessible", LISTING_ACCESSIBLE, false},
    {"companion", LISTING_ACCESSIBLE, false},
    {"handicap", LISTING_ACCESSIBLE, true},
    {"suite", LISTING_SUITE, false},
    {"suites", LISTING_SUITE, false},
    {"luxury box", LISTING_SUITE, true},
    {"vip", LISTING_VIP, false},
    {"club", LISTING_CLUB, false},
};

static const struct phrase note_phrases[] = {
    {"obstructed", LISTING_OBSTRUCTED, true},
    {"limited view", LISTING_OBSTRUCTED, true},
    {"limited side view", LISTING_OBSTRUCTED, true},
    {"partial view", LISTING_OBSTRUCTED, true},
    {"restricted view", LISTING_OBSTRUCTED, true},
    {"obscured view", LISTING_OBSTRUCTED, true},
    {"standing room", LISTING_STANDING, true},
    {"sro", LISTING_STANDING, false},
    {"ada", LISTING_ACCESSIBLE, false},
    {"wheelchair", LISTING_ACCESSIBLE, true},
    {"handicap", LISTING_ACCESSIBLE, true},
    {"accessible seat", LISTING_ACCESSIBLE, true},
    {"companion seat", LISTING_ACCESSIBLE, true},
    {"suite", LISTING_SUITE, false},
    {"suites", LISTING_SUITE, false},
    {"vip", LISTING_VIP, false},
    {"club seat", LISTING_CLUB, true},
    {"club ticket", LISTING_CLUB, true},
    {"club level", LISTING_CLUB, true},
    {"seat", TAGS_SEATED, false},
    {"seats", TAGS_SEATED, false},
};

/* Bytes of other alphabets count as letters: no phrase begins or ends within their words. */
static bool is_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (unsigned char)c >= 0x80;
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '\'';
}

static bool is_gap(char c)
{
    return c == ' ' || c == '_' || c == '-' || c == '/';
}

/* Where the phrase ends when it stands at `at`; NULL when it does not. A number may follow: "SRO8".
 */
static const char *match(const char *at, const struct phrase *phrase)
{
    for (const char *word = phrase->words; *word; word++) {
        if (*word == ' ') {
            if (!is_gap(*at))
                return NULL;
            while (is_gap(*at))
                at++;
        } else if ((*at++ | 0x20) != *word) {
            return NULL;
        }
    }
    return phrase->open_end || !is_letter(*at) ? at : NULL;
}

static bool is_one_of(const char *word, size_t length, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == length && strncasecmp(*words, word, length) == 0)
            return true;
    return false;
}

/* Whether "no", "not" or the like stands before, with nothing but an article or the like between.
 */
static bool is_denied_before(const char *text, const char *at)
{
    static const char *const denials[] = {"no", "not", "non", "never", "without", NULL};
    static const char *const fillers[] = {"a",   "an",   "the",  "any",     "in",
                                          "for", "with", "have", "include", NULL};
    for (;;) {
        while (at > text && is_gap(at[-1]))
            at--;
        const char *end = at;
        while (at > text && is_word(at[-1]))
            at--;
        if (is_one_of(at, (size_t)(end - at), denials))
            return true;
        if (!is_one_of(at, (size_t)(end - at), fillers))
            return false;
    }
}

static bool is_denied_after(const char *at)
{
    size_t clause = strcspn(at, ".,;!?\n");
    for (const char *c = at; c + 11 <= at + clause; c++)
        if (strncasecmp(c, "not include", 11) == 0)
            return true;
    return false;
}

static uint32_t first_letters(const struct phrase *phrases, size_t count)
{
    uint32_t letters = 0;
    for (size_t i = 0; i < count; i++)
        letters |= UINT32_C(1) << (phrases[i].words[0] - 'a');
    return letters;
}

static unsigned tags_at(const char *text, const char *at, const struct phrase *phrases,
                        size_t count)
{
    unsigned tags = 0;
    for (size_t i = 0; i < count; i++) {
        const char *end = match(at, &phrases[i]);
        if (end && !is_denied_before(text, at) && !is_denied_after(end))
            tags |= phrases[i].tag;
    }
    return tags;
}

static unsigned find(const char *text, const struct phrase *phrases, size_t count)
{
    uint32_t letters = first_letters(phrases, count);
    unsigned tags = 0;
    bool inside = false;
    for (const char *at = text; *at; at++) {
        bool word = is_word(*at);
        if (word && !inside && is_letter(*at) && (unsigned char)*at < 0x80 &&
            letters >> ((*at | 0x20) - 'a') & 1)
            tags |= tags_at(text, at, phrases, count);
        inside = word;
    }
    return tags;
}

unsigned tags_of_name(const char *name)
{
    return find(name, name_phrases, sizeof name_phrases / sizeof name_phrases[0]);
}

unsigned tags_of_notes(const char *notes)
{
    return find(notes, note_phrases, sizeof note_phrases / sizeof note_phrases[0]);
}
