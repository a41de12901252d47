/* What rules read agrees with plain SQL over every listing at every poll, in random weeks and at random moments. */
#include "core/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "week.h"

enum { ASKED = 160 };

/* p: the series of a part of the market up to a moment, w: the window that ends with its last poll. */
static const char *const market_sql =
    "WITH k(k) AS (VALUES (1), (2), (3), (4), (5), (6), (7), (8)),"
    "o AS MATERIALIZED (SELECT at, qty, splits, CASE WHEN :basis = 0 THEN price ELSE all_in END AS "
    "price FROM obs WHERE (:zone = '' OR zone = :zone) AND (:section = '' OR section = :section OR "
    "label = :section)),"
    "p AS MATERIALIZED (SELECT poll.at,"
    "  (SELECT min(price) FROM o WHERE o.at = poll.at AND (:people = 0 OR ',' || splits || ',' "
    "LIKE "
    "'%,' || :people || ',%')) AS price,"
    "  (SELECT coalesce(sum(qty), 0) FROM o WHERE o.at = poll.at) AS tickets,"
    "  (SELECT coalesce(max(k), 0) FROM k, o WHERE o.at = poll.at AND price IS NOT NULL AND ',' || "
    "splits || ',' LIKE '%,' || k || ',%') AS largest"
    "  FROM poll WHERE poll.at >= :first AND poll.at <= :now),"
    "l AS (SELECT * FROM p ORDER BY at DESC LIMIT 1),"
    "w AS (SELECT p.* FROM p, l WHERE p.at >= l.at - :within AND p.at <= l.at) "
    "SELECT l.at, CASE :measure"
    "  WHEN 'price' THEN l.price WHEN 'group' THEN :people * l.price"
    "  WHEN 'drop' THEN (SELECT max(price) FROM w) - l.price"
    "  WHEN 'share' THEN (SELECT CAST(round(1000000.0 * (max(w.price) - l.price) / max(w.price)) "
    "AS "
    "INTEGER) FROM w WHERE l.price IS NOT NULL)"
    "  WHEN 'low' THEN CASE WHEN (SELECT min(price) FROM w WHERE w.at < l.at) IS NOT NULL THEN "
    "l.price END"
    "  WHEN 'tickets' THEN l.tickets WHEN 'largest' THEN l.largest"
    "  WHEN 'sold' THEN l.tickets = 0 AND EXISTS (SELECT 1 FROM w WHERE w.tickets > 0)"
    "  WHEN 'back' THEN l.tickets > 0 AND EXISTS (SELECT 1 FROM w WHERE w.tickets = 0) END,"
    " (SELECT min(price) FROM w WHERE w.at < l.at) FROM l";

static const struct {
    const char *rule, *measure;
    int people;
    int64_t within_ms;
} market_rules[] = {
    {"price < 40", "price", 0, 0},
    {"price < 40 for 3", "price", 3, 0},
    {"price >= 40 for 2 all-in", "price", 2, 0},
    {"group 4 <= 200", "group", 4, 0},
    {"drop > 10% within 24h", "share", 0, CLOCK_DAY_MS},
    {"drop > 5 within 36h for 2", "drop", 2, 36 * CLOCK_HOUR_MS},
    {"new-low within 2d", "low", 0, 2 * CLOCK_DAY_MS},
    {"new-low for 6 all-in", "low", 6, CLOCK_MAX_MS},
    {"tickets < 20", "tickets", 0, 0},
    {"largest-group >= 4", "largest", 0, 0},
    {"sold-out within 12h", "sold", 0, 12 * CLOCK_HOUR_MS},
    {"back within 3h", "back", 0, 3 * CLOCK_HOUR_MS},
};

static void bind_text(sqlite3_stmt *stmt, const char *name, const char *text)
{
    sqlite3_bind_text(stmt, sqlite3_bind_parameter_index(stmt, name), text, -1, SQLITE_TRANSIENT);
}

/* Narrows a rule to a zone or a section that the week has; from when on its series goes. */
static int64_t narrow(struct week *week, struct rule *rule)
{
    int kind = bazaar_pick(&week->random, 3);
    if (kind == 0)
        return 0;
    if (kind == 1) {
        size_t zone = (size_t)bazaar_pick(&week->random, (int)week->atlas.zone_count);
        snprintf(rule->zone, sizeof rule->zone, "%s", week->atlas.zones[zone].name);
        return oracle_first_zone(&week->oracle, rule->zone);
    }
    struct week_question question = {.where = "1"};
    query_init(&question.filter);
    week_ask_section(week, &question);
    if (question.filter.section)
        snprintf(rule->section, sizeof rule->section, "%s", question.filter.section);
    return question.section_first_ms;
}

