#include "core/measures_db.h"

static const int kept_size[] = {1, 2, 4};

static const char *const names[MEASURES_BASES][9] = {
    {":count", ":sum", ":min", ":max", ":median_x2", ":quarter", ":min_1", ":min_2", ":min_4"},
    {":ai_count", ":ai_sum", ":ai_min", ":ai_max", ":ai_median_x2", ":ai_quarter", ":ai_min_1",
     ":ai_min_2", ":ai_min_4"},
};

static void bind_price(struct stmt *stmt, const char *name, int64_t value)
{
    if (value == MEASURES_NONE)
        stmt_bind_null(stmt, name);
    else
        stmt_bind_int(stmt, name, value);
}

static int64_t read_price(const struct stmt *stmt, int column)
{
    return stmt_is_null(stmt, column) ? MEASURES_NONE : stmt_int(stmt, column);
}

void measures_db_bind(struct stmt *stmt, const struct measures *measures)
{
    stmt_bind_int(stmt, ":tickets", measures->tickets);
    stmt_bind_int(stmt, ":listings", measures->listings);
    for (int basis = 0; basis < MEASURES_BASES; basis++) {
        const struct measures_prices *prices = &measures->prices[basis];
        const char *const *name = names[basis];
        /* an event without all-in prices, the usual case, costs no bytes for them */
        bool silent = basis == MEASURES_ALL_IN && prices->count == 0;
        bind_price(stmt, name[0], silent ? MEASURES_NONE : prices->count);
        bind_price(stmt, name[1], silent ? MEASURES_NONE : prices->sum);
        bind_price(stmt, name[2], prices->min);
        bind_price(stmt, name[3], prices->max);
        bind_price(stmt, name[4], prices->median_x2);
        bind_price(stmt, name[5], prices->quarter);
        for (int i = 0; i < 3; i++)
            bind_price(stmt, name[6 + i], prices->group_min[kept_size[i] - 1]);
    }
}

void measures_db_read(const struct stmt *stmt, int column, struct measures *measures)
{
    for (int basis = 0; basis < MEASURES_BASES; basis++, column += 9) {
        struct measures_prices *prices = &measures->prices[basis];
        *prices = (struct measures_prices){.count = stmt_int(stmt, column),
                                           .sum = stmt_int(stmt, column + 1),
                                           .min = read_price(stmt, column + 2),
                                           .max = read_price(stmt, column + 3),
                                           .median_x2 = read_price(stmt, column + 4),
                                           .quarter = read_price(stmt, column + 5)};
        for (int k = 0; k < MEASURES_SIZES; k++)
            prices->group_min[k] = MEASURES_NONE;
        for (int i = 0; i < 3; i++)
            prices->group_min[kept_size[i] - 1] = read_price(stmt, column + 6 + i);
    }
}

bool measures_db_save_metric(struct db *db, const struct measures_db_key *key,
                             const struct measures *measures, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(db, SQL_METRIC_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", key->event_id);
    stmt_bind_int(&stmt, ":at", key->at_ms);
    stmt_bind_int(&stmt, ":zone", key->zone_id);
    measures_db_bind(&stmt, measures);
    return stmt_run(&stmt, err);
}

bool measures_db_forget_metrics(struct db *db, int64_t event_id, int64_t at_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(db, SQL_METRIC_REMOVE, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":at", at_ms);
    return stmt_run(&stmt, err);
}
