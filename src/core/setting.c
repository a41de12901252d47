#include "core/setting.h"

#include <stdio.h>

#include "base/text.h"
#include "io/db.h"

bool setting_get(struct store *store, const char *name, char *out, size_t size, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SETTING_GET, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", name);
    enum step step = stmt_step(&stmt, err);
    snprintf(out, size, "%s", step == STEP_ROW ? stmt_string(&stmt, 0) : "");
    return step != STEP_ERROR;
}

bool setting_get_int(struct store *store, const char *name, int64_t *value, struct err *err)
{
    char text[32];
    if (!setting_get(store, name, text, sizeof text, err))
        return false;
    if (!text_to_int(text, value))
        *value = 0;
    return true;
}

bool setting_set(struct store *store, const char *name, const char *value, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SETTING_SET, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":name", name);
    stmt_bind_text(&stmt, ":value", value);
    if (!db_begin(store_db(store), err))
        return false;
    if (stmt_run(&stmt, err))
        return db_commit(store_db(store), err);
    db_rollback(store_db(store));
    return false;
}

bool setting_set_int(struct store *store, const char *name, int64_t value, struct err *err)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)value);
    return setting_set(store, name, text, err);
}
