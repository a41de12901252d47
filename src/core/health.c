#include "core/health.h"

#include <string.h>

#include "io/db.h"

bool health_check(struct store *store, struct err *err)
{
    AUTO_STMT struct stmt check = {0};
    if (!db_prepare(store_db(store), SQL_QUICK_CHECK, &check, err) ||
        stmt_step(&check, err) == STEP_ERROR)
        return false;
    const char *found = stmt_text(&check, 0);
    if (found && strcmp(found, "ok") == 0)
        return true;
    return err_set(err, ERR_STORE, "store '%s': %s", store_path(store),
                   found ? found : "no answer");
}
