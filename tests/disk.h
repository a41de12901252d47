/*
 * A disk whose power fails: while it records, it keeps all that SQLite does to a store's file and to its log, in order. Afterwards
 * it makes the two files anew as a failure could have left them: what was written to a file before its last fdatasync() is there;
 * each write and cut after it is there, or is not, or in half, or garbage, in whatever order the disk pleased.
 *
 * Not simulated: a disk that says that it has synced and has not, a write that spoils bytes beside it (SQLite relies on that, see
 * sqlite.org/psow.html), and folders that forget a file: both are there when recording begins. The -shm file is nothing that lasts.
 * Include after cmocka.h, in one file of a test: it takes the place of what SQLite calls in the C library.
 */
#ifndef TESTS_DISK_H
#define TESTS_DISK_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

enum disk_file { DISK_DB, DISK_LOG, DISK_FILES };
enum { DISK_LOG_HEAD = 32, DISK_FRAME_HEAD = 24 }; /* sqlite.org/fileformat2.html#walformat */

struct disk_op {
    enum { DISK_WRITE, DISK_CUT, DISK_SYNC } kind;
    enum disk_file file;
    size_t offset, length; /* of what is written; a cut: the new length of the file */
    unsigned char *bytes;
    int64_t at_ms; /* by the wall clock */
};

struct disk_image {
    unsigned char *bytes;
    size_t size, capacity;
};

/* What becomes of a write or cut that was not synced. */
enum disk_fate { DISK_DONE, DISK_LOST, DISK_HALF, DISK_GARBAGE };

static struct {
    bool recording;
    ino_t files[DISK_FILES];
    struct disk_image
        images[DISK_FILES]; /* when it began; then, while it is played, what is synced */
    struct disk_op *ops;
    size_t count, capacity;
    size_t played;   /* of the ops */
    size_t *waiting; /* those that were played and are not synced, by index */
    size_t waiting_count, waiting_capacity;
} disk;

/* ---- recording ---- */

static inline void disk_note(int fd, struct disk_op op, const void *bytes)
{
    struct stat st;
    if (!disk.recording || fstat(fd, &st) != 0)
        return;
    while (op.file < DISK_FILES && disk.files[op.file] != st.st_ino)
        op.file++;
    if (op.file == DISK_FILES)
        return;
    if (op.kind == DISK_WRITE)
        op.bytes = memcpy(mem_alloc(1, op.length), bytes, op.length);
    op.at_ms = clock_now_ms();
    disk.ops = mem_grow(disk.ops, disk.count, &disk.capacity, sizeof *disk.ops);
    disk.ops[disk.count++] = op;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
    ssize_t wrote = syscall(SYS_pwrite64, fd, bytes, length, offset);
    if (wrote > 0)
        disk_note(fd, (struct disk_op){DISK_WRITE, 0, (size_t)offset, (size_t)wrote}, bytes);
    return wrote;
}

int ftruncate64(int fd, off64_t length)
{
    int result = (int)syscall(SYS_ftruncate, fd, length);
    if (result == 0)
        disk_note(fd, (struct disk_op){DISK_CUT, 0, 0, (size_t)length}, NULL);
    return result;
}

/* It is only written down: no power fails here. */
int fdatasync(int fd)
{
    disk_note(fd, (struct disk_op){DISK_SYNC}, NULL);
    return 0;
}

static inline const char *disk_path(const char *path, enum disk_file file)
{
    static char text[4096];
    snprintf(text, sizeof text, "%s%s", path, file == DISK_LOG ? "-wal" : "");
    return text;
}

static inline void disk_reserve(struct disk_image *image, size_t size)
{
    if (size > image->capacity) {
        image->capacity = 2 * size;
        image->bytes = mem_resize(image->bytes, image->capacity, 1);
    }
    if (size > image->size)
        memset(image->bytes + image->size, 0, size - image->size);
}

static inline void disk_read(struct disk_image *image, const char *path, ino_t *inode)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0 && fstat(fd, &st) == 0);
    disk_reserve(image, (size_t)st.st_size);
    image->size = (size_t)st.st_size;
    assert_int_equal(read(fd, image->bytes, image->size), st.st_size);
    *inode = st.st_ino;
    close(fd);
}

