/* The power fails while the service works: at each of its writes, with each part of what was not synced lost or spoilt. What it
   finds when it starts again must be one of the states in which it was, with every poll that it had stored, and with all jobs. See
   tests/disk.h for what is simulated and what is not. FULL=1 tries everything, else some of what is alike. */
#include "core/watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "disk.h"
#include "io/hash.h"
#include "sandglass.h"
#include "scratch.h"

#define MINUTE CLOCK_MINUTE_MS

enum {
    EVENTS = 8,
    BROKEN = 3, /* its answer is never a document */
    GONE = 4,   /* the platform knows no such event */
    EMPTY = 5,
    DROPPED = 6, /* it is untracked meanwhile */
    ATTEMPTS = 3,
    FRAMES = 984,      /* in the log when recording begins: a checkpoint is near */
    STATES_MAX = 1000, /* of the store, each the end of a commit */
    CLAIMS_MAX = 200,
    RANDOM = 6, /* mixtures of what is lost and what is not, before each sync */
};

static const struct schedule_settings usual = {15 * MINUTE, 10 * MINUTE, 20 * MINUTE};
static const struct sandglass_fault faults[] = {
    {0, INT64_MAX, OUTCOME_BAD_PAYLOAD, 0, BROKEN},
    {0, INT64_MAX, OUTCOME_NOT_FOUND, 0, GONE},
    {0, INT64_MAX, OUTCOME_EMPTY, 0, EMPTY},
    {12 * MINUTE, 26 * MINUTE, OUTCOME_NETWORK, 0, 2},
};

static char copy[SCRATCH_PATH_MAX + 8];
static struct store *store;
static struct sandglass glass;
static bool full;

static struct {
    int64_t event_id, at_ms;
} claimed[CLAIMS_MAX];
static size_t claimed_count;

/* Polls that were stored before the op of this index. */
static size_t stored[STATES_MAX], stored_count;
static int64_t stored_before;           /* recording began */
static size_t other_began, other_ended; /* the ops of another program's commit */

static struct {
    unsigned char digest[STATES_MAX][HASH_SIZE];
    size_t newest, synced; /* the last whole commit, and the last that is safe */
    size_t images, restarts;
    size_t lazy, syncs; /* commits that were not waited for; of the log since the last commit */
    size_t lazy_checkpoints;
} played;

/* ---- what the service does ---- */

static void note_stored(void *context, const struct event *event, const struct watch_end *end)
{
    (void)context, (void)event;
    if (disk.recording && !end->resting)
        stored[stored_count++] = disk.count;
}

static bool start_poll(void *self, struct watch_poll *poll, struct err *why)
{
    if (self == &glass) {
        assert_true(claimed_count < CLAIMS_MAX);
        claimed[claimed_count].event_id = poll->event.id;
        claimed[claimed_count++].at_ms = clock_now_ms();
    }
    return sandglass_start(self, poll, why);
}

static struct watch *begin_work(struct store *where, struct sandglass *world, int64_t passed_ms)
{
    struct err err = {0};
    sandglass_open(world, where, 60);
    world->faults = faults;
    world->fault_count = sizeof faults / sizeof *faults;
    sandglass_pass(world, passed_ms);
    struct watch_world behind = sandglass_world(world);
    behind.start = start_poll;
    struct watch *watch = watch_open(where, &behind, &usual, ATTEMPTS, note_stored, NULL, &err);
    scratch_ok(watch != NULL, &err);
    return watch;
}

static void work(struct watch *watch, struct sandglass *world, int64_t until_ms)
{
    struct err err = {0};
    while (world->passed_ms < until_ms)
        scratch_ok(watch_turn(watch, MINUTE, &err), &err);
}

/* The log grows until SQLite is about to empty it. */
static void fill_log(void)
{
    struct stat st;
    size_t page = (size_t)scratch_number(store, "SELECT page_size FROM pragma_page_size");
    do {
        scratch_run(store, "INSERT OR REPLACE INTO setting VALUES ('filler', random())");
        assert_int_equal(stat(disk_path(scratch_path, DISK_LOG), &st), 0);
    } while ((size_t)st.st_size < DISK_LOG_HEAD + FRAMES * (DISK_FRAME_HEAD + page));
}

/* Another program's commit, which waits for the disk, and its end, which empties the log. */
static void untrack(int64_t event_id)
{
    struct err err = {0};
    struct store *other = scratch_open(scratch_path);
    other_began = disk.count;
    scratch_ok(store_set_state(other, event_id, EVENT_UNTRACKED, &err), &err);
    other_ended = disk.count;
    store_close(other);
}