static struct reading expect_market(struct week *week, size_t which, const struct rule *rule,
                                    int64_t first_ms, int64_t now_ms)
{
    struct reading wanted = {.at_ms = -1, .threshold = rule->threshold};
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, market_sql);
    oracle_bind_number(stmt, ":basis", rule->basis);
    oracle_bind_number(stmt, ":people", market_rules[which].people);
    oracle_bind_number(stmt, ":within", market_rules[which].within_ms);
    oracle_bind_number(stmt, ":first", first_ms);
    oracle_bind_number(stmt, ":now", now_ms);
    bind_text(stmt, ":measure", market_rules[which].measure);
    bind_text(stmt, ":zone", rule->zone);
    bind_text(stmt, ":section", rule->section);
    if (sqlite3_step(stmt) == SQLITE_ROW) {
        wanted.at_ms = sqlite3_column_int64(stmt, 0);
        wanted.known = sqlite3_column_type(stmt, 1) != SQLITE_NULL;
        wanted.value = sqlite3_column_int64(stmt, 1);
        if (rule->measure == RULE_NEW_LOW && wanted.known)
            wanted.threshold = sqlite3_column_int64(stmt, 2);
    }
    sqlite3_finalize(stmt);
    return wanted;
}

static void expect(const char *rule, const struct reading *got, const struct reading *wanted)
{
    bool same = got->at_ms == wanted->at_ms && got->known == wanted->known &&
                (!wanted->known || got->value == wanted->value) &&
                got->threshold == wanted->threshold;
    if (!same)
        fail_msg("%s: known %d at %lld: %lld past %lld, not %d at %lld: %lld past %lld", rule,
                 got->known, (long long)got->at_ms, (long long)got->value,
                 (long long)got->threshold, wanted->known, (long long)wanted->at_ms,
                 (long long)wanted->value, (long long)wanted->threshold);
}

static void expect_holds(const struct rule *rule, const struct reading *got)
{
    int64_t value = got->value, limit = got->threshold;
    const bool orders[] = {value<limit, value <= limit, value> limit, value >= limit};
    assert_int_equal(got->holds, got->known && orders[rule->order]);
}

static void check_market(struct week *week)
{
    enum { RULES = sizeof market_rules / sizeof *market_rules };
    for (int i = 0; i < ASKED; i++) {
        struct err err = {0};
        struct rule rule;
        size_t which = (size_t)i % RULES;
        AUTO_EVIDENCE struct evidence evidence = {0};
        assert_true(rule_parse(market_rules[which].rule, &rule, &err));
        int64_t first_ms = narrow(week, &rule), now_ms = week_any_time(week);
        struct reading wanted = expect_market(week, which, &rule, first_ms, now_ms);
        /* loaded for that moment alone, or for a week in which it lies */
        int64_t from_ms = i % 2 ? wanted.at_ms : WEEK_START_MS;
        scratch_ok(
            evidence_load(week->store, &rule, &week->event, from_ms, now_ms + 1, &evidence, &err),
            &err);
        struct reading got = evidence_read(&evidence, &rule, now_ms);
        expect(market_rules[which].rule, &got, &wanted);
        expect_holds(&rule, &got);
    }
}

static void market_rules_read_what_the_listings_say(void **state)
{
    (void)state;
    week_each(check_market);
}

/* ---- polls ---- */

/* Good polls took 34 ms, the others 12 (bazaar.h). */
static const char *const polls_sql =
    "WITH p AS MATERIALIZED (SELECT at, outcome, good, CASE good WHEN 1 THEN 34 ELSE 12 END AS took"
    "  FROM try WHERE at <= :now),"
    "w AS MATERIALIZED (SELECT * FROM p WHERE at > :now - :within) "
    "SELECT max(p.at), CASE :measure"
    "  WHEN 'failures' THEN (SELECT count(*) FROM p WHERE at > coalesce((SELECT max(at) FROM p "
    "WHERE "
    "good), 0))"
    "  WHEN 'stale' THEN :now - coalesce(max(p.at) FILTER (WHERE good), min(p.at))"
    "  WHEN 'blocked' THEN (SELECT outcome IN ('blocked', 'rate_limited') FROM p ORDER BY at DESC "
    "LIMIT 1)"
    "  WHEN 'rate' THEN (SELECT CAST(round(1000000.0 * sum(NOT good) / count(*)) AS INTEGER) FROM "
    "w)"
    "  WHEN 'errors' THEN (SELECT CASE WHEN count(*) > 0 THEN sum(NOT good) END FROM w)"
    "  WHEN 'slow' THEN (SELECT took FROM (SELECT took, row_number() OVER (ORDER BY took) AS n, "
    "count(*) OVER () AS c FROM w) WHERE 100 * n >= 95 * c ORDER BY n LIMIT 1) END FROM p";

