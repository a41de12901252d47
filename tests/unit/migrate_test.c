#include "core/migrate.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "scratch.h"

static void remove_store(void)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};
    char name[SCRATCH_PATH_MAX + 8];
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%s%s", scratch_path, suffixes[i]);
        unlink(name);
    }
}

static int begin(void **state)
{
    (void)state;
    remove_store();
    return 0;
}

/* A database as another program makes it, with SQLite's own defaults. */
static void make_database(const char *sql)
{
    sqlite3 *sqlite;
    assert_int_equal(sqlite3_open(scratch_path, &sqlite), SQLITE_OK);
    assert_int_equal(sqlite3_exec(sqlite, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(sqlite), SQLITE_OK);
}

static void change_store(const char *sql)
{
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    scratch_run(store, sql);
}

static void expect_refused(enum err_code code, const char *words)
{
    struct err err = {0};
    assert_null(store_open(scratch_path, &err));
    assert_int_equal(err.code, code);
    if (strstr(err.text, words) == NULL)
        fail_msg("'%s' does not say '%s'", err.text, words);
}

static int64_t applied(void)
{
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    return scratch_number(store, "SELECT count(*) FROM migration");
}

static void a_new_store_has_the_schema_and_a_name(void **state)
{
    (void)state;
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    struct err err = {0};
    scratch_ok(migrate_check(store_db(store), &err), &err);
    assert_int_equal(scratch_number(store, "SELECT max(version) FROM migration"),
                     migrate_known_version());
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM source WHERE id = 1"), 1);
    assert_int_equal(scratch_number(store, "SELECT length(uuid) FROM source"), 36);
}

static void opening_again_changes_nothing(void **state)
{
    (void)state;
    change_store("CREATE TABLE probe AS SELECT uuid FROM source");
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM source JOIN probe USING (uuid)"),
                     1);
    assert_int_equal(scratch_number(store, "SELECT count(*) FROM source"), 1);
}

static void a_newer_schema_is_refused_politely(void **state)
{
    (void)state;
    change_store("INSERT INTO migration VALUES (99, '0099_next', 'abc', 0)");
    expect_refused(ERR_STORE, "schema 99");
    struct err err = {0};
    assert_null(store_open_readonly(scratch_path, &err));
    assert_int_equal(err.code, ERR_STORE);
    assert_non_null(strstr(err.hint, "newer"));
}

static void a_migration_with_another_text_is_refused(void **state)
{
    (void)state;
    change_store("UPDATE migration SET sha256 = replace(sha256, substr(sha256, 1, 4), 'feed')");
    expect_refused(ERR_STORE, "another migration '0001_init'");
}

static void read_bytes(struct buf *bytes)
{
    char block[4096];
    ssize_t n;
    int fd = open(scratch_path, O_RDONLY);
    assert_true(fd >= 0);
    buf_init(bytes, 1 << 24);
    while ((n = read(fd, block, sizeof block)) > 0)
        buf_add(bytes, block, (size_t)n);
    close(fd);
}

static void somebody_elses_database_is_refused_and_left_as_it_is(void **state)
{
    (void)state;
    make_database("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
    AUTO_BUF struct buf before, after;
    read_bytes(&before);
    expect_refused(ERR_STORE, "no store of tws");
    read_bytes(&after);
    assert_int_equal(before.length, after.length);
    assert_memory_equal(before.data, after.data, before.length);
    struct err err = {0};
    assert_null(store_open_readonly(scratch_path, &err));
    assert_int_equal(err.code, ERR_STORE);
}

static void a_foreign_table_named_like_ours_is_refused(void **state)
{
    (void)state;
    make_database("CREATE TABLE migration (name TEXT)");
    expect_refused(ERR_STORE, "no store of tws");
}

/* A crash between the first statements of a new store. */
static void a_store_that_was_only_begun_is_completed(void **state)
{
    (void)state;
    make_database("CREATE TABLE migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                  " sha256 TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT");
    struct err err = {0};
    assert_null(store_open_readonly(scratch_path, &err));
    assert_int_equal(err.code, ERR_STORE);
    assert_non_null(strstr(err.text, "older"));
    assert_int_equal(applied(), migrate_known_version());
}

static void an_empty_file_becomes_a_store(void **state)
{
    (void)state;
    int fd = open(scratch_path, O_CREAT | O_WRONLY, 0600);
    close(fd);
    assert_int_equal(applied(), migrate_known_version());
}

static void a_store_without_a_name_gets_one(void **state)
{
    (void)state;
    change_store("DELETE FROM source");
    AUTO_STORE struct store *store = scratch_open(scratch_path);
    assert_int_equal(scratch_number(store, "SELECT id FROM source"), 1);
}

static void a_missing_store_cannot_be_read_and_is_not_made(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(store_open_readonly(scratch_path, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_true(err.hint[0] != '\0');
    assert_int_equal(access(scratch_path, F_OK), -1);
}

/* Opens the store once the pipe is closed, all children at one moment. */
static pid_t open_in_child(const int gate[2])
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    char byte;
    close(gate[1]);
    while (read(gate[0], &byte, 1) > 0) {
    }
    struct err err = {0};
    struct store *store = store_open(scratch_path, &err);
    if (store == NULL)
        fprintf(stderr, "%s\n", err.text);
    store_close(store);
    _exit(store == NULL);
}

static void processes_that_open_a_new_store_at_once_all_succeed(void **state)
{
    (void)state;
    enum { ROUNDS = 6, CHILDREN = 4 };
    for (int round = 0; round < ROUNDS; round++) {
        int gate[2];
        pid_t children[CHILDREN];
        remove_store();
        assert_int_equal(pipe(gate), 0);
        for (int i = 0; i < CHILDREN; i++)
            children[i] = open_in_child(gate);
        close(gate[0]);
        close(gate[1]);
        for (int i = 0; i < CHILDREN; i++) {
            int status;
            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        }
        AUTO_STORE struct store *store = scratch_open(scratch_path);
        assert_int_equal(scratch_number(store, "SELECT count(*) FROM migration"),
                         migrate_known_version());
        assert_int_equal(scratch_number(store, "SELECT count(*) FROM source"), 1);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_new_store_has_the_schema_and_a_name, begin),
        cmocka_unit_test_setup(opening_again_changes_nothing, begin),
        cmocka_unit_test_setup(a_newer_schema_is_refused_politely, begin),
        cmocka_unit_test_setup(a_migration_with_another_text_is_refused, begin),
        cmocka_unit_test_setup(somebody_elses_database_is_refused_and_left_as_it_is, begin),
        cmocka_unit_test_setup(a_foreign_table_named_like_ours_is_refused, begin),
        cmocka_unit_test_setup(a_store_that_was_only_begun_is_completed, begin),
        cmocka_unit_test_setup(an_empty_file_becomes_a_store, begin),
        cmocka_unit_test_setup(a_store_without_a_name_gets_one, begin),
        cmocka_unit_test_setup(a_missing_store_cannot_be_read_and_is_not_made, begin),
        cmocka_unit_test_setup(processes_that_open_a_new_store_at_once_all_succeed, begin),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
