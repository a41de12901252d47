/*
 * A second, independent computation of every number: one row for each listing at each poll in a plain SQLite table, and
 * SQL that says what the contract says. It shares no code with src/core but the shapes that are compared.
 */
#ifndef TESTS_ORACLE_H
#define TESTS_ORACLE_H

#include <sqlite3.h>

#include "bazaar.h"
#include "core/measures.h"

struct oracle {
    sqlite3 *sqlite;
    int64_t last_good_ms; /* negative before the first */
};

/* What is asked: a condition on `obs`, the length of a bucket (1: each poll), and which of them. */
struct oracle_ask {
    const char *where;
    enum measures_basis basis;
    int64_t step_ms, first_ms, from_ms, to_ms;
};

struct oracle_row {
    int64_t at_ms, snapshots, last_ms, tickets, listings, lowest, highest;
    int64_t count, sum, min, max, median_x2, quarter, group_min[MEASURES_SIZES], avg, median;
};

static inline sqlite3_stmt *oracle_prepare(struct oracle *oracle, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(oracle->sqlite, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sqlite3_errmsg(oracle->sqlite), sql);
    return stmt;
}

static inline void oracle_bind(sqlite3_stmt *stmt, int index, const char *text)
{
    sqlite3_bind_text(stmt, index, text, -1, SQLITE_TRANSIENT);
}

static inline void oracle_bind_number(sqlite3_stmt *stmt, const char *name, int64_t value)
{
    sqlite3_bind_int64(stmt, sqlite3_bind_parameter_index(stmt, name), value);
}

static inline void oracle_finish(sqlite3_stmt *stmt)
{
    if (sqlite3_step(stmt) != SQLITE_DONE)
        fail_msg("%s", sqlite3_errmsg(sqlite3_db_handle(stmt)));
    sqlite3_finalize(stmt);
}

static inline void oracle_open(struct oracle *oracle)
{
    oracle->last_good_ms = -1;
    assert_int_equal(sqlite3_open(":memory:", &oracle->sqlite), SQLITE_OK);
    static const char *const schema =
        "CREATE TABLE try (at INTEGER PRIMARY KEY, outcome TEXT, good INTEGER);"
        "CREATE TABLE poll (at INTEGER PRIMARY KEY, rejected INTEGER);"
        "CREATE TABLE obs (at INTEGER, id TEXT, zone TEXT, section TEXT, label TEXT, seat_row "
        "TEXT, "
        "  splits TEXT, qty INTEGER, tags INTEGER, price INTEGER, all_in INTEGER, "
        "  PRIMARY KEY (at, id)) WITHOUT ROWID;"
        "CREATE INDEX obs_id ON obs (id, at);"
        "CREATE TABLE seen (at INTEGER, kind TEXT, name TEXT, says TEXT, PRIMARY KEY (at, kind, "
        "name, says));";
    assert_int_equal(sqlite3_exec(oracle->sqlite, schema, NULL, NULL, NULL), SQLITE_OK);
}

static inline void oracle_close(struct oracle *oracle)
{
    assert_int_equal(sqlite3_close(oracle->sqlite), SQLITE_OK);
}

/* Notes that a poll had a zone or section: 'zone' and 'section' whoever says so, 'order' and 'home' what a map says. */
static inline void oracle_see(struct oracle *oracle, int64_t at_ms, const char *kind,
                              const char *name, const char *says)
{
    sqlite3_stmt *stmt =
        oracle_prepare(oracle, "INSERT OR IGNORE INTO seen VALUES (?1, ?2, ?3, ?4)");
    sqlite3_bind_int64(stmt, 1, at_ms);
    oracle_bind(stmt, 2, kind);
    oracle_bind(stmt, 3, name);
    oracle_bind(stmt, 4, says);
    oracle_finish(stmt);
}

static inline void oracle_see_map(struct oracle *oracle, const struct bazaar_poll *poll)
{
    const struct market *market = &poll->market;
    for (size_t i = 0; i < market->zone_count; i++) {
        char order[16];
        snprintf(order, sizeof order, "%d", market->zones[i].display_order);
        oracle_see(oracle, poll->at_ms, "zone", market->zones[i].name, "");
        oracle_see(oracle, poll->at_ms, "order", market->zones[i].name, order);
    }
    for (size_t i = 0; i < market->section_count; i++) {
        oracle_see(oracle, poll->at_ms, "zone", market->sections[i].zone, "");
        oracle_see(oracle, poll->at_ms, "section", market->sections[i].name, "");
        oracle_see(oracle, poll->at_ms, "home", market->sections[i].name, market->sections[i].zone);
    }
}

