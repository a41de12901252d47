#include "core/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"
#include "core/quiet.h"
#include "core/rule.h"
#include "io/http.h"
#include "io/ini.h"

enum kind { PATH, TIME, URL, COUNT, SPAN, WORD, WORDS, TEXT, SECRET, QUIET, ADDRESS, SERVER };

static const struct {
    struct conf_info info;
    enum kind kind;
} table[CONF_COUNT] = {
#define X(NAME, key, environment, kind, fallback, sentence)                                        \
    [CONF_##NAME] = {{key, environment, fallback, sentence}, kind},
#include "core/conf.def"
#undef X
};

/* What the sentences of the table promise. */
static const struct {
    int64_t min, max;
    const char *words;
} limits[CONF_COUNT] = {
    [CONF_RETRIES] = {0, 10, NULL},
    [CONF_RATE] = {0, 6000, NULL},
    [CONF_PARALLEL] = {1, 64, NULL},
    [CONF_TIMEOUT] = {1, 600, NULL},
    [CONF_WATCH_EVERY] = {CLOCK_MINUTE_MS, 7 * CLOCK_DAY_MS, "1min to 7d"},
    [CONF_WATCH_FASTEST] = {CLOCK_MINUTE_MS, 7 * CLOCK_DAY_MS, "1min to 7d"},
    [CONF_WATCH_SLOWEST] = {CLOCK_MINUTE_MS, 7 * CLOCK_DAY_MS, "1min to 7d"},
    [CONF_WATCH_ATTEMPTS] = {1, 20, NULL},
    [CONF_WATCH_QUEUE] = {0, 0, "sqlite, supabase"},
    [CONF_WATCH_HISTORY] = {CLOCK_HOUR_MS, 3650 * CLOCK_DAY_MS, "1h to 3650d"},
    [CONF_WATCH_METRICS_EVENTS] = {0, 100000, NULL},
    [CONF_MARKER] = {0, 0, "auto, braille, quadrant, half, block, ascii"},
    [CONF_THEME] = {0, 0, "dark, light, mono"},
    [CONF_MOUSE] = {0, 0, "on, off"},
    [CONF_NOTIFY] = {0, 0, "on, off"},
    [CONF_SYNC_SNAPSHOTS] = {0, 0, "off, on"},
    [CONF_SYNC_BYTES] = {0, INT64_MAX, NULL},
    [CONF_ALERTS_COOLDOWN] = {0, 365 * CLOCK_DAY_MS, "0s to 365d"},
    [CONF_ALERTS_HISTORY] = {CLOCK_DAY_MS, 3650 * CLOCK_DAY_MS, "1d to 3650d"},
    [CONF_ALERTS_TO] = {0, 0, "stderr, exec, webhook, mail"},
    [CONF_ALERTS_MARGIN] = {0, 50, NULL},
};

/* Lines of a section that are no settings. */
struct lines {
    struct conf_line *lines;
    size_t count, capacity;
};

struct conf {
    char *path;
    struct lines bindings, rules;
    struct {
        char *text;
        int64_t number;
        enum conf_origin origin;
    } values[CONF_COUNT];
};

enum { PATH_TEXT_MAX = 4096, KEY_MAX = 128 };

/* Non-empty, else NULL: an empty variable is one that is not set. */
static const char *environment(const char *name)
{
    const char *text = getenv(name);
    return text && *text ? text : NULL;
}

static char *join(const char *folder, const char *rest)
{
    AUTO_BUF struct buf path;
    buf_init(&path, PATH_TEXT_MAX);
    buf_printf(&path, "%s/%s", folder, rest);
    return mem_strdup(buf_text(&path));
}

/* A file in a folder of the XDG base directory specification, which says that a relative one is to
   be ignored. NULL when there is not even a HOME. */
static char *xdg_path(const char *variable, const char *below_home, const char *file)
{
    const char *folder = environment(variable);
    if (folder && folder[0] == '/')
        return join(folder, file);
    const char *home = environment("HOME");
    if (!home)
        return NULL;
    AUTO_FREE char *base = join(home, below_home);
    return join(base, file);
}

static char *complete_path(const char *text)
{
    char folder[PATH_TEXT_MAX];
    const char *home = environment("HOME");
    if (strncmp(text, "~/", 2) == 0 && home)
        return join(home, text + 2);
    if (text[0] == '/' || !getcwd(folder, sizeof folder))
        return mem_strdup(text);
    return join(folder, text);
}

static bool read_path(const char *text, char **value, struct err *err)
{
    if (strlen(text) >= PATH_TEXT_MAX)
        return err_set(err, ERR_USAGE, "the path is longer than %d bytes", PATH_TEXT_MAX);
    *value = complete_path(text);
    return true;
}

/* A scheme, a host and a port and nothing behind them; one '/' at the end is dropped. */
static bool read_url(const char *text, char **value, struct err *err)
{
    char origin[256];
    const char *host = strstr(text, "://");
    size_t length = host ? (size_t)(host - text) + 3 + strcspn(host + 3, "/?#") : 0;
    if (!http_origin(text, origin, sizeof origin) || (text[length] && strcmp(text + length, "/")))
        return err_set(err, ERR_USAGE, "'%.120s' is not a scheme, host and port such as %s", text,
                       "https://www.vividseats.com");
    *value = mem_strdup(text);
    (*value)[length] = '\0';
    return true;
}

static bool is_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
            return true;
    return false;
}