/* Half an hour of it, in which the log begins anew twice: by itself, and emptied. */
static void record(void)
{
    store = scratch_open(scratch_path);
    sandglass_track(store, EVENTS);
    struct watch *watch = begin_work(store, &glass, 0);
    work(watch, &glass, 10 * MINUTE);
    fill_log();
    stored_before = scratch_number(store, "SELECT count(*) FROM snapshot");
    disk_record(scratch_path);
    work(watch, &glass, 14 * MINUTE);
    untrack(DROPPED);
    work(watch, &glass, 40 * MINUTE);
    disk.recording = false;
    watch_close(watch);
    store_close(store);
}

/* ---- what may become of what was not synced ---- */

static size_t chosen;
static unsigned seed;

static enum disk_fate all_done(size_t n, const struct disk_op *op)
{
    (void)n, (void)op;
    return DISK_DONE;
}

static enum disk_fate all_lost(size_t n, const struct disk_op *op)
{
    (void)n, (void)op;
    return DISK_LOST;
}

static enum disk_fate log_lost(size_t n, const struct disk_op *op)
{
    (void)n;
    return op->file == DISK_LOG ? DISK_LOST : DISK_DONE;
}

static enum disk_fate log_only(size_t n, const struct disk_op *op)
{
    (void)n;
    return op->file == DISK_LOG ? DISK_DONE : DISK_LOST;
}

static enum disk_fate one_lost(size_t n, const struct disk_op *op)
{
    (void)op;
    return n == chosen ? DISK_LOST : DISK_DONE;
}

static enum disk_fate one_half(size_t n, const struct disk_op *op)
{
    (void)op;
    return n == chosen ? DISK_HALF : DISK_DONE;
}

static enum disk_fate one_garbage(size_t n, const struct disk_op *op)
{
    (void)op;
    return n == chosen ? DISK_GARBAGE : DISK_DONE;
}

static enum disk_fate any_fate(size_t n, const struct disk_op *op)
{
    static const enum disk_fate fates[] = {DISK_DONE, DISK_DONE,    DISK_DONE,
                                           DISK_LOST, DISK_GARBAGE, DISK_HALF};
    (void)n, (void)op;
    seed = seed * 1103515245 + 12345;
    return fates[(seed >> 16) % (sizeof fates / sizeof *fates)];
}

static enum disk_fate any_half(size_t n, const struct disk_op *op)
{
    return any_fate(n, op) == DISK_DONE ? DISK_DONE : DISK_LOST;
}

static void fail_power(enum disk_fate (*fate)(size_t n, const struct disk_op *op))
{
    char shm[SCRATCH_PATH_MAX + 16];
    snprintf(shm, sizeof shm, "%s-shm", copy);
    unlink(shm);
    disk_fail(copy, fate);
    played.images++;
}

/* ---- what is found ---- */

static int64_t ask(struct db *db, const char *sql)
{
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    scratch_ok(db_prepare_user(db, sql, &stmt, &err) && stmt_step(&stmt, &err) == STEP_ROW, &err);
    return stmt_int(&stmt, 0);
}

static void put_rows(struct db *db, const char *table, struct buf *out)
{
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    char sql[100];
    enum step step;
    snprintf(sql, sizeof sql, "SELECT * FROM \"%s\"", table);
    scratch_ok(db_prepare_user(db, sql, &stmt, &err), &err);
    while ((step = stmt_step(&stmt, &err)) == STEP_ROW) {
        for (int i = 0; i < stmt_columns(&stmt); i++) {
            size_t length;
            const void *bytes = stmt_blob(&stmt, i, &length);
            buf_printf(out, "%d:%zu ", (int)stmt_type(&stmt, i), length);
            buf_add(out, bytes, length);
        }
        buf_putc(out, '\n');
    }
    scratch_ok(step == STEP_DONE, &err);
}

/* A number of all that is in the store. */
static void digest(struct db *db, unsigned char *out)
{
    AUTO_BUF struct buf text;
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    buf_init(&text, SIZE_MAX);
    scratch_ok(
        db_prepare_user(db, "SELECT name FROM sqlite_schema WHERE type = 'table'", &stmt, &err),
        &err);
    while (stmt_step(&stmt, &err) == STEP_ROW)
        put_rows(db, stmt_text(&stmt, 0), &text);
    hash_bytes(out, buf_text(&text), text.length);
}

static size_t stored_by_now(void)
{
    size_t count = 0;
    while (count < stored_count && stored[count] <= disk.played)
        count++;
    return count;
}

