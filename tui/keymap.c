#include "tui/keymap.h"

#include <stdio.h>
#include <string.h>

/* Reads the next name of a list; false at its end. */
static bool next_name(const char **at, char *name, size_t size)
{
    *at += strspn(*at, " ");
    size_t length = strcspn(*at, " ");
    if (length == 0)
        return false;
    snprintf(name, size, "%.*s", (int)length, *at);
    *at += length;
    return true;
}

static bool read_keys(struct keymap *keymap, enum action action, const char *keys, struct err *err)
{
    char name[KEY_NAME_MAX];
    keymap->of[action].count = 0;
    if (strcmp(keys, "none") == 0)
        return true;
    while (next_name(&keys, name, sizeof name)) {
        size_t count = keymap->of[action].count;
        if (count == KEYMAP_KEYS_MAX)
            return err_set(err, ERR_USAGE, "more than %d keys", KEYMAP_KEYS_MAX);
        if (!key_parse(name, &keymap->of[action].keys[count], err))
            return false;
        keymap->of[action].count++;
    }
    return true;
}

static bool has_key(const struct keymap *keymap, enum action action, const struct key *key)
{
    for (size_t i = 0; i < keymap->of[action].count; i++)
        if (key_same(&keymap->of[action].keys[i], key))
            return true;
    return false;
}

/* Another action that has the key where this one has it too. */
static enum action rival(const struct keymap *keymap, enum action action, const struct key *key)
{
    for (enum action other = ACTION_NONE + 1; other < ACTION_COUNT; other++)
        if (other != action && (action_info(other)->places & action_info(action)->places) &&
            has_key(keymap, other, key))
            return other;
    return ACTION_NONE;
}

static bool check(const struct keymap *keymap, enum action action, struct err *err)
{
    char name[KEY_NAME_MAX];
    for (size_t i = 0; i < keymap->of[action].count; i++) {
        const struct key *key = &keymap->of[action].keys[i];
        enum action other = rival(keymap, action, key);
        if (other == ACTION_NONE)
            continue;
        err_set(err, ERR_USAGE, "key '%s' of '%s' is that of '%s' already", key_format(name, key),
                action_info(action)->word, action_info(other)->word);
        return err_hint(err, "give '%s' another key first, or none", action_info(other)->word);
    }
    return true;
}

void keymap_init(struct keymap *keymap)
{
    struct err err = {0};
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        if (!read_keys(keymap, action, action_info(action)->keys, &err))
            BUG("keys of '%s': %s", action_info(action)->word, err.text);
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        if (!check(keymap, action, &err))
            BUG("%s", err.text);
}

bool keymap_bind(struct keymap *keymap, const char *word, const char *keys, struct err *err)
{
    enum action action = action_find(word);
    if (action == ACTION_NONE) {
        err_set(err, ERR_USAGE, "'%.60s' is nothing that a key can do", word);
        return err_hint(err, "`tws help keys` lists what there is");
    }
    struct keymap tried = *keymap;
    if (!read_keys(&tried, action, keys, err) || !check(&tried, action, err))
        return false;
    *keymap = tried;
    return true;
}

enum action keymap_find(const struct keymap *keymap, const struct key *key, enum action_place place)
{
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        if ((action_info(action)->places & place) && has_key(keymap, action, key))
            return action;
    return ACTION_NONE;
}

char *keymap_first(char *out, const struct keymap *keymap, enum action action)
{
    out[0] = '\0';
    return keymap->of[action].count > 0 ? key_format(out, &keymap->of[action].keys[0]) : out;
}

char *keymap_all(char *out, const struct keymap *keymap, enum action action)
{
    char name[KEY_NAME_MAX];
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < keymap->of[action].count && used < KEYMAP_TEXT_MAX; i++)
        used += (size_t)snprintf(out + used, KEYMAP_TEXT_MAX - used, "%s%s", i ? " " : "",
                                 key_format(name, &keymap->of[action].keys[i]));
    return out;
}