static bool read_span(enum conf_key key, const char *text, char **value, int64_t *number,
                      struct err *err)
{
    if (!when_parse_span(text, number, err))
        return false;
    if (*number < limits[key].min || *number > limits[key].max)
        return err_set(err, ERR_USAGE, "'%.120s' is not a length of time from %s", text,
                       limits[key].words);
    *value = mem_strdup(text);
    return true;
}

/* Each word of a list with commas. */
static bool are_words(const char *words, const char *text)
{
    char word[64];
    do {
        text += strspn(text, " ");
        size_t length = strcspn(text, ", ");
        if (length == 0 || length >= sizeof word)
            return false;
        memcpy(word, text, length);
        word[length] = '\0';
        if (!is_word(words, word))
            return false;
        text += length + strspn(text + length, " ");
    } while (*text++ == ',');
    return text[-1] == '\0';
}

/* http_origin() looks at http only; a mail server is checked for its shape. */
static bool is_mail_server(const char *text)
{
    const char *host = strstr(text, "://");
    bool known = strncmp(text, "smtp://", 7) == 0 || strncmp(text, "smtps://", 8) == 0;
    return known && host[3] && !strpbrk(host + 3, "/?#@ ");
}

static bool read_word(enum conf_key key, const char *text, struct err *err)
{
    bool list = table[key].kind == WORDS;
    if (list ? are_words(limits[key].words, text)
             : *text && !strpbrk(text, ", ") && is_word(limits[key].words, text))
        return true;
    return err_set(err, ERR_USAGE, "'%.120s' is none of %s", text, limits[key].words);
}

static bool read_address(const char *text, struct err *err)
{
    char origin[256];
    /* not repeated: what stands in it may be a secret */
    return http_origin(text, origin, sizeof origin) ||
           err_set(err, ERR_USAGE, "it is no http or https address without a user name");
}

static bool read_value(enum conf_key key, const char *text, char **value, int64_t *number,
                       struct err *err)
{
    struct quiet quiet;
    switch (table[key].kind) {
    case PATH:
        return read_path(text, value, err);
    case URL:
        return read_url(text, value, err);
    case TIME:
        if (!clock_parse(text, number))
            return err_set(err, ERR_USAGE, "'%.120s' is not a time such as 2026-02-09T18:00:00Z",
                           text);
        break;
    case COUNT:
        if (!text_to_int(text, number) || *number < limits[key].min || *number > limits[key].max)
            return err_set(err, ERR_USAGE, "'%.120s' is not a whole number from %lld to %lld", text,
                           (long long)limits[key].min, (long long)limits[key].max);
        break;
    case SPAN:
        return read_span(key, text, value, number, err);
    case WORD:
    case WORDS:
        if (!read_word(key, text, err))
            return false;
        break;
    case QUIET:
        if (!quiet_parse(text, &quiet, err))
            return false;
        break;
    case ADDRESS:
        if (!read_address(text, err))
            return false;
        break;
    case SERVER:
        if (!is_mail_server(text))
            return err_set(err, ERR_USAGE, "'%.120s' is not a server such as smtps://host:465",
                           text);
        break;
    case TEXT:
    case SECRET:
        break;
    }
    *value = mem_strdup(text);
    return true;
}

