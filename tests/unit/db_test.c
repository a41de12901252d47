#include "io/db.h"

#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/stop.h"

enum { PATH_SIZE = 256, NOBODY = 65534 };

static char folder[PATH_SIZE], path[PATH_SIZE];

static int make_folder(void **state)
{
    (void)state;
    const char *root = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/tws-db.XXXXXX", root ? root : "/tmp");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%.200s/tws.db", folder);
    return 0;
}

static int remove_one(const char *name, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)kind, (void)ftw;
    return remove(name);
}

static int remove_folder(void **state)
{
    (void)state;
    return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *beside(const char *suffix)
{
    static char name[PATH_SIZE + 8];
    snprintf(name, sizeof name, "%s%s", path, suffix);
    return name;
}

static mode_t mode_of(const char *name)
{
    struct stat st;
    assert_int_equal(stat(name, &st), 0);
    return st.st_mode & 0777;
}

static struct db *open_db(enum db_mode mode)
{
    struct err err = {0};
    struct db *db = db_open(path, mode, &err);
    if (!db)
        fail_msg("%s", err.text);
    return db;
}

static void script(struct db *db, const char *text)
{
    struct err err = {0};
    if (!db_run_script(db, text, &err))
        fail_msg("%s", err.text);
}

static int64_t number(struct db *db, const char *sql)
{
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    if (!db_prepare_user(db, sql, &stmt, &err) || stmt_step(&stmt, &err) != STEP_ROW)
        fail_msg("%s: %s", sql, err.text);
    return stmt_int(&stmt, 0);
}

static void begin(struct db *db)
{
    struct err err = {0};
    if (!db_begin(db, &err))
        fail_msg("%s", err.text);
}

static void commit(struct db *db)
{
    struct err err = {0};
    if (!db_commit(db, &err))
        fail_msg("%s", err.text);
}

/* A store with one event of currency USD. */
static struct db *open_with_event(void)
{
    struct db *db = open_db(DB_WRITE);
    script(db, "CREATE TABLE event (id INTEGER PRIMARY KEY, currency TEXT);"
               "INSERT INTO event VALUES (1, 'USD'); CREATE TABLE n (x);");
    return db;
}

static void set_currency(struct db *db, const char *currency)
{
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    assert_true(db_prepare(db, SQL_EVENT_SET_CURRENCY, &stmt, &err));
    stmt_bind_int(&stmt, ":event", 1);
    stmt_bind_text(&stmt, ":currency", currency);
    assert_true(stmt_run(&stmt, &err));
}

static void assert_currency(struct db *db, const char *currency)
{
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    assert_true(db_prepare(db, SQL_EVENT_CURRENCY, &stmt, &err));
    stmt_bind_int(&stmt, ":event", 1);
    assert_int_equal(stmt_step(&stmt, &err), STEP_ROW);
    assert_string_equal(stmt_text(&stmt, 0), currency);
    assert_int_equal(stmt_step(&stmt, &err), STEP_DONE);
}

/* Runs `act` in a child; returns how it ended, as wait() tells. What it says on stderr is not
 * shown. */
static int in_child(void (*act)(void))
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDERR_FILENO);
        setrlimit(RLIMIT_CORE, &(struct rlimit){0});
        signal(SIGABRT, SIG_DFL);
        act();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void assert_is_bug(void (*act)(void))
{
    int status = in_child(act);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* --- opening --- */

static void a_new_database_gets_its_folders_and_is_its_owners_only(void **state)
{
    (void)state;
    mode_t mask = umask(0);
    snprintf(path, sizeof path, "%.200s/a/b/tws.db", folder);
    AUTO_DB struct db *db = open_with_event();
    umask(mask);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(mode_of(beside("-wal")), 0600);
    assert_int_equal(mode_of(beside(".lock")), 0600);
    snprintf(path, sizeof path, "%.200s/a", folder);
    assert_int_equal(mode_of(path), 0700);
    assert_int_equal(mode_of(beside("/b")), 0700);
}

static void a_missing_database_is_not_found_and_not_made(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(db_open(path, DB_READ, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_non_null(strstr(err.text, path));
    assert_int_not_equal(access(path, F_OK), 0);
}

static void write_text(const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void assert_refused(const char *at, enum db_mode mode, const char *why)
{
    struct err err = {0};
    assert_null(db_open(at, mode, &err));
    assert_int_equal(err.code, ERR_STORE);
    if (!strstr(err.text, why) || !strstr(err.text, at) || strchr(err.text, '\n'))
        fail_msg("'%s' instead of '%s'", err.text, why);
}

static void a_file_of_another_kind_is_refused_and_left_as_it_is(void **state)
{
    (void)state;
    char text[5000] = "not a database\n", back[5000] = "";
    memset(text + 15, 'x', sizeof text - 16);
    for (int size = 0; size < 2; size++) {
        write_text(size ? text : "short\n");
        assert_refused(path, DB_READ, "not a database");
        assert_refused(path, DB_WRITE, "not a database");
        FILE *file = fopen(path, "r");
        assert_int_equal(fread(back, 1, sizeof back, file), strlen(size ? text : "short\n"));
        fclose(file);
        assert_memory_equal(back, size ? text : "short\n", strlen(size ? text : "short\n"));
    }
    assert_refused(folder, DB_READ, "not a file");
    assert_refused(folder, DB_WRITE, "not a file");
    snprintf(path, sizeof path, "%.200s/tws.db/below.db", folder);
    assert_refused(path, DB_WRITE, "Not a directory");
}

static int syncs;

/* Takes the place of the C library's for SQLite, too. */
int fdatasync(int fd)
{
    syncs++;
    return fsync(fd);
}

/* How often it waits for the disk while one row changes. */
static int syncs_of(struct db *db, bool (*start)(struct db *, struct err *), const char *currency)
{
    struct err err = {0};
    int before = syncs;
    assert_true(start(db, &err));
    set_currency(db, currency);
    commit(db);
    return syncs - before;
}

static void a_lazy_commit_does_not_wait_for_the_disk_and_the_next_one_does(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    syncs_of(db, db_begin, "EUR"); /* the first makes the log */
    assert_int_equal(syncs_of(db, db_begin, "USD"), 1);
    assert_int_equal(syncs_of(db, db_begin_lazy, "CAD"), 0);
    assert_int_equal(syncs_of(db, db_begin_lazy, "EUR"), 0);
    assert_int_equal(syncs_of(db, db_begin, "USD"), 1);
    assert_true(db_begin_lazy(db, &err));
    db_rollback(db);
    assert_int_equal(syncs_of(db, db_begin, "CAD"), 1);
    assert_currency(db, "CAD");
}

static void a_damaged_database_is_refused(void **state)
{
    (void)state;
    db_close(open_with_event());
    unlink(beside("-wal"));
    unlink(beside("-shm"));
    int fd = open(path, O_WRONLY);
    char junk[300];
    memset(junk, 0xee, sizeof junk);
    assert_int_equal(pwrite(fd, junk, sizeof junk, 100), sizeof junk); /* the schema's page */
    close(fd);
    assert_refused(path, DB_READ, "damaged");
}

static void a_database_that_cannot_be_in_wal_mode_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_int_equal(chdir(folder), 0);
    assert_null(db_open(":memory:", DB_WRITE, &err));
    assert_non_null(strstr(err.text, "write-ahead"));
    assert_int_equal(chdir("/"), 0);
}

static void nothing_is_wrong_with_closing_nothing(void **state)
{
    (void)state;
    struct db *db = NULL;
    db_close(db);
    db_close_slot(&db);
    assert_true(strlen(db_library_version()) > 3);
}

/* --- permissions, as a user who is refused things --- */

static void lose_privileges(void)
{
    if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
        _exit(9);
}

static void check(bool holds, int code)
{
    if (!holds)
        _exit(code);
}

static void read_event(void)
{
    lose_privileges();
    struct err err = {0};
    struct db *db = db_open(path, DB_READ, &err);
    check(db != NULL, 1);
    AUTO_STMT struct stmt stmt = {0};
    check(db_prepare(db, SQL_EVENT_CURRENCY, &stmt, &err), 2);
    stmt_bind_int(&stmt, ":event", 1);
    check(stmt_step(&stmt, &err) == STEP_ROW && strcmp(stmt_text(&stmt, 0), "USD") == 0, 3);
    stmt_release(&stmt);
    db_close(db);
}

static void be_refused_to_write(void)
{
    lose_privileges();
    struct err err = {0};
    check(db_open(path, DB_WRITE, &err) == NULL, 1);
    check(err.code == ERR_STORE && err.hint[0] != '\0', 2);
    check(strstr(err.text, "ermission denied") || strstr(err.text, "read-only"), 3);
}

static void be_refused_to_read(void)
{
    lose_privileges();
    struct err err = {0};
    check(db_open(path, DB_READ, &err) == NULL, 1);
    check(err.code == ERR_STORE && err.hint[0] != '\0', 2);
    check(strstr(err.text, "ermission denied") || strstr(err.text, "unable to open"), 3);
}

static void a_folder_that_may_not_be_written_can_be_read(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "%.200s/50%% ?#.db", folder); /* what a URI must escape */
    db_close(open_with_event());
    chmod(path, 0444);
    chmod(beside("-wal"), 0444);
    chmod(beside("-shm"), 0444);
    chmod(folder, 0555);
    assert_int_equal(in_child(read_event), 0);
    assert_int_equal(in_child(be_refused_to_write), 0);
    chmod(folder, 0755);
    unlink(beside("-shm"));
    chmod(folder, 0555);
    assert_int_equal(in_child(be_refused_to_read), 0); /* without its log it would be another */
    chmod(folder, 0755);
    unlink(beside("-wal"));
    chmod(folder, 0555);
    assert_int_equal(in_child(read_event), 0); /* a copy: nobody else can be writing */
    assert_int_equal(in_child(be_refused_to_write), 0);
    assert_int_not_equal(access(beside("-shm"), F_OK), 0);
    chmod(path, 0);
    assert_int_equal(in_child(be_refused_to_read), 0);
    chmod(folder, 0755);
}

/* --- transactions --- */

static void a_reader_sees_what_is_committed_while_a_writer_writes(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t before = 0, after = 0;
    AUTO_DB struct db *writer = open_with_event();
    AUTO_DB struct db *reader = open_db(DB_READ);
    assert_true(db_data_version(reader, &before, &err));
    begin(writer);
    set_currency(writer, "CAD");
    assert_currency(reader, "USD");
    commit(writer);
    assert_currency(reader, "CAD");
    assert_true(db_data_version(reader, &after, &err));
    assert_int_not_equal(before, after);
    assert_true(db_data_version(reader, &before, &err));
    assert_int_equal(before, after);
}

static void a_read_transaction_sees_one_moment(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *writer = open_with_event();
    AUTO_DB struct db *reader = open_db(DB_READ);
    assert_true(db_begin_read(reader, &err));
    assert_currency(reader, "USD");
    begin(writer);
    set_currency(writer, "CAD");
    commit(writer);
    assert_currency(reader, "USD");
    db_rollback(reader);
    assert_currency(reader, "CAD");
}

static void a_rollback_leaves_nothing(void **state)
{
    (void)state;
    AUTO_DB struct db *db = open_with_event();
    db_rollback(db); /* nothing is open */
    begin(db);
    set_currency(db, "CAD");
    db_rollback(db);
    assert_currency(db, "USD");
    begin(db);
    set_currency(db, "EUR");
    assert_int_equal(db_changes(db), 1);
    commit(db);
    assert_currency(db, "EUR");
}

static void a_reader_changes_no_byte_of_the_database(void **state)
{
    (void)state;
    struct stat before, after;
    AUTO_DB struct db *writer = open_with_event();
    begin(writer);
    set_currency(writer, "CAD");
    commit(writer);
    assert_int_equal(stat(path, &before), 0);
    struct db *reader = open_db(DB_READ);
    assert_currency(reader, "CAD");
    struct err err = {0};
    assert_false(db_run_script(reader, "UPDATE event SET currency = 'x'", &err));
    assert_non_null(strstr(err.text, "read-only"));
    db_close(reader);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
}

static void closing_a_writer_moves_the_log_into_the_database(void **state)
{
    (void)state;
    db_close(open_with_event());
    assert_int_equal(unlink(beside("-wal")), 0); /* not deleted by SQLite itself, and not needed */
    AUTO_DB struct db *db = open_db(DB_READ);
    assert_currency(db, "USD");
}

static void a_commit_that_fails_has_rolled_back(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    script(db, "CREATE TABLE child (e REFERENCES event DEFERRABLE INITIALLY DEFERRED)");
    begin(db);
    script(db, "INSERT INTO child VALUES (77)");
    assert_false(db_commit(db, &err));
    assert_int_equal(err.code, ERR_STORE);
    assert_non_null(strstr(err.text, "FOREIGN KEY"));
    begin(db);
    assert_int_equal(number(db, "SELECT count(*) FROM child"), 0);
    commit(db);
}

static void a_full_disk_is_said_and_leaves_nothing_half_written(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    script(db, "PRAGMA max_page_count = 6");
    begin(db);
    set_currency(db, "CAD");
    assert_false(db_run_script(db, "INSERT INTO n VALUES (zeroblob(100000))", &err));
    assert_int_equal(err.code, ERR_STORE);
    assert_non_null(strstr(err.text, "the disk is full"));
    assert_int_not_equal(err.hint[0], '\0');
    assert_false(db_commit(db, &err)); /* SQLite has rolled back by itself */
    assert_currency(db, "USD");
    script(db, "PRAGMA max_page_count = 1000");
    begin(db);
    script(db, "INSERT INTO n VALUES (zeroblob(100000))");
    commit(db);
}

/* --- several writers --- */

enum { WRITERS = 4, TURNS = 50 };

static void add_one_by_one(void)
{
    struct err err = {0};
    struct db *db = db_open(path, DB_WRITE, &err);
    check(db != NULL, 1);
    for (int i = 0; i < TURNS; i++) {
        check(db_begin(db, &err), 2);
        AUTO_STMT struct stmt stmt = {0};
        check(db_prepare_user(db, "SELECT max(x) FROM n", &stmt, &err), 3);
        check(stmt_step(&stmt, &err) == STEP_ROW, 4);
        char text[80];
        snprintf(text, sizeof text, "INSERT INTO n VALUES (%lld)",
                 (long long)stmt_int(&stmt, 0) + 1);
        check(db_run_script(db, text, &err), 5);
        stmt_release(&stmt);
        check(db_commit(db, &err), 6);
    }
    db_close(db);
}

static void *add_in_thread(void *unused)
{
    add_one_by_one();
    return unused;
}

static void writers_in_processes_and_threads_take_turns(void **state)
{
    (void)state;
    db_close(open_with_event());
    pid_t pids[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        if ((pids[i] = fork()) == 0) {
            add_one_by_one();
            _exit(0);
        }
    pthread_t threads[WRITERS];
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, add_in_thread, NULL), 0);
    for (int i = 0; i < WRITERS; i++) {
        int status;
        pthread_join(threads[i], NULL);
        waitpid(pids[i], &status, 0);
        assert_int_equal(status, 0);
    }
    AUTO_DB struct db *db = open_db(DB_READ);
    assert_int_equal(number(db, "SELECT count(DISTINCT x) FROM n"), 2 * WRITERS * TURNS);
    assert_int_equal(number(db, "SELECT max(x) FROM n"), 2 * WRITERS * TURNS);
}

static void die_while_writing(void)
{
    struct err err = {0};
    struct db *db = db_open(path, DB_WRITE, &err);
    check(db != NULL && db_begin(db, &err), 1);
    check(db_run_script(db, "UPDATE event SET currency = 'CAD'", &err), 2);
    raise(SIGKILL);
}

static void a_killed_writer_leaves_neither_a_lock_nor_half_a_change(void **state)
{
    (void)state;
    db_close(open_with_event());
    assert_int_equal(WTERMSIG(in_child(die_while_writing)), SIGKILL);
    AUTO_DB struct db *db = open_db(DB_WRITE);
    assert_currency(db, "USD");
    begin(db);
    set_currency(db, "EUR");
    commit(db);
}

static void the_lock_is_held_from_begin_to_commit_and_nests(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    int other = open(beside(".lock"), O_RDWR);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(flock(other, LOCK_UN), 0);
    assert_true(db_lock(db, &err));
    begin(db);
    commit(db);
    script(db, "VACUUM");
    assert_int_not_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    db_unlock(db);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    assert_int_equal(flock(other, LOCK_UN), 0);
    begin(db);
    assert_int_not_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    db_rollback(db);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    close(other);
}

static void *commit_in_thread(void *db)
{
    begin(db);
    set_currency(db, "CAD");
    commit(db);
    return NULL;
}

static void a_writer_waits_for_the_one_before(void **state)
{
    (void)state;
    AUTO_DB struct db *db = open_with_event();
    AUTO_DB struct db *reader = open_db(DB_READ);
    int other = open(beside(".lock"), O_RDWR);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, commit_in_thread, db), 0);
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_sec++;
    assert_int_not_equal(pthread_timedjoin_np(thread, NULL, &soon), 0);
    assert_currency(reader, "USD");
    close(other);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_currency(reader, "CAD");
}