/* The store is sound, in a state between the last that is safe and the newest, and has every poll that it said it has. */
static void expect_state(enum disk_fate (*fate)(size_t n, const struct disk_op *op))
{
    struct err err = {0};
    unsigned char found[HASH_SIZE];
    fail_power(fate);
    AUTO_DB struct db *db = db_open(copy, DB_READ, &err);
    scratch_ok(db != NULL, &err);
    digest(db, found);
    for (size_t i = played.newest;; i--) {
        if (memcmp(found, played.digest[i], HASH_SIZE) == 0)
            break;
        if (i == played.synced)
            fail_msg("before op %zu of %zu: it never was in that state", disk.played, disk.count);
    }
    assert_int_equal(ask(db, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> "
                             "'ok'"),
                     0);
    assert_true(ask(db, "SELECT count(*) FROM snapshot") >=
                stored_before + (int64_t)stored_by_now());
}

/* ---- what the service makes of it ---- */

/* How often a job of an event was claimed, from one time to another. */
static int64_t claims(int64_t event_id, int64_t from_ms, int64_t to_ms)
{
    int64_t count = 0;
    for (size_t i = 0; i < claimed_count; i++)
        count += claimed[i].event_id == event_id && claimed[i].at_ms >= from_ms &&
                 claimed[i].at_ms <= to_ms;
    return count;
}

/* A job knows of all its attempts, but for the one under way when it had not been synced. */
static void expect_attempts(struct db *db, int64_t at_ms)
{
    AUTO_STMT struct stmt stmt = {0};
    struct err err = {0};
    scratch_ok(db_prepare_user(db, "SELECT event_id, added_ms, attempts FROM job WHERE state < 2",
                               &stmt, &err),
               &err);
    while (stmt_step(&stmt, &err) == STEP_ROW) {
        int64_t made = claims(stmt_int(&stmt, 0), stmt_int(&stmt, 1), at_ms);
        assert_in_range(stmt_int(&stmt, 2), made > 0 ? made - 1 : 0, made);
    }
    assert_int_equal(ask(db, "SELECT count(*) FROM job j WHERE attempts < (SELECT count(*) FROM "
                             "attempt a WHERE a.job_id = j.id)"),
                     0);
}

/* What was found is compared with what becomes of it. */
static void remember_jobs(struct store *again)
{
    scratch_run(again,
                "CREATE TEMP TABLE found AS SELECT id, event_id, attempts, added_ms FROM job "
                "WHERE state < 2 AND event_id IN (SELECT id FROM event WHERE state = 0)");
}

/* Every event has a job or is due, and none has one whose poll is stored. */
static void expect_jobs(struct db *db, const struct watch *watch, int64_t at_ms)
{
    struct watch_state state = watch_state(watch);
    assert_int_equal(state.events, ask(db, "SELECT count(*) FROM event WHERE state = 0"));
    assert_int_equal(state.scheduled + state.queued, state.events);
    assert_int_equal(state.queued, ask(db, "SELECT count(*) FROM job WHERE state < 2"));
    assert_int_equal(ask(db, "SELECT count(*) FROM job WHERE state = 1"), 0);
    assert_int_equal(ask(db, "SELECT count(*) FROM job j JOIN snapshot s USING (event_id) WHERE "
                             "j.state = 0 AND s.outcome <= 2 AND s.at_ms >= j.added_ms"),
                     0);
    /* the others are what they were */
    assert_int_equal(ask(db,
                         "SELECT count(*) FROM found f WHERE NOT EXISTS (SELECT 1 FROM job j "
                         "WHERE j.id = f.id AND j.attempts = f.attempts) AND NOT EXISTS (SELECT "
                         "1 FROM snapshot s WHERE s.event_id = f.event_id AND s.outcome <= 2 "
                         "AND s.at_ms >= f.added_ms)"),
                     0);
    expect_attempts(db, at_ms);
}

/* What is due comes, and what was stored is not asked for again before it is due. */
static void expect_work(struct db *db, struct watch *watch, struct sandglass *world)
{
    int64_t polled_ms[EVENTS + 1], from_ms = world->passed_ms;
    bool seen[EVENTS + 1] = {false};
    for (int id = 1; id <= EVENTS; id++) {
        char sql[120];
        snprintf(
            sql, sizeof sql,
            "SELECT coalesce(max(at_ms), 0) FROM snapshot WHERE outcome <= 2 AND event_id = %d",
            id);
        polled_ms[id] = ask(db, sql) - SANDGLASS_START_MS;
    }
    bool dropped = ask(db, "SELECT count(*) FROM event WHERE state = 0") < EVENTS;
    work(watch, world, from_ms + 40 * MINUTE);
    for (size_t i = 0; i < world->start_count; i++) {
        int64_t id = world->starts[i].event_id, at_ms = world->starts[i].at_ms;
        if (!seen[id] && id > 0)
            assert_true(at_ms >= polled_ms[id] + usual.fastest_ms);
        seen[id] = true;
    }
    for (int id = 1; id <= EVENTS; id++)
        assert_int_equal(seen[id], id != DROPPED || !dropped);
    assert_int_equal(world->overlaps, 0);
}