static inline void oracle_list(struct oracle *oracle, int64_t at_ms, const struct listing *listing)
{
    sqlite3_stmt *stmt = oracle_prepare(
        oracle,
        "INSERT INTO obs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, nullif(?11, -1))");
    const char *const texts[] = {listing->id,    listing->zone, listing->section,
                                 listing->label, listing->row,  listing->splits};
    sqlite3_bind_int64(stmt, 1, at_ms);
    for (int i = 0; i < 6; i++)
        oracle_bind(stmt, 2 + i, texts[i]);
    sqlite3_bind_int64(stmt, 8, listing->quantity);
    sqlite3_bind_int64(stmt, 9, listing->tags);
    sqlite3_bind_int64(stmt, 10, listing->price_minor);
    sqlite3_bind_int64(stmt, 11, listing->all_in_minor);
    oracle_finish(stmt);
    oracle_see(oracle, at_ms, "zone", listing->zone, "");
    oracle_see(oracle, at_ms, "section", listing->section, "");
    oracle_see(oracle, at_ms, "lay", listing->section, listing->zone);
}

/* A listing that could not be read is as it was in the poll before, unless the same poll has it after all. */
static inline void oracle_carry(struct oracle *oracle, int64_t at_ms, const char *id)
{
    sqlite3_stmt *stmt = oracle_prepare(
        oracle,
        "INSERT OR IGNORE INTO obs SELECT ?1, id, zone, section, label, seat_row, splits, qty, "
        "tags, price, all_in FROM obs WHERE at = ?2 AND id = ?3");
    sqlite3_bind_int64(stmt, 1, at_ms);
    sqlite3_bind_int64(stmt, 2, oracle->last_good_ms);
    oracle_bind(stmt, 3, id);
    oracle_finish(stmt);
}

/* Adds a poll; they must come in order of time. */
static inline void oracle_add(struct oracle *oracle, const struct bazaar_poll *poll)
{
    const struct market *market = &poll->market;
    sqlite3_stmt *stmt = oracle_prepare(oracle, "INSERT INTO try VALUES (?1, ?2, ?3)");
    sqlite3_bind_int64(stmt, 1, poll->at_ms);
    oracle_bind(stmt, 2, outcome_word(poll->outcome));
    sqlite3_bind_int64(stmt, 3, outcome_is_good(poll->outcome));
    oracle_finish(stmt);
    if (!outcome_is_good(poll->outcome))
        return;
    stmt = oracle_prepare(oracle, "INSERT INTO poll VALUES (?1, ?2)");
    sqlite3_bind_int64(stmt, 1, poll->at_ms);
    sqlite3_bind_int64(stmt, 2, (int64_t)market->reject_count);
    oracle_finish(stmt);
    oracle_see_map(oracle, poll);
    for (size_t i = 0; i < market->listing_count; i++)
        oracle_list(oracle, poll->at_ms, &market->listings[i]);
    for (size_t i = 0; i < market->reject_count; i++)
        if (market->rejects[i].id != NULL)
            oracle_carry(oracle, poll->at_ms, market->rejects[i].id);
    oracle->last_good_ms = poll->at_ms;
}

/* The first number of a question with one text in it; `none` when it has no row or is null. */
static inline int64_t oracle_number(struct oracle *oracle, const char *sql, const char *text,
                                    int64_t none)
{
    sqlite3_stmt *stmt = oracle_prepare(oracle, sql);
    if (text != NULL)
        oracle_bind(stmt, 1, text);
    bool known = sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL;
    int64_t number = known ? sqlite3_column_int64(stmt, 0) : none;
    sqlite3_finalize(stmt);
    return number;
}

static inline int64_t oracle_first_zone(struct oracle *oracle, const char *name)
{
    return oracle_number(oracle, "SELECT min(at) FROM seen WHERE kind = 'zone' AND name = ?1", name,
                         INT64_MAX);
}

static inline int64_t oracle_first_section(struct oracle *oracle, const char *name)
{
    return oracle_number(oracle, "SELECT min(at) FROM seen WHERE kind = 'section' AND name = ?1",
                         name, INT64_MAX);
}

/* p: polls that count, o: what they saw, t: each poll's totals, l: the level at a bucket's last poll, r: prices at that
   poll in order, m: their median, s: all observations. */