/* --- statements --- */

static void values_come_back_as_they_were_bound(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    AUTO_STMT struct stmt stmt = {0};
    size_t length = 9;
    assert_true(
        db_prepare_user(db, "SELECT :i AS i, :r, :t, :b, :n, :nt, :e, :unbound", &stmt, &err));
    stmt_bind_int(&stmt, ":i", INT64_MIN);
    stmt_bind_real(&stmt, ":r", 0.1);
    stmt_bind_text(&stmt, ":t", "Zone — é");
    stmt_bind_blob(&stmt, ":b", "a\0b", 3);
    stmt_bind_null(&stmt, ":n");
    stmt_bind_text(&stmt, ":nt", NULL);
    stmt_bind_blob(&stmt, ":e", NULL, 0);
    for (int again = 0; again < 2; again++) { /* bindings stay after the end */
        assert_int_equal(stmt_step(&stmt, &err), STEP_ROW);
        assert_int_equal(stmt_columns(&stmt), 8);
        assert_string_equal(stmt_name(&stmt, 0), "i");
        assert_true(stmt_int(&stmt, 0) == INT64_MIN);
        assert_true(stmt_real(&stmt, 1) == 0.1);
        assert_string_equal(stmt_text(&stmt, 2), "Zone — é");
        assert_memory_equal(stmt_blob(&stmt, 3, &length), "a\0b", 3);
        assert_int_equal(length, 3);
        static const enum stmt_type types[] = {STMT_INT,  STMT_REAL, STMT_TEXT, STMT_BLOB,
                                               STMT_NULL, STMT_NULL, STMT_BLOB, STMT_NULL};
        for (int i = 0; i < 8; i++) {
            assert_int_equal(stmt_type(&stmt, i), types[i]);
            assert_int_equal(stmt_is_null(&stmt, i), types[i] == STMT_NULL);
        }
        assert_null(stmt_text(&stmt, 4));
        assert_int_equal(stmt_int(&stmt, 4), 0);
        stmt_blob(&stmt, 6, &length);
        assert_int_equal(length, 0);
        assert_int_equal(stmt_step(&stmt, &err), STEP_DONE);
    }
}