/* Begins to record a store that is open and lies on the disk as it is. */
static inline void disk_record(const char *path)
{
    for (int file = 0; file < DISK_FILES; file++)
        disk_read(&disk.images[file], disk_path(path, (enum disk_file)file), &disk.files[file]);
    disk.recording = true;
}

static inline void disk_forget(void)
{
    for (size_t i = 0; i < disk.count; i++)
        mem_free(disk.ops[i].bytes);
    for (int file = 0; file < DISK_FILES; file++)
        mem_free(disk.images[file].bytes);
    mem_free(disk.ops);
    mem_free(disk.waiting);
    memset(&disk, 0, sizeof disk);
}

/* ---- playing it again ---- */

static inline void disk_write(struct disk_image *image, size_t offset, const unsigned char *bytes,
                              size_t length)
{
    disk_reserve(image, offset + length);
    memcpy(image->bytes + offset, bytes, length);
    if (offset + length > image->size)
        image->size = offset + length;
}

static inline void disk_apply(struct disk_image *image, const struct disk_op *op,
                              enum disk_fate fate)
{
    if (fate == DISK_LOST)
        return;
    if (op->kind == DISK_CUT) {
        disk_reserve(image, op->length);
        image->size = op->length;
        return;
    }
    disk_write(image, op->offset, op->bytes, fate == DISK_HALF ? op->length / 2 : op->length);
    for (size_t i = 0; fate == DISK_GARBAGE && i < op->length; i += 7)
        image->bytes[op->offset + i] ^= 0x5a;
}

/* Plays the next op; false when there is none. */
static inline bool disk_step(void)
{
    if (disk.played == disk.count)
        return false;
    const struct disk_op *op = &disk.ops[disk.played];
    size_t kept = 0;
    if (op->kind == DISK_SYNC) {
        for (size_t i = 0; i < disk.waiting_count; i++) {
            const struct disk_op *other = &disk.ops[disk.waiting[i]];
            if (other->file == op->file)
                disk_apply(&disk.images[op->file], other, DISK_DONE);
            else
                disk.waiting[kept++] = disk.waiting[i];
        }
        disk.waiting_count = kept;
    } else {
        disk.waiting = mem_grow(disk.waiting, disk.waiting_count, &disk.waiting_capacity,
                                sizeof *disk.waiting);
        disk.waiting[disk.waiting_count++] = disk.played;
    }
    disk.played++;
    return true;
}

/* How many writes to a file are not synced. */
static inline size_t disk_unsynced(enum disk_file file)
{
    size_t count = 0;
    for (size_t i = 0; i < disk.waiting_count; i++)
        count += disk.ops[disk.waiting[i]].file == file;
    return count;
}

/* Whether an op was the end of a commit in the log: the page of a frame whose head says how large the database is then. */
static inline bool disk_is_commit(size_t index)
{
    static const unsigned char none[4];
    const struct disk_op *op = &disk.ops[index], *head = op - 1;
    return index > 0 && op->kind == DISK_WRITE && op->file == DISK_LOG &&
           head->kind == DISK_WRITE && head->file == DISK_LOG && head->length == DISK_FRAME_HEAD &&
           head->offset + head->length == op->offset && memcmp(head->bytes + 4, none, 4) != 0;
}

static inline void disk_put(const char *path, const struct disk_image *image)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, image->bytes, image->size), image->size);
    close(fd);
}

/* Makes the files as a failure at this point leaves them, at `path`; fate() decides about the n-th of the writes that wait. */
static inline void disk_fail(const char *path,
                             enum disk_fate (*fate)(size_t n, const struct disk_op *op))
{
    static struct disk_image image;
    for (int file = 0; file < DISK_FILES; file++) {
        image.size = 0;
        disk_write(&image, 0, disk.images[file].bytes, disk.images[file].size);
        for (size_t i = 0; i < disk.waiting_count; i++) {
            const struct disk_op *op = &disk.ops[disk.waiting[i]];
            if ((int)op->file == file)
                disk_apply(&image, op, fate(i, op));
        }
        disk_put(disk_path(path, (enum disk_file)file), &image);
    }
}

#endif
