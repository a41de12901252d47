#include "tui/fuzzy.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { WORD_MAX = 128, FOR_WHOLE = 40, FOR_START = 12, FOR_RUN = 6, FOR_LETTER = 1 };

static int fold(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static bool is_start(const char *text, const char *at)
{
    return at == text || !isalnum((unsigned char)at[-1]);
}

/* How well a word matches from its first letter at `at` on. Letters that begin a word or follow each other count more; a
   word that stands there whole counts most. */
static int score_from(const char *text, const char *at, const char *word)
{
    int score = 0;
    const char *last = NULL, *first = at;
    for (const char *letter = word; *letter; letter++, at++) {
        while (*at && fold(*at) != fold(*letter))
            at++;
        if (!*at)
            return -1;
        score += FOR_LETTER + (is_start(text, at) ? FOR_START : 0) +
                 (last && at == last + 1 ? FOR_RUN : 0);
        last = at;
    }
    return score + (at - first == (ptrdiff_t)strlen(word) ? FOR_WHOLE : 0);
}

/* The best of all places where it could begin. */
static int score_word(const char *text, const char *word)
{
    int best = -1;
    for (const char *at = text; *at; at++) {
        if (fold(*at) != fold(*word))
            continue;
        int score = score_from(text, at, word);
        if (score < 0) /* nor from any later place */
            break;
        if (score > best)
            best = score;
    }
    return best;
}

int fuzzy_score(const char *text, const char *pattern)
{
    char word[WORD_MAX];
    int total = 0;
    while (pattern += strspn(pattern, " "), *pattern) {
        size_t length = strcspn(pattern, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, pattern);
        pattern += length;
        if (word[0] == '!' && word[1] && text_contains_folded(text, word + 1))
            return -1;
        if (word[0] == '!')
            continue;
        int score = score_word(text, word);
        if (score < 0)
            return -1;
        total += score;
    }
    return total;
}