static void a_cached_statement_comes_back_with_nothing_bound(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    assert_currency(db, "USD");
    AUTO_STMT struct stmt stmt = {0};
    assert_true(db_prepare(db, SQL_EVENT_CURRENCY, &stmt, &err));
    assert_int_equal(stmt_step(&stmt, &err), STEP_DONE); /* :event is NULL */
    stmt_release(&stmt);
    stmt_release(&stmt);
    assert_currency(db, "USD");
}

static void a_statement_that_fails_says_why_and_can_run_again(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    script(db, "CREATE TRIGGER t BEFORE UPDATE ON event WHEN new.currency = 'bad' "
               "BEGIN SELECT raise(ABORT, 'no such currency'); END");
    begin(db);
    AUTO_STMT struct stmt stmt = {0};
    assert_true(db_prepare(db, SQL_EVENT_SET_CURRENCY, &stmt, &err));
    stmt_bind_int(&stmt, ":event", 1);
    stmt_bind_text(&stmt, ":currency", "bad");
    assert_false(stmt_run(&stmt, &err));
    assert_int_equal(err.code, ERR_STORE);
    assert_non_null(strstr(err.text, "no such currency"));
    stmt_bind_text(&stmt, ":currency", "CAD");
    assert_true(stmt_run(&stmt, &err));
    commit(db);
    assert_currency(db, "CAD");
}

