#include "core/ruleset.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "io/db.h"

void ruleset_release(struct ruleset *set)
{
    for (size_t i = 0; i < set->count; i++) {
        mem_free(set->entries[i].name);
        mem_free(set->entries[i].text);
    }
    mem_free(set->entries);
    *set = (struct ruleset){0};
}

const struct ruleset_entry *ruleset_find(const struct ruleset *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->entries[i].name, name) == 0)
            return &set->entries[i];
    return NULL;
}

static void add_entry(struct ruleset *set, const char *name, const char *text, int line)
{
    struct ruleset_entry entry = {mem_strdup(name), mem_strdup(text), .line = line};
    entry.broken = !rule_parse(text, &entry.rule, &entry.err);
    if (ruleset_find(set, name)) {
        entry.broken = true;
        err_set(&entry.err, ERR_USAGE, "the config file has a rule of that name, too");
    }
    set->entries = mem_grow(set->entries, set->count, &set->capacity, sizeof *set->entries);
    set->entries[set->count++] = entry;
}

bool ruleset_load(const struct conf *conf, struct store *store, struct ruleset *set,
                  struct err *err)
{
    size_t count;
    const struct conf_line *lines = conf_rules(conf, &count);
    for (size_t i = 0; i < count; i++)
        add_entry(set, lines[i].name, lines[i].text, lines[i].line);
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_ALERT_RULE_LIST, &stmt, err))
        return false;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW)
        add_entry(set, stmt_string(&stmt, 0), stmt_string(&stmt, 1), 0);
    return step == STEP_DONE;
}

/* Runs a statement about one rule in a transaction; *changes gets how many rows it was about. */
static bool change(struct store *store, enum sql_id id, const char *name, const char *text,
                   int64_t *changes, struct err *err)
{
    struct db *db = store_db(store);
    AUTO_STMT struct stmt stmt = {0};
    if (!db_begin(db, err))
        return false;
    if (!db_prepare(db, id, &stmt, err))
        return db_rollback(db), false;
    stmt_bind_text(&stmt, ":name", name);
    if (text) {
        stmt_bind_text(&stmt, ":rule", text);
        stmt_bind_int(&stmt, ":now", clock_now_ms());
    }
    if (!stmt_run(&stmt, err))
        return db_rollback(db), false;
    *changes = db_changes(db);
    return db_commit(db, err);
}

/* The line of the config file that has a rule; 0: it has none. */
static int line_of(const struct conf *conf, const char *name)
{
    size_t count;
    const struct conf_line *lines = conf_rules(conf, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(lines[i].name, name) == 0)
            return lines[i].line;
    return 0;
}

bool ruleset_add(const struct conf *conf, struct store *store, const char *name, const char *text,
                 struct err *err)
{
    struct rule rule;
    int64_t added = 0;
    if (!rule_name_check(name, err) || !rule_parse(text, &rule, err))
        return err_wrap(err, "rule '%.60s'", name);
    if (line_of(conf, name))
        return err_set(err, ERR_USAGE, "rule '%s' is in the config file, %s:%d", name,
                       conf_path(conf), line_of(conf, name));
    if (!change(store, SQL_ALERT_RULE_ADD, name, text, &added, err))
        return false;
    if (added > 0)
        return true;
    err_set(err, ERR_USAGE, "there is a rule '%s' already", name);
    return err_hint(err, "tws alerts remove %s takes it away", name);
}

bool ruleset_remove(const struct conf *conf, struct store *store, const char *name, struct err *err)
{
    int64_t removed = 0;
    if (!change(store, SQL_ALERT_RULE_REMOVE, name, NULL, &removed, err))
        return false;
    if (removed > 0)
        return true;
    if (line_of(conf, name))
        return err_set(err, ERR_NOT_FOUND,
                       "rule '%s' is in the config file, %s:%d: remove that line", name,
                       conf_path(conf), line_of(conf, name));
    err_set(err, ERR_NOT_FOUND, "there is no rule '%.60s'", name);
    return err_hint(err, "tws alerts list shows them");
}
