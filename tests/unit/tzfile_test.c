#include "base/tzfile.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/tzfile_test.XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? setenv("TZDIR", folder, 1) : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    unsetenv("TZDIR");
    return rmdir(folder);
}

static void path_of(const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", folder, name);
}

/* Puts a zone file into the folder, under a name that was never asked for before. */
static void put_zone(char name[32], const void *bytes, size_t length)
{
    static int count;
    char path[64];
    snprintf(name, 32, "Zone%d", count++);
    path_of(name, path, sizeof path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, length), length);
    close(fd);
}

static void drop_zone(const char *name)
{
    char path[64];
    path_of(name, path, sizeof path);
    assert_int_equal(unlink(path), 0);
}

static bool offset_in(const void *bytes, size_t length, int64_t at_s, int *offset_s)
{
    char name[32];
    put_zone(name, bytes, length);
    bool known = tzfile_offset(name, at_s, offset_s);
    drop_zone(name);
    return known;
}

/* A zone file that holds one transition, at 2000-01-01 from -1 h to +1 h, and a rule. */
static size_t make_file(unsigned char *out, const char *rule)
{
    static const unsigned char header[20] = "TZif2";
    static const unsigned char counts_1[24] = {[19] = 1, [23] = 1}; /* one type, one letter */
    static const unsigned char block_1[7] = {0};
    static const unsigned char counts_2[24] = {[15] = 1, [19] = 2, [23] = 4};
    static const unsigned char block_2[] = {
        0,    0,    0,    0,    0x38, 0x6D, 0x43, 0x80,                   /* at */
        1,                                                                /* its type */
        0xFF, 0xFF, 0xF1, 0xF0, 0,    0,    0,    0,    0x0E, 0x10, 0, 0, /* -3600, 3600 */
        'A',  'B',  'C',  0,
    };
    size_t length = 0;
    const struct {
        const void *bytes;
        size_t length;
    } parts[] = {
        {header, 20}, {counts_1, 24},       {block_1, 7},
        {header, 20}, {counts_2, 24},       {block_2, sizeof block_2},
        {"\n", 1},    {rule, strlen(rule)}, {"\n", 1},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        memcpy(out + length, parts[i].bytes, parts[i].length);
        length += parts[i].length;
    }
    return length;
}

static void transitions_hold_from_their_second_on(void **state)
{
    (void)state;
    unsigned char file[512];
    size_t length = make_file(file, "");
    static const struct {
        int64_t at_s;
        int offset_s;
    } cases[] = {{-5000000000, -3600}, {946684799, -3600}, {946684800, 3600}, {5000000000, 3600}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int offset_s = 99;
        assert_true(offset_in(file, length, cases[i].at_s, &offset_s));
        assert_int_equal(offset_s, cases[i].offset_s);
    }
}

/* The C library reads the same rule from TZ. */
static void rules_agree_with_the_c_library(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "EST5EDT,M3.2.0,M11.1.0",
        "EST5",
        "<+0530>-5:30",
        "IST-1GMT0,M10.5.0,M3.5.0/1",
        "AAA-10BBB,J60/2,J300/3",
        "AAA3BBB,59/0,300/24",
        "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
        "<-02>2<-01>,M3.4.4/50,M10.4.4/50",
        "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
        "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45",
        "AAA1:02:03BBB0:01,M2.5.6/23:59:59,M9.3.1/0",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        unsigned char file[512];
        size_t length = make_file(file, rules[i]);
        char name[32];
        put_zone(name, file, length);
        setenv("TZ", rules[i], 1);
        tzset();
        for (time_t t = 1767225600; t < 7258118400; t += 3599 * 5) {
            struct tm tm;
            int offset_s = 99;
            localtime_r(&t, &tm);
            assert_true(tzfile_offset(name, t, &offset_s));
            if (offset_s != tm.tm_gmtoff)
                fail_msg("%s at %lld: %d, not %ld", rules[i], (long long)t, offset_s, tm.tm_gmtoff);
        }
        drop_zone(name);
    }
    unsetenv("TZ");
    tzset();
}