static void a_query_on_another_schema_names_itself(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_db(DB_WRITE);
    AUTO_STMT struct stmt stmt = {0};
    assert_false(db_prepare(db, SQL_EVENT_CURRENCY, &stmt, &err));
    assert_non_null(strstr(err.text, "event_currency"));
    assert_non_null(strstr(err.text, "no such table"));
}

static void row_ids_are_counted(void **state)
{
    (void)state;
    AUTO_DB struct db *db = open_with_event();
    begin(db);
    script(db, "INSERT INTO event VALUES (41, 'x'), (42, 'y')");
    assert_int_equal(db_last_id(db), 42);
    assert_int_equal(db_changes(db), 2);
    commit(db);
}

/* --- what a person types --- */

static void typed_statements_that_read_are_run(void **state)
{
    (void)state;
    static const char *const taken[] = {
        "SELECT 1",
        "  SELECT 1 ; ",
        ";; SELECT 1;;",
        "SELECT 1; -- end",
        "/* a */ SELECT 1 /* b */ ; /* c */ ; -- d\n -- e",
        "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c WHERE x < 9) SELECT x FROM "
        "c",
        "VALUES (1), (2)",
        "EXPLAIN QUERY PLAN SELECT * FROM event",
        "SELECT max(id), group_concat(currency) OVER () FROM event",
        "SELECT name FROM pragma_table_info('event')",
        "PRAGMA table_info(event)",
        "SELECT json_extract('{\"a\":1}', '$.a')",
        "SELECT value FROM json_each('[1,2]')",
        "SELECT name FROM sqlite_schema",
        "SELECT 'DELETE; FROM' AS \"x;y\"",
    };
    AUTO_DB struct db *db = open_with_event();
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        AUTO_STMT struct stmt stmt = {0};
        struct err err = {0};
        if (!db_prepare_user(db, taken[i], &stmt, &err) || stmt_step(&stmt, &err) != STEP_ROW)
            fail_msg("%s: %s", taken[i], err.text);
    }
}

