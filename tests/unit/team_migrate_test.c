#include "core/team_migrate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sql.h"

static void expect(const char *text, const char *array, bool alone)
{
    AUTO_BUF struct buf out;
    bool found;
    buf_init(&out, 10000);
    team_migrate_put_statements(text, &out, &found);
    assert_string_equal(buf_text(&out), array);
    assert_int_equal(found, alone);
}

static void statements_end_at_semicolons_of_their_own(void **state)
{
    (void)state;
    expect("", "{}", false);
    expect("  \n-- only a remark\n", "{}", false);
    expect("select 1", "{\"select 1\"}", false);
    expect("select 1;\n\nselect 2 ;\n", "{\"select 1\",\"select 2\"}", false);
    expect("select ';', \"a;b\";select 2", "{\"select ';', \\\"a;b\\\"\",\"select 2\"}", false);
    expect("select 'it''s; so';", "{\"select 'it''s; so'\"}", false);
    expect("-- one; two\nselect 1;", "{\"-- one; two\nselect 1\"}", false);
    expect("/* a;b */ select 1;", "{\"/* a;b */ select 1\"}", false);
    expect("do $$ begin; end $$; select 1", "{\"do $$ begin; end $$\",\"select 1\"}", false);
    expect("do $x$ a; $$ b; $$ c; $x$; select 1", "{\"do $x$ a; $$ b; $$ c; $x$\",\"select 1\"}",
           false);
    expect("create rule r as on insert to t do (a; b); select 1",
           "{\"create rule r as on insert to t do (a; b)\",\"select 1\"}", false);
    expect("select '\\';", "{\"select '\\\\'\"}", false);
}

static void statements_that_run_outside_of_transactions(void **state)
{
    (void)state;
    expect("create index concurrently i on t (a)", "{\"create index concurrently i on t (a)\"}",
           true);
    expect("-- x\nCREATE UNIQUE INDEX CONCURRENTLY i on t (a)",
           "{\"-- x\nCREATE UNIQUE INDEX CONCURRENTLY i on t (a)\"}", true);
    expect("drop index concurrently i", "{\"drop index concurrently i\"}", true);
    expect("vacuum t", "{\"vacuum t\"}", true);
    expect("alter system set a = 1", "{\"alter system set a = 1\"}", true);
    expect("create index i on t (concurrently)", "{\"create index i on t (concurrently)\"}", false);
    expect("alter table t add a int", "{\"alter table t add a int\"}", false);
}

static void our_own_run_in_one_transaction_each(void **state)
{
    (void)state;
    int count;
    const struct sql_team_migration *migrations = sql_team_migrations(&count);
    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        AUTO_BUF struct buf out;
        bool alone;
        buf_init(&out, 1 << 20);
        team_migrate_put_statements(migrations[i].text, &out, &alone);
        assert_false(alone);
        assert_false(out.overflow);
        assert_int_equal(strlen(migrations[i].version), 14);
        if (i > 0)
            assert_true(strcmp(migrations[i - 1].version, migrations[i].version) < 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_end_at_semicolons_of_their_own),
        cmocka_unit_test(statements_that_run_outside_of_transactions),
        cmocka_unit_test(our_own_run_in_one_transaction_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
