#include "core/saved.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "io/zip.h"

static char folder[] = "/tmp/tws-saved-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const char *write_file(const void *bytes, size_t length)
{
    static char path[64];
    snprintf(path, sizeof path, "%s/file", folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

static void a_plain_file_comes_with_the_time_it_was_written(void **state)
{
    (void)state;
    AUTO_BUF struct buf bytes;
    struct err err = {0};
    int64_t at_ms;
    const char *path = write_file("{}\n", 3);
    const struct timespec times[2] = {{1770660000, 0}, {1770660000, 250999999}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_true(saved_read(path, &bytes, &at_ms, &err));
    assert_string_equal(buf_text(&bytes), "{}\n");
    assert_int_equal(at_ms, INT64_C(1770660000250));
    unlink(path);
}

static void compression_is_known_by_its_bytes(void **state)
{
    (void)state;
    bool (*const pack[])(const void *, size_t, int, struct buf *) = {zip_pack_gzip, zip_pack_zstd};
    for (size_t i = 0; i < 2; i++) {
        AUTO_BUF struct buf packed;
        AUTO_BUF struct buf bytes;
        struct err err = {0};
        int64_t at_ms;
        buf_init(&packed, 1000);
        assert_true(pack[i]("hello hello hello", 17, 3, &packed));
        const char *path = write_file(packed.data, packed.length);
        assert_true(saved_read(path, &bytes, &at_ms, &err));
        assert_string_equal(buf_text(&bytes), "hello hello hello");
        unlink(path);
    }
}

static void a_cut_archive_is_noticed_at_every_byte(void **state)
{
    (void)state;
    AUTO_BUF struct buf packed;
    buf_init(&packed, 1000);
    assert_true(zip_pack_gzip("hello hello hello", 17, 6, &packed));
    for (size_t length = 2; length < packed.length; length++) {
        AUTO_BUF struct buf bytes;
        struct err err = {0};
        int64_t at_ms;
        const char *path = write_file(packed.data, length);
        assert_false(saved_read(path, &bytes, &at_ms, &err));
        assert_int_equal(err.code, ERR_USAGE);
        unlink(path);
    }
}

static void what_cannot_be_read_is_refused(void **state)
{
    (void)state;
    AUTO_BUF struct buf none;
    AUTO_BUF struct buf bytes;
    struct err err = {0};
    int64_t at_ms;
    assert_false(saved_read("/nonexistent/file", &none, &at_ms, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_false(saved_read(folder, &bytes, &at_ms, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.text, "Is a directory");
}

static void lines_come_without_their_blanks(void **state)
{
    (void)state;
    static const char text[] = "\n  {\"a\":1} \r\n\t\n{\"b\":2}";
    const char *at = text, *end = text + strlen(text);
    size_t length;
    int number = 0;
    const char *line = saved_next_line(&at, end, &length, &number);
    assert_memory_equal(line, "{\"a\":1}", length);
    assert_int_equal(length, 7);
    assert_int_equal(number, 2);
    line = saved_next_line(&at, end, &length, &number);
    assert_memory_equal(line, "{\"b\":2}", length);
    assert_int_equal(number, 4);
    assert_null(saved_next_line(&at, end, &length, &number));
}

static void lines_and_documents_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool lines;
    } cases[] = {
        {"{\"a\":1}\n{\"b\":2}\n", true},
        {"{\"a\":1}\n\n{\"b\":2", true}, /* the second line is damaged */
        {"{\"a\":\n{\"b\":2}\n", true},  /* the first is */
        {"{\"a\":1}\nnonsense\n", true},
        {"{\"a\":1}\n", false},
        {"{\"a\":1}", false},
        {"{\n\"a\":1\n}\n", false},
        {"{\n{\n", false},
        {"{\"a\":[\n{\"b\":1},\n{\"c\":2}]}", false}, /* one document, broken oddly */
        {"[\n{\"a\":1}\n]", false},
        {"", false},
        {"\n\n", false},
        {"nonsense\n{\"a\":1}", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (saved_is_lines(cases[i].text, strlen(cases[i].text)) != cases[i].lines)
            fail_msg("'%s'", cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_file_comes_with_the_time_it_was_written),
        cmocka_unit_test(compression_is_known_by_its_bytes),
        cmocka_unit_test(a_cut_archive_is_noticed_at_every_byte),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(lines_come_without_their_blanks),
        cmocka_unit_test(lines_and_documents_are_told_apart),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