static void typed_statements_of_any_other_kind_are_refused(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "",
        " ",
        ";",
        "-- nothing",
        "SELEC 1",
        "SELECT nothing",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE event",
        "SELECT 1; junk",
        "DELETE FROM event",
        "INSERT INTO event VALUES (9, 'x')",
        "UPDATE event SET currency = 'x'",
        "INSERT INTO event VALUES (9, 'x') RETURNING id",
        "DROP TABLE event",
        "CREATE TABLE t (x)",
        "CREATE TEMP TABLE t (x)",
        "WITH x AS (SELECT 1) DELETE FROM event",
        "EXPLAIN DELETE FROM event",
        "ATTACH '/tmp/other.db' AS other",
        "DETACH main",
        "VACUUM",
        "VACUUM INTO '/tmp/other.db'",
        "BEGIN",
        "COMMIT",
        "SAVEPOINT s",
        "PRAGMA user_version = 7",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA wal_checkpoint",
        "PRAGMA writable_schema = 1",
        "PRAGMA optimize",
        "PRAGMA main.user_version = 7",
        "REINDEX",
        "ANALYZE",
        "SELECT load_extension('x')",
        "SELECT Load_Extension('x', 'y')",
        "ALTER TABLE event ADD y",
        "CREATE VIEW v AS SELECT 1",
        "SELECT \"nothing\"",
        "UPDATE sqlite_master SET sql = ''",
        "UPDATE sqlite_schema SET name = 'x'",
    };
    AUTO_DB struct db *db = open_with_event();
    script(db, "CREATE INDEX i ON event (currency)");
    int64_t before = number(db, "SELECT count(*) + total(id) FROM event");
    for (int in_write = 0; in_write < 2; in_write++) {
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
            AUTO_STMT struct stmt stmt = {0};
            struct err err = {0};
            if (db_prepare_user(db, refused[i], &stmt, &err))
                fail_msg("taken: %s", refused[i]);
            assert_int_equal(err.code, ERR_USAGE);
            assert_int_not_equal(err.text[0], '\0');
            assert_null(stmt.handle);
        }
        if (!in_write)
            begin(db);
    }
    commit(db);
    assert_int_equal(number(db, "SELECT count(*) + total(id) FROM event"), before);
    begin(db);
    set_currency(db, "CAD"); /* only what is typed is bound by this */
    commit(db);
}