static const char *const oracle_series_sql =
    "WITH p AS MATERIALIZED (SELECT at, at / :step * :step AS bucket FROM poll WHERE at >= :first"
    "  AND at / :step * :step >= :from / :step * :step AND at / :step * :step < :to),"
    "o AS MATERIALIZED (SELECT bucket, obs.at, id, qty, splits,"
    "    CASE WHEN :basis = 0 THEN price ELSE all_in END AS price"
    "  FROM p JOIN obs USING (at) WHERE (%s)),"
    "t AS MATERIALIZED (SELECT p.bucket, p.at, coalesce(sum(o.qty), 0) AS tickets, count(o.id) AS "
    "listings"
    "  FROM p LEFT JOIN o ON o.at = p.at GROUP BY p.at),"
    "l AS MATERIALIZED (SELECT bucket, max(at) AS at, count(*) AS snapshots, min(tickets) AS "
    "lowest,"
    "    max(tickets) AS highest FROM t GROUP BY bucket),"
    "r AS (SELECT o.bucket, price, row_number() OVER w AS n, count(*) OVER (PARTITION BY o.at) AS c"
    "  FROM o JOIN l ON l.at = o.at WHERE price IS NOT NULL WINDOW w AS (PARTITION BY o.at ORDER "
    "BY price)),"
    "m AS MATERIALIZED (SELECT bucket, sum(CASE WHEN n = (c + 1) / 2 THEN price ELSE 0 END)"
    "    + sum(CASE WHEN n = (c + 2) / 2 THEN price ELSE 0 END) AS median_x2,"
    "    (SELECT price FROM r q WHERE q.bucket = r.bucket AND 4 * q.n >= c ORDER BY n LIMIT 1) AS "
    "quarter"
    "  FROM r GROUP BY bucket),"
    "s AS MATERIALIZED (SELECT bucket, count(price) AS n, sum(price) AS total, min(price) AS low,"
    "    max(price) AS high,"
    "    min(CASE WHEN ',' || splits || ',' LIKE '%%,1,%%' THEN price END) AS g1,"
    "    min(CASE WHEN ',' || splits || ',' LIKE '%%,2,%%' THEN price END) AS g2,"
    "    min(CASE WHEN ',' || splits || ',' LIKE '%%,3,%%' THEN price END) AS g3,"
    "    min(CASE WHEN ',' || splits || ',' LIKE '%%,4,%%' THEN price END) AS g4,"
    "    min(CASE WHEN ',' || splits || ',' LIKE '%%,5,%%' THEN price END) AS g5,"
    "    min(CASE WHEN ',' || splits || ',' LIKE '%%,6,%%' THEN price END) AS g6,"
    "    min(CASE WHEN ',' || splits || ',' LIKE '%%,7,%%' THEN price END) AS g7,"
    "    min(CASE WHEN ',' || splits || ',' LIKE '%%,8,%%' THEN price END) AS g8"
    "  FROM o GROUP BY bucket)"
    "SELECT l.bucket, snapshots, l.at, t.tickets, t.listings, lowest, highest, coalesce(n, 0),"
    "  coalesce(total, 0), low, high, median_x2, quarter, g1, g2, g3, g4, g5, g6, g7, g8,"
    "  (2 * total + n) / nullif(2 * n, 0), (median_x2 + 1) / 2"
    " FROM l JOIN t ON t.at = l.at LEFT JOIN m ON m.bucket = l.bucket LEFT JOIN s ON s.bucket = "
    "l.bucket"
    " ORDER BY l.bucket";

/* Answers; *rows is mem_alloc()ed. Unknown prices are MEASURES_NONE. */
static inline size_t oracle_series(struct oracle *oracle, const struct oracle_ask *ask,
                                   struct oracle_row **rows)
{
    char sql[8192];
    snprintf(sql, sizeof sql, oracle_series_sql, ask->where);
    sqlite3_stmt *stmt = oracle_prepare(oracle, sql);
    oracle_bind_number(stmt, ":step", ask->step_ms);
    oracle_bind_number(stmt, ":first", ask->first_ms);
    oracle_bind_number(stmt, ":from", ask->from_ms);
    oracle_bind_number(stmt, ":to", ask->to_ms);
    oracle_bind_number(stmt, ":basis", ask->basis);
    size_t count = 0, capacity = 0;
    *rows = NULL;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        *rows = mem_grow(*rows, count, &capacity, sizeof **rows);
        int64_t *cells = (int64_t *)&(*rows)[count++];
        for (int i = 0; i < (int)(sizeof **rows / sizeof *cells); i++)
            cells[i] = sqlite3_column_type(stmt, i) == SQLITE_NULL ? MEASURES_NONE
                                                                   : sqlite3_column_int64(stmt, i);
    }
    sqlite3_finalize(stmt);
    return count;
}

#endif
