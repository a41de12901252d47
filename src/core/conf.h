/*
 * Settings: flags > TWS_* environment > config file > defaults, all from the table conf.def, which help, the
 * manual and doctor print with where each value came from.
 */
#ifndef CORE_CONF_H
#define CORE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum conf_key {
#define X(name, key, environment, kind, fallback, sentence) CONF_##name,
#include "core/conf.def"
#undef X
    CONF_COUNT
};

enum conf_origin { CONF_FROM_DEFAULT, CONF_FROM_FILE, CONF_FROM_ENVIRONMENT, CONF_FROM_FLAG };

/* A row of the table; static. */
struct conf_info {
    const char *key, *environment, *fallback, *sentence;
};

/* A line that is no setting: of the section [keys], an action and its keys (tui/keymap.h says whether it can be); of [alerts], the
   name of a rule and the rule. */
struct conf_line {
    char *name, *text;
    int line;
};

enum { CONF_SHOWN_MAX = 4200 }; /* a path, the longest value */

struct conf; /* all settings of this run */

/* Reads the config file (`config_flag`, else TWS_CONFIG, else $XDG_CONFIG_HOME/tws/config.ini, which may be
   missing; a file that was named must exist) and the environment, checks every value, and fixes the clock when
   `now` is set. `db_flag` is --db or NULL. NULL with ERR_USAGE names the file and line, or the variable. An unknown
   key is refused with a suggestion, and so are a rule that cannot be read and a secret in a file that others may read. */
struct conf *conf_open(const char *config_flag, const char *db_flag, struct err *err);

/* Frees. NULL is fine. */
void conf_close(struct conf *conf);

/* A value as text; "" when not set and without a default. For DB the path is complete. */
const char *conf_text(const struct conf *conf, enum conf_key key);

/* The value of a COUNT setting. */
int64_t conf_count(const struct conf *conf, enum conf_key key);

/* The value of a SPAN setting. */
int64_t conf_span_ms(const struct conf *conf, enum conf_key key);

/* Where a value came from. */
enum conf_origin conf_origin(const struct conf *conf, enum conf_key key);

/* "default", "file", "environment", "flag"; static. */
const char *conf_origin_word(enum conf_origin origin);

/* The table's row of a key. */
const struct conf_info *conf_info(enum conf_key key);

/* Finds a key by its file name, "http.rate"; false when there is none. */
bool conf_find(const char *name, enum conf_key *key);

/* The lines of [keys], in order; the conf's own. */
const struct conf_line *conf_bindings(const struct conf *conf, size_t *count);

/* The rules in [alerts], in order; the conf's own. */
const struct conf_line *conf_rules(const struct conf *conf, size_t *count);

/* A value as it may be shown: of an address only the host, since what stands behind it is often a secret; a secret is only
   said to be set. Into `out` of
   CONF_SHOWN_MAX, returned. */
char *conf_shown(const struct conf *conf, enum conf_key key, char *out);

/* The config file's path, whether or not it exists. */
const char *conf_path(const struct conf *conf);

#endif