static void a_typed_mistake_that_shows_late_is_the_persons_error(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    AUTO_STMT struct stmt stmt = {0};
    assert_true(
        db_prepare_user(db, "SELECT abs(-9223372036854775807 - id) FROM event", &stmt, &err));
    assert_int_equal(stmt_step(&stmt, &err), STEP_ERROR);
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.text, "integer overflow");
}

static void an_endless_query_stops_when_asked(void **state)
{
    (void)state;
    struct err err = {0};
    AUTO_DB struct db *db = open_with_event();
    AUTO_STMT struct stmt stmt = {0};
    assert_true(db_prepare_user(
        db, "WITH RECURSIVE c(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM c) SELECT sum(x%2) FROM c",
        &stmt, &err));
    stop_install();
    raise(SIGTERM);
    assert_int_equal(stmt_step(&stmt, &err), STEP_ERROR);
    assert_int_equal(err.code, ERR_TERMINATED);
    stop_reset();
}

/* --- promises broken by the program itself --- */

static struct db *bug_db(void)
{
    struct err err = {0};
    struct db *db = db_open(path, DB_WRITE, &err);
    check(db != NULL, 1);
    return db;
}

static void begin_twice(void)
{
    struct err err;
    struct db *db = bug_db();
    check(db_begin(db, &err), 1);
    db_begin(db, &err);
}