static bool set(struct conf *conf, enum conf_key key, const char *text, enum conf_origin origin,
                struct err *err)
{
    char *value = NULL;
    int64_t number = 0;
    if (!read_value(key, text, &value, &number, err))
        return false;
    mem_free(conf->values[key].text);
    conf->values[key].text = value;
    conf->values[key].number = number;
    conf->values[key].origin = origin;
    return true;
}

static bool set_defaults(struct conf *conf, struct err *err)
{
    for (enum conf_key key = 0; key < CONF_COUNT; key++) {
        const char *fallback = table[key].info.fallback;
        if (table[key].kind == URL) /* a look at it would load libcurl, for most commands in vain */
            conf->values[key].text = mem_strdup(fallback);
        else if (*fallback && !set(conf, key, fallback, CONF_FROM_DEFAULT, err))
            BUG("default of '%s': %s", table[key].info.key, err->text);
    }
    conf->values[CONF_DB].text = xdg_path("XDG_DATA_HOME", ".local/share", "tws/tws.db");
    return true;
}

static bool refuse_key(const char *name, struct err *err)
{
    const char *best = NULL;
    int nearest = 4;
    for (enum conf_key key = 0; key < CONF_COUNT; key++) {
        int distance = text_distance(name, table[key].info.key);
        if (distance >= nearest)
            continue;
        nearest = distance;
        best = table[key].info.key;
    }
    err_set(err, ERR_USAGE, "unknown setting '%s'", name);
    return best ? err_hint(err, "did you mean '%s'?", best)
                : err_hint(err, "`tws help settings` lists them");
}

static void keep_line(struct lines *lines, const char *name, const char *text, int line)
{
    lines->lines = mem_grow(lines->lines, lines->count, &lines->capacity, sizeof *lines->lines);
    lines->lines[lines->count++] = (struct conf_line){mem_strdup(name), mem_strdup(text), line};
}

static void release_lines(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        mem_free(lines->lines[i].name);
        mem_free(lines->lines[i].text);
    }
    mem_free(lines->lines);
}

/* What stands in [alerts] and is no setting is a rule, or was meant to be one or the other. */
static bool take_rule(struct conf *conf, const char *name, const char *text, int line,
                      struct err *err)
{
    struct rule rule;
    for (size_t i = 0; i < conf->rules.count; i++)
        if (strcmp(conf->rules.lines[i].name, name) == 0)
            return err_set(err, ERR_USAGE, "rule '%s' is there twice, first in line %d", name,
                           conf->rules.lines[i].line);
    if (!rule_name_check(name, err) || !rule_parse(text, &rule, err))
        return err_wrap(err, "rule '%.60s'", name);
    keep_line(&conf->rules, name, text, line);
    return true;
}

/* A secret that others on this machine can read is none. */
static bool is_private(const char *path, struct err *err)
{
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & (S_IRWXG | S_IRWXO)) == 0)
        return true;
    err_set(err, ERR_USAGE, "the file holds a secret and others may read it");
    return err_hint(err, "chmod 600 '%s'", path);
}

static bool take_line(void *context, const char *section, const char *name, const char *value,
                      int line, struct err *err)
{
    struct conf *conf = context;
    enum conf_key key;
    AUTO_BUF struct buf full;
    buf_init(&full, KEY_MAX);
    if (strcmp(section, "keys") == 0) {
        keep_line(&conf->bindings, name, value, line);
        return true;
    }
    buf_printf(&full, "%s%s%s", section, *section ? "." : "", name);
    if (full.overflow)
        return err_set(err, ERR_USAGE, "a name longer than %d bytes", KEY_MAX);
    if (!conf_find(buf_text(&full), &key))
        return strcmp(section, "alerts") == 0 ? take_rule(conf, name, value, line, err)
                                              : refuse_key(buf_text(&full), err);
    if (!*value)
        return err_set(err, ERR_USAGE, "setting '%s' has no value", buf_text(&full));
    if (table[key].kind == SECRET && !is_private(conf->path, err))
        return err_wrap(err, "setting '%s'", buf_text(&full));
    return set(conf, key, value, CONF_FROM_FILE, err) ||
           err_wrap(err, "setting '%s'", buf_text(&full));
}