/* RFC 9636, section 3.3.1, gives this rule for a zone that has summer time all year. */
static void summer_time_may_last_all_year(void **state)
{
    (void)state;
    unsigned char file[512];
    size_t length = make_file(file, "XXX3EDT4,0/0,J365/23");
    char name[32];
    put_zone(name, file, length);
    for (int64_t at_s = 1767225600; at_s < 1893456000; at_s += 3600) {
        int offset_s = 99;
        assert_true(tzfile_offset(name, at_s, &offset_s));
        assert_int_equal(offset_s, -4 * 3600);
    }
    drop_zone(name);
}

static void a_file_cut_short_anywhere_is_unknown(void **state)
{
    (void)state;
    unsigned char file[512];
    size_t length = make_file(file, "EST5EDT,M3.2.0,M11.1.0");
    int offset_s = 99;
    for (size_t kept = 0; kept < length; kept++) {
        if (offset_in(file, kept, 4000000000, &offset_s))
            fail_msg("%zu of %zu bytes were enough", kept, length);
        assert_int_equal(offset_s, 99);
    }
    assert_true(offset_in(file, length, 4000000000, &offset_s));
}

/* ASan watches. A changed byte may still make a zone, but never a read outside the file. */
static void a_file_with_any_byte_changed_does_no_harm(void **state)
{
    (void)state;
    unsigned char file[512];
    size_t length = make_file(file, "EST5EDT,M3.2.0,M11.1.0");
    static const unsigned char changes[] = {0x01, 0x80, 0xFF};
    for (size_t at = 0; at < length; at++) {
        for (size_t i = 0; i < sizeof changes; i++) {
            int offset_s;
            file[at] ^= changes[i];
            offset_in(file, length, 4000000000, &offset_s);
            offset_in(file, length, 0, &offset_s);
            file[at] ^= changes[i];
        }
    }
}

static void broken_rules_are_unknown(void **state)
{
    (void)state;
    static const char *const rules[] = {
        "E5",
        "EST",
        "EST5EDT",
        "EST5EDT,M3.2.0",
        "EST168",
        "EST5:60",
        "<EST5",
        "EST5EDT,M13.2.0,M11.1.0",
        "EST5EDT,M0.2.0,M11.1.0",
        "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,M3.2.7,M11.1.0",
        "EST5EDT,J0,J365",
        "EST5EDT,J1,J366",
        "EST5EDT,M3.2.0,M11.1.0x",
        "EST5EDT,M3.2.0/,M11.1.0",
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        unsigned char file[512];
        int offset_s;
        size_t length = make_file(file, rules[i]);
        if (offset_in(file, length, 4000000000, &offset_s))
            fail_msg("'%s' was understood", rules[i]);
    }
}

static void a_change_of_tzdir_is_noticed(void **state)
{
    (void)state;
    int offset_s = 99;
    setenv("TZDIR", "/nonexistent", 1);
    assert_false(tzfile_offset("America/New_York", 0, &offset_s));
    unsetenv("TZDIR");
    bool there = access("/usr/share/zoneinfo/America/New_York", R_OK) == 0;
    assert_int_equal(tzfile_offset("America/New_York", 0, &offset_s), there);
    setenv("TZDIR", folder, 1);
    assert_false(tzfile_offset("America/New_York", 0, &offset_s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transitions_hold_from_their_second_on),
        cmocka_unit_test(rules_agree_with_the_c_library),
        cmocka_unit_test(summer_time_may_last_all_year),
        cmocka_unit_test(a_file_cut_short_anywhere_is_unknown),
        cmocka_unit_test(a_file_with_any_byte_changed_does_no_harm),
        cmocka_unit_test(broken_rules_are_unknown),
        cmocka_unit_test(a_change_of_tzdir_is_noticed),
    };
    return cmocka_run_group_tests_name("tzfile", tests, make_folder, remove_folder);
}