static const struct {
    const char *rule, *measure;
    int64_t within_ms;
} poll_rules[] = {
    {"failures >= 2 at each", "failures", 0},
    {"stale > 2h at each", "stale", 0},
    {"blocked at each", "blocked", 0},
    {"failure-rate > 20% within 12h at each", "rate", 12 * CLOCK_HOUR_MS},
    {"errors > 1 within 8h at each", "errors", 8 * CLOCK_HOUR_MS},
    {"slow > 20s within 6h at each", "slow", 6 * CLOCK_HOUR_MS},
    {"failures >= 2 at all", "failures", 0},
    {"stale > 2h at all", "stale", 0},
    {"slow > 2s within 36h at all", "slow", 36 * CLOCK_HOUR_MS},
};

static struct reading expect_polls(struct week *week, size_t which, const struct rule *rule,
                                   int64_t now_ms)
{
    struct reading wanted = {.at_ms = -1, .threshold = rule->threshold};
    sqlite3_stmt *stmt = oracle_prepare(&week->oracle, polls_sql);
    oracle_bind_number(stmt, ":now", now_ms);
    oracle_bind_number(stmt, ":within", poll_rules[which].within_ms);
    bind_text(stmt, ":measure", poll_rules[which].measure);
    if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
        wanted.at_ms = sqlite3_column_int64(stmt, 0);
        wanted.known = sqlite3_column_type(stmt, 1) != SQLITE_NULL;
        wanted.value = sqlite3_column_int64(stmt, 1);
    }
    sqlite3_finalize(stmt);
    return wanted;
}

/* What a collector asks at its last poll, too, which loads no more than it needs. */
static void check_now(struct week *week, size_t which, const struct rule *rule,
                      const struct event *event)
{
    struct err err = {0};
    struct reading got;
    int64_t now_ms = clock_now_ms() + bazaar_pick(&week->random, 300) * CLOCK_MINUTE_MS;
    struct reading wanted = expect_polls(week, which, rule, now_ms);
    scratch_ok(evidence_now(week->store, NULL, rule, event, now_ms, &got, &err), &err);
    if (rule->within_ms && !wanted.known)
        wanted.at_ms = got.at_ms; /* with nothing in its window it does not look further back */
    expect(poll_rules[which].rule, &got, &wanted);
}

static void check_polls(struct week *week)
{
    enum { RULES = sizeof poll_rules / sizeof *poll_rules };
    struct event event;
    struct err err = {0};
    scratch_ok(store_find_event(week->store, "vividseats", "1", &event, &err), &err);
    for (int i = 0; i < ASKED; i++) {
        struct rule rule;
        size_t which = (size_t)i % RULES;
        AUTO_EVIDENCE struct evidence evidence = {0};
        assert_true(rule_parse(poll_rules[which].rule, &rule, &err));
        const struct event *subject = rule.reach == RULE_ALL ? NULL : &event;
        int64_t now_ms = week_any_time(week);
        struct reading wanted = expect_polls(week, which, &rule, now_ms);
        scratch_ok(
            evidence_load(week->store, &rule, subject, WEEK_START_MS, now_ms + 1, &evidence, &err),
            &err);
        struct reading got = evidence_read(&evidence, &rule, now_ms);
        expect(poll_rules[which].rule, &got, &wanted);
        expect_holds(&rule, &got);
        check_now(week, which, &rule, subject);
    }
}

static void poll_rules_read_how_polls_ended(void **state)
{
    (void)state;
    week_each(check_polls);
}