static void take_twice(void)
{
    struct err err;
    struct stmt first, second;
    struct db *db = bug_db();
    check(db_prepare(db, SQL_EVENT_CURRENCY, &first, &err), 1);
    db_prepare(db, SQL_EVENT_CURRENCY, &second, &err);
}

static void bind_a_strange_name(void)
{
    struct err err;
    struct stmt stmt;
    check(db_prepare(bug_db(), SQL_EVENT_CURRENCY, &stmt, &err), 1);
    stmt_bind_int(&stmt, ":evnet", 1);
}

static void write_without_begin(void)
{
    struct err err;
    struct stmt stmt;
    check(db_prepare(bug_db(), SQL_EVENT_SET_CURRENCY, &stmt, &err), 1);
    stmt_run(&stmt, &err);
}

static void close_under_a_statement(void)
{
    struct err err;
    struct stmt stmt;
    struct db *db = bug_db();
    check(db_prepare(db, SQL_EVENT_CURRENCY, &stmt, &err), 1);
    db_close(db);
}

static void lock_a_reader(void)
{
    struct err err = {0};
    struct db *db = db_open(path, DB_READ, &err);
    check(db != NULL, 1);
    db_begin(db, &err);
}

static void broken_promises_are_bugs(void **state)
{
    (void)state;
    db_close(open_with_event());
    assert_is_bug(begin_twice);
    assert_is_bug(take_twice);
    assert_is_bug(bind_a_strange_name);
    assert_is_bug(write_without_begin);
    assert_is_bug(close_under_a_statement);
    assert_is_bug(lock_a_reader);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_new_database_gets_its_folders_and_is_its_owners_only),
        TEST(a_missing_database_is_not_found_and_not_made),
        TEST(a_file_of_another_kind_is_refused_and_left_as_it_is),
        TEST(a_lazy_commit_does_not_wait_for_the_disk_and_the_next_one_does),
        TEST(a_damaged_database_is_refused),
        TEST(a_database_that_cannot_be_in_wal_mode_is_refused),
        TEST(nothing_is_wrong_with_closing_nothing),
        TEST(a_folder_that_may_not_be_written_can_be_read),
        TEST(a_reader_sees_what_is_committed_while_a_writer_writes),
        TEST(a_read_transaction_sees_one_moment),
        TEST(a_rollback_leaves_nothing),
        TEST(a_reader_changes_no_byte_of_the_database),
        TEST(closing_a_writer_moves_the_log_into_the_database),
        TEST(a_commit_that_fails_has_rolled_back),
        TEST(a_full_disk_is_said_and_leaves_nothing_half_written),
        TEST(writers_in_processes_and_threads_take_turns),
        TEST(a_killed_writer_leaves_neither_a_lock_nor_half_a_change),
        TEST(the_lock_is_held_from_begin_to_commit_and_nests),
        TEST(a_writer_waits_for_the_one_before),
        TEST(values_come_back_as_they_were_bound),
        TEST(a_cached_statement_comes_back_with_nothing_bound),
        TEST(a_statement_that_fails_says_why_and_can_run_again),
        TEST(a_query_on_another_schema_names_itself),
        TEST(row_ids_are_counted),
        TEST(typed_statements_that_read_are_run),
        TEST(typed_statements_of_any_other_kind_are_refused),
        TEST(a_typed_mistake_that_shows_late_is_the_persons_error),
        TEST(an_endless_query_stops_when_asked),
        TEST(broken_promises_are_bugs),
    };
    return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