static bool read_file(struct conf *conf, const char *flag, struct err *err)
{
    const char *named = flag ? flag : environment("TWS_CONFIG");
    conf->path =
        named ? complete_path(named) : xdg_path("XDG_CONFIG_HOME", ".config", "tws/config.ini");
    if (!conf->path)
        return true;
    if (!named && access(conf->path, F_OK) != 0)
        return true;
    return ini_read(conf->path, take_line, conf, err);
}

static bool read_environment(struct conf *conf, struct err *err)
{
    for (enum conf_key key = 0; key < CONF_COUNT; key++) {
        const char *text = environment(table[key].info.environment);
        if (text && !set(conf, key, text, CONF_FROM_ENVIRONMENT, err))
            return err_wrap(err, "%s", table[key].info.environment);
    }
    return true;
}

static bool read_flag(struct conf *conf, const char *db_flag, struct err *err)
{
    if (db_flag && !set(conf, CONF_DB, db_flag, CONF_FROM_FLAG, err))
        return err_wrap(err, "option '--db'");
    if (conf->values[CONF_DB].text)
        return true;
    err_set(err, ERR_USAGE, "no place for the store: HOME is not set");
    return err_hint(err, "set TWS_DB or give --db FILE");
}

struct conf *conf_open(const char *config_flag, const char *db_flag, struct err *err)
{
    struct conf *conf = mem_alloc(1, sizeof *conf);
    if (!set_defaults(conf, err) || !read_file(conf, config_flag, err) ||
        !read_environment(conf, err) || !read_flag(conf, db_flag, err)) {
        conf_close(conf);
        return NULL;
    }
    if (conf->values[CONF_NOW].text)
        clock_fix(conf->values[CONF_NOW].number);
    return conf;
}

void conf_close(struct conf *conf)
{
    if (!conf)
        return;
    for (enum conf_key key = 0; key < CONF_COUNT; key++)
        mem_free(conf->values[key].text);
    release_lines(&conf->bindings);
    release_lines(&conf->rules);
    mem_free(conf->path);
    mem_free(conf);
}

const char *conf_text(const struct conf *conf, enum conf_key key)
{
    return conf->values[key].text ? conf->values[key].text : "";
}

int64_t conf_count(const struct conf *conf, enum conf_key key)
{
    if (table[key].kind != COUNT)
        BUG("setting '%s' is no count", table[key].info.key);
    return conf->values[key].number;
}

int64_t conf_span_ms(const struct conf *conf, enum conf_key key)
{
    if (table[key].kind != SPAN)
        BUG("setting '%s' is no length of time", table[key].info.key);
    return conf->values[key].number;
}

enum conf_origin conf_origin(const struct conf *conf, enum conf_key key)
{
    return conf->values[key].origin;
}

const char *conf_origin_word(enum conf_origin origin)
{
    static const char *const words[] = {
        [CONF_FROM_DEFAULT] = "default",
        [CONF_FROM_FILE] = "file",
        [CONF_FROM_ENVIRONMENT] = "environment",
        [CONF_FROM_FLAG] = "flag",
    };
    return words[origin];
}

const struct conf_info *conf_info(enum conf_key key)
{
    return &table[key].info;
}

bool conf_find(const char *name, enum conf_key *key)
{
    for (enum conf_key at = 0; at < CONF_COUNT; at++) {
        if (strcmp(table[at].info.key, name) != 0)
            continue;
        *key = at;
        return true;
    }
    return false;
}

const char *conf_path(const struct conf *conf)
{
    return conf->path ? conf->path : "";
}

const struct conf_line *conf_bindings(const struct conf *conf, size_t *count)
{
    *count = conf->bindings.count;
    return conf->bindings.lines;
}

const struct conf_line *conf_rules(const struct conf *conf, size_t *count)
{
    *count = conf->rules.count;
    return conf->rules.lines;
}

char *conf_shown(const struct conf *conf, enum conf_key key, char *out)
{
    const char *text = conf_text(conf, key);
    if (table[key].kind == ADDRESS && *text &&
        http_origin(text, out, CONF_SHOWN_MAX - sizeof "/..."))
        memcpy(out + strlen(out), "/...", sizeof "/...");
    else if (table[key].kind == SECRET && *text)
        snprintf(out, CONF_SHOWN_MAX, "(set, not shown)");
    else
        snprintf(out, CONF_SHOWN_MAX, "%s", text);
    return out;
}