/* The market's window has both ends in it, that of polls is as long as it says: a poll of exactly then is out. */
static void windows_begin_to_the_millisecond(void **state)
{
    (void)state;
    struct err err;
    struct rule drop, errors;
    struct evidence_sample samples[] = {
        {.at_ms = WEEK_START_MS, .price = 10000, .outcome = OUTCOME_PARTIAL},
        {.at_ms = WEEK_START_MS + 1, .price = 9000, .outcome = OUTCOME_OK},
        {.at_ms = WEEK_START_MS + CLOCK_HOUR_MS, .price = 8000, .outcome = OUTCOME_PARTIAL},
    };
    struct evidence evidence = {samples, 3, 3};
    assert_true(rule_parse("drop > 1 within 1h", &drop, &err));
    assert_true(rule_parse("errors > 0 within 1h", &errors, &err));
    int64_t now_ms = samples[2].at_ms;
    assert_int_equal(evidence_read(&evidence, &drop, now_ms).value, 2000);
    assert_int_equal(evidence_read(&evidence, &errors, now_ms).value, 1);
    assert_int_equal(evidence_read(&evidence, &errors, now_ms - 1).value, 1);
    samples[2].at_ms++;
    assert_int_equal(evidence_read(&evidence, &drop, now_ms + 1).value, 1000);
    /* the market's does not go on while nobody polls */
    assert_int_equal(evidence_read(&evidence, &drop, now_ms + CLOCK_DAY_MS).value, 1000);
    assert_false(evidence_read(&evidence, &errors, now_ms + CLOCK_DAY_MS).known);
}

static void a_zone_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct err err = {0};
    struct rule rule;
    AUTO_EVIDENCE struct evidence evidence = {0};
    assert_true(rule_parse("price < 1 in Nowhere", &rule, &err));
    assert_false(evidence_load(weeks[0].store, &rule, &weeks[0].event, 0, 1, &evidence, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.text, "Nowhere"));
}

static void the_store_is_as_large_as_its_files(void **state)
{
    (void)state;
    struct err err = {0};
    struct rule rule;
    struct reading reading;
    struct week *week = &weeks[0];
    struct stat file, journal;
    char path[SCRATCH_PATH_MAX];
    snprintf(path, sizeof path, "%s-wal", store_path(week->store));
    assert_int_equal(stat(store_path(week->store), &file), 0);
    assert_int_equal(stat(path, &journal), 0);
    assert_true(rule_parse("db-size > 1kB", &rule, &err));
    scratch_ok(evidence_now(week->store, NULL, &rule, NULL, clock_now_ms(), &reading, &err), &err);
    assert_true(reading.known && reading.holds);
    assert_int_equal(reading.value, file.st_size + journal.st_size);
    assert_true(rule_parse("disk-free < 1kB", &rule, &err));
    scratch_ok(evidence_now(week->store, NULL, &rule, NULL, clock_now_ms(), &reading, &err), &err);
    assert_true(reading.known && !reading.holds && reading.value > 1000);
}

/* The outbox of a store without a team is filled, too, and means nothing. */
static void sync_lags_only_behind_a_team(void **state)
{
    (void)state;
    struct err err = {0};
    struct rule rule;
    struct reading reading;
    struct week *week = &weeks[0];
    assert_true(rule_parse("sync-lag > 2h", &rule, &err));
    unsetenv("TWS_DATABASE_URL");
    struct conf *conf = conf_open("/dev/null", NULL, &err);
    assert_non_null(conf);
    scratch_ok(evidence_now(week->store, conf, &rule, NULL, clock_now_ms(), &reading, &err), &err);
    assert_false(reading.known || reading.holds);
    conf_close(conf);
    setenv("TWS_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", 1);
    conf = conf_open("/dev/null", NULL, &err);
    int64_t oldest_ms = scratch_number(week->store, "SELECT min(since_ms) FROM outbox");
    assert_true(oldest_ms > 0);
    int64_t lags_ms[] = {0, 1, 2 * CLOCK_HOUR_MS, 2 * CLOCK_HOUR_MS + 1};
    for (size_t i = 0; i < sizeof lags_ms / sizeof *lags_ms; i++) {
        scratch_ok(
            evidence_now(week->store, conf, &rule, NULL, oldest_ms + lags_ms[i], &reading, &err),
            &err);
        assert_true(reading.known);
        assert_int_equal(reading.value, lags_ms[i]);
        assert_int_equal(reading.holds, i == 3);
    }
    scratch_run(week->store, "SAVEPOINT emptied; DELETE FROM outbox");
    scratch_ok(evidence_now(week->store, conf, &rule, NULL, clock_now_ms(), &reading, &err), &err);
    assert_true(reading.known && reading.value == 0);
    scratch_run(week->store, "ROLLBACK TO emptied; RELEASE emptied");
    conf_close(conf);
    unsetenv("TWS_DATABASE_URL");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(market_rules_read_what_the_listings_say),
        cmocka_unit_test(poll_rules_read_how_polls_ended),
        cmocka_unit_test(windows_begin_to_the_millisecond),
        cmocka_unit_test(a_zone_that_is_not_there_is_named),
        cmocka_unit_test(sync_lags_only_behind_a_team),
        cmocka_unit_test(the_store_is_as_large_as_its_files),
    };
    return cmocka_run_group_tests(tests, week_open_all, week_close_all);
}
