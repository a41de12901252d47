/* Scripts of keys: any text is read to its end or refused with its line, and what is read has a name that reads as the
   same key. */
#include "fuzz.h"

#include "tui/key.h"

static void check_name(const struct key *key)
{
    char name[KEY_NAME_MAX];
    struct key again;
    struct err err = {0};
    key_format(name, key);
    must(name[0] && strlen(name) < sizeof name);
    must(key_parse(name, &again, &err) && key_same(key, &again));
    must(again.x == key->x && again.y == key->y);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[1024];
    struct key_script script = {.at = input_text(text, sizeof text, data, size)};
    struct key key;
    struct err err = {0};
    const char *before = script.at;
    while (key_script_next(&script, &key, &err) && key.code != KEY_CODE_NONE) {
        must(script.at > before && script.at <= text + strlen(text));
        before = script.at;
        check_name(&key);
    }
    must(err.code == ERR_NONE ? *script.at == '\0' : strncmp(err.text, "line ", 5) == 0);
    return 0;
}
