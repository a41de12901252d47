#include "core/simfault.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

enum { WORD_MAX = 64 };

static const struct {
    const char *word;
    enum simfault_part part;
    const char *sentence;
} table[SIMFAULT_COUNT] = {
#define X(name, word, part, sentence) {word, SIMFAULT_##part, sentence},
#include "core/simfault.def"
#undef X
};

const char *simfault_word(enum simfault_kind kind)
{
    return table[kind].word;
}

enum simfault_part simfault_part(enum simfault_kind kind)
{
    return table[kind].part;
}

const char *simfault_sentence(enum simfault_kind kind)
{
    return table[kind].sentence;
}

/* --- reading --- */

static bool read_kind(const char *word, enum simfault_kind *kind, struct err *err)
{
    AUTO_BUF struct buf words;
    buf_init(&words, ERR_TEXT_MAX);
    for (int i = 0; i < SIMFAULT_COUNT; i++) {
        if (strcmp(table[i].word, word) == 0) {
            *kind = (enum simfault_kind)i;
            return true;
        }
        buf_printf(&words, i > 0 ? " %s" : "%s", table[i].word);
    }
    return err_set(err, ERR_USAGE, "there is no fault '%s', only %s", word, buf_text(&words));
}

/* "429" or "429@7000002". */
static bool read_name(char *word, struct simfault *fault, struct err *err)
{
    char *at = strchr(word, '@');
    if (at) {
        *at = '\0';
        if (!text_to_int(at + 1, &fault->external_id) || fault->external_id <= 0)
            return err_set(err, ERR_USAGE, "fault '%s': '%s' is not an event id", word, at + 1);
    }
    return read_kind(word, &fault->kind, err);
}

static bool read_on(const char *value, struct simfault *fault)
{
    static const char *const words[] = {"listings", "productions", "all"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(words[i], value) == 0) {
            fault->on = (enum simfault_on)(i + 1);
            return true;
        }
    }
    return false;
}

static bool read_number(const char *key, const char *value, struct simfault *fault)
{
    const struct {
        const char *key;
        int64_t *number, min, max;
    } keys[] = {
        {"every", &fault->every, 1, 1000000},
        {"ms", &fault->ms, 0, 3600000},
        {"bytes", &fault->bytes_s, 1, 1 << 30},
        {"after", &fault->after, 0, 1 << 30},
        {"retry-date", &fault->retry_date_s, 0, 1 << 30},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].key, key) == 0)
            return text_to_int(value, keys[i].number) && *keys[i].number >= keys[i].min &&
                   *keys[i].number <= keys[i].max;
    }
    return false;
}

/* The third kind of header is sent as it was typed: servers do send nonsense. */
static bool read_pair(const char *key, const char *value, struct simfault *fault)
{
    if (strcmp(key, "on") == 0)
        return read_on(value, fault);
    if (strcmp(key, "plain") == 0)
        return fault->plain = strcmp(value, "1") == 0;
    if (strcmp(key, "retry-after") == 0)
        return (size_t)snprintf(fault->retry_after, sizeof fault->retry_after, "%s", value) <
               sizeof fault->retry_after;
    return read_number(key, value, fault);
}

static bool read_part(char *word, struct simfault *fault, struct err *err)
{
    char *value = strchr(word, '=');
    if (!value) {
        if (text_to_int(word, &fault->left) && fault->left > 0)
            return true;
        return err_set(err, ERR_USAGE, "fault '%s': '%s' is not a number of requests",
                       simfault_word(fault->kind), word);
    }
    *value++ = '\0';
    if (read_pair(word, value, fault))
        return true;
    return err_set(
        err, ERR_USAGE,
        "fault '%s': '%s=%s' is none of every=N, ms=N, bytes=N, after=N, retry-after=TEXT, "
        "retry-date=SECONDS, plain=1, on=listings|productions|all",
        simfault_word(fault->kind), word, value);
}

bool simfault_parse(const char *text, struct simfault *fault, struct err *err)
{
    *fault = (struct simfault){.on = SIMFAULT_ON_LISTINGS,
                               .left = -1,
                               .every = 1,
                               .ms = 2000,
                               .bytes_s = 2000,
                               .after = -1,
                               .retry_date_s = -1};
    char word[WORD_MAX];
    for (bool first = true;; first = false) {
        size_t length = strcspn(text, ":");
        if (length >= sizeof word)
            return err_set(err, ERR_USAGE, "fault '%.20s...': too long", text);
        memcpy(word, text, length);
        word[length] = '\0';
        if (first ? !read_name(word, fault, err) : !read_part(word, fault, err))
            return false;
        if (!text[length])
            break;
        text += length + 1;
    }
    if (simfault_part(fault->kind) == SIMFAULT_MARKET && fault->on != SIMFAULT_ON_LISTINGS)
        return err_set(err, ERR_USAGE, "fault '%s' spoils listings only",
                       simfault_word(fault->kind));
    return true;
}

/* --- striking --- */

bool simfault_strikes(struct simfault *fault, enum simfault_on on, int64_t external_id)
{
    if (!(fault->on & on) || fault->left == 0 ||
        (fault->external_id != 0 && fault->external_id != external_id))
        return false;
    if (++fault->seen % fault->every != 0)
        return false;
    if (fault->left > 0)
        fault->left--;
    return true;
}