/* The machine starts a minute after its power failed. */
static void expect_recovery(enum disk_fate (*fate)(size_t n, const struct disk_op *op))
{
    int64_t at_ms = disk.ops[disk.played - 1].at_ms;
    struct sandglass world;
    fail_power(fate);
    struct store *again = scratch_open(copy);
    remember_jobs(again);
    struct watch *watch = begin_work(again, &world, at_ms - SANDGLASS_START_MS + CLOCK_MINUTE_MS);
    expect_jobs(store_db(again), watch, at_ms);
    if (full || played.restarts++ % 4 == 0)
        expect_work(store_db(again), watch, &world);
    watch_close(watch);
    store_close(again);
    sandglass_close(&world);
}

/* ---- all moments ---- */

/* The end of a commit is a state that it may be found in from now on. */
static void note_state(void)
{
    struct err err = {0};
    assert_true(++played.newest < STATES_MAX);
    fail_power(all_done);
    AUTO_DB struct db *db = db_open(copy, DB_READ, &err);
    scratch_ok(db != NULL, &err);
    digest(db, played.digest[played.newest]);
}

/* What is not synced is as much as it will be. */
static void try_mixtures(void)
{
    size_t stride = full ? 1 : 1 + disk.waiting_count / 16;
    if (disk.waiting_count == 0)
        return;
    expect_state(all_lost);
    expect_state(log_lost);
    expect_state(log_only);
    for (chosen = 0; chosen < disk.waiting_count; chosen += stride) {
        expect_state(one_lost);
        expect_state(one_garbage);
    }
    for (int i = 0; i < RANDOM; i++) {
        expect_state(any_fate);
        expect_state(any_half);
    }
    if (disk_unsynced(DISK_LOG) > 0)
        expect_recovery(all_lost);
}

/* Sees what kind of commit the last one was: who waits for the disk syncs the log, and a checkpoint does, before it begins. */
static void note_kind(size_t last)
{
    const struct disk_op *op = &disk.ops[last];
    bool first = op->file == DISK_DB && op->kind == DISK_WRITE && disk_unsynced(DISK_DB) == 1;
    if (disk_is_commit(last))
        played.syncs = 0;
    else if (op->kind == DISK_SYNC && op->file == DISK_LOG)
        played.syncs++;
    played.lazy_checkpoints += first && played.syncs == 1;
    size_t next = disk.played;
    played.lazy += disk_is_commit(last) && next < disk.count && disk.ops[next].kind != DISK_SYNC;
}

/* After one more op. */
static void try_moment(void)
{
    size_t last = disk.played - 1;
    const struct disk_op *op = &disk.ops[last];
    bool tried = full || op->file == DISK_LOG || last % 8 == 0;
    note_kind(last);
    if (disk_is_commit(last)) {
        note_state();
        expect_recovery(all_done);
    }
    if (op->kind == DISK_SYNC || !tried)
        return;
    if (!disk_is_commit(last))
        expect_state(all_done);
    chosen = disk.waiting_count - 1;
    expect_state(one_half);
}

/* Whoever waits for the disk waits for all that was committed before, too. */
static void expect_synced(void)
{
    for (size_t i = 0; i < stored_count; i++)
        if (stored[i] == disk.played)
            assert_int_equal(disk_unsynced(DISK_LOG), 0);
    if (disk.played == other_began)
        assert_true(disk_unsynced(DISK_LOG) > 0);
    if (disk.played == other_ended)
        assert_int_equal(disk_unsynced(DISK_LOG), 0);
}

static void the_power_may_fail_at_any_moment(void **state)
{
    (void)state;
    record();
    note_state();
    played.synced = played.newest;
    for (;;) {
        bool more = disk.played < disk.count;
        if (!more || disk.ops[disk.played].kind == DISK_SYNC)
            try_mixtures();
        if (!more)
            break;
        disk_step();
        if (disk_unsynced(DISK_LOG) == 0)
            played.synced = played.newest;
        expect_synced();
        try_moment();
    }
    print_message("# %zu ops, %zu commits, %zu of them lazy, %zu images\n", disk.count,
                  played.newest - 1, played.lazy, played.images);
    assert_true(played.lazy > 20); /* else it was about nothing */
    assert_true(played.lazy_checkpoints > 0);
}

static int begin(void **state)
{
    full = getenv("FULL") != NULL;
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 1); /* thousands of stores are made */
    if (scratch_make(state) != 0)
        return -1;
    snprintf(copy, sizeof copy, "%s.copy", scratch_path);
    return 0;
}

static int end(void **state)
{
    sandglass_close(&glass);
    disk_forget();
    return scratch_remove(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_power_may_fail_at_any_moment, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
