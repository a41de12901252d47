#include "io/zip.h"

#include <fcntl.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

extern char **environ;

enum { CAP = 8 * 1024 * 1024, ALL = 60000 };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char sentence[] = "Section 101, row 12, 4 tickets, 178.60 each; section 102, row 7, 2 "
                               "tickets, 178.60 each. é\n";

/* The sentence, nothing, and five million zeros, packed by node's brotli. */
static const uint8_t brotli_sentence[] = {
    0x1b, 0x5b, 0x00, 0x00, 0x44, 0xdd, 0xd6, 0x5f, 0xd2, 0xe8, 0xe7, 0x7c, 0x43, 0xbc,
    0x60, 0x0d, 0x82, 0x06, 0x63, 0xb6, 0x64, 0x9d, 0x72, 0x20, 0x31, 0xa5, 0xd8, 0xd6,
    0x16, 0x70, 0x12, 0xf8, 0x41, 0xfc, 0xb0, 0x01, 0x27, 0x81, 0x37, 0xaf, 0xef, 0x86,
    0xfa, 0x30, 0xe9, 0xd8, 0xeb, 0x82, 0x72, 0xb4, 0x3b, 0x28, 0x2e, 0x6b, 0x44, 0x4f,
    0x64, 0x6e, 0xe2, 0x08, 0x50, 0x0a, 0x2a, 0xcd, 0x0f, 0xea, 0x7f, 0x06};
static const uint8_t brotli_nothing[] = {0x3b};
static const uint8_t brotli_zeros[] = {0x9b, 0x3f, 0x4b, 0x4c, 0xf8, 0x27, 0x00,
                                       0xe2, 0xb1, 0x40, 0x20, 0x5f, 0x88, 0x09};

/* A text that packs into all three kinds of deflate blocks: words, then noise, then zeros. */
static void make_text(struct buf *text)
{
    uint64_t noise = UINT64_C(0x9e3779b97f4a7c15);
    buf_init(text, CAP);
    while (text->length < ALL / 3)
        buf_printf(text, "{\"row\":\"%zu\",\"price\":\"%zu.60\"},", text->length % 97,
                   text->length % 811);
    while (text->length < 2 * ALL / 3) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        buf_add(text, &noise, sizeof noise);
    }
    while (text->length < ALL)
        buf_putc(text, '\0');
}

typedef bool pack(const void *bytes, size_t length, int level, struct buf *out);

static const struct packing {
    enum zip_format format;
    pack *pack;
    int level;
} packings[] = {
    {ZIP_GZIP, zip_pack_gzip, 1}, {ZIP_GZIP, zip_pack_gzip, 6},  {ZIP_GZIP, zip_pack_gzip, 12},
    {ZIP_ZSTD, zip_pack_zstd, 1}, {ZIP_ZSTD, zip_pack_zstd, 22},
};

/* Unpacks a copy that ends where the bytes end, so that the address sanitizer sees one byte too
 * many. */
static enum zip_result unpack(enum zip_format format, const void *bytes, size_t length,
                              struct buf *out)
{
    AUTO_FREE char *copy = mem_alloc(length, 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    return zip_unpack(format, copy, length, out);
}

static void assert_holds(const struct buf *out, const void *bytes, size_t length)
{
    assert_int_equal(out->length, length);
    assert_memory_equal(buf_text(out), bytes, length);
    assert_int_equal(buf_text(out)[length], '\0');
}

static void what_was_packed_comes_back(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    make_text(&text);
    for (size_t i = 0; i < COUNT(packings); i++) {
        size_t lengths[] = {0, 1, 7, 100, ALL / 3, text.length};
        for (size_t l = 0; l < COUNT(lengths); l++) {
            AUTO_BUF struct buf packed, out;
            buf_init(&packed, CAP);
            buf_init(&out, CAP);
            buf_puts(&out, "what was there before");
            assert_true(packings[i].pack(text.data, lengths[l], packings[i].level, &packed));
            assert_int_equal(zip_sniff(packed.data, packed.length), packings[i].format);
            assert_int_equal(unpack(packings[i].format, packed.data, packed.length, &out), ZIP_OK);
            assert_holds(&out, text.data, lengths[l]);
        }
    }
}

static void brotli_is_unpacked(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, CAP);
    assert_int_equal(unpack(ZIP_BROTLI, brotli_sentence, sizeof brotli_sentence, &out), ZIP_OK);
    assert_holds(&out, sentence, sizeof sentence - 1);
    assert_int_equal(unpack(ZIP_BROTLI, brotli_zeros, sizeof brotli_zeros, &out), ZIP_OK);
    assert_int_equal(out.length, 5000000);
    assert_int_equal(unpack(ZIP_BROTLI, brotli_nothing, sizeof brotli_nothing, &out), ZIP_OK);
    assert_int_equal(out.length, 0);
}

static void plain_bytes_are_copied(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 5);
    assert_int_equal(zip_unpack(ZIP_NONE, "a\0bcd", 5, &out), ZIP_OK);
    assert_holds(&out, "a\0bcd", 5);
    assert_int_equal(zip_unpack(ZIP_NONE, "abcdef", 6, &out), ZIP_TOO_BIG);
    assert_int_equal(zip_unpack(ZIP_NONE, NULL, 0, &out), ZIP_OK);
    assert_int_equal(out.length, 0);
}

static void formats_are_known_by_their_first_bytes(void **state)
{
    (void)state;
    assert_int_equal(zip_sniff("\x1f\x8b\x08", 3), ZIP_GZIP);
    assert_int_equal(zip_sniff("\x28\xb5\x2f\xfd\x00", 5), ZIP_ZSTD);
    assert_int_equal(zip_sniff("\x1f", 1), ZIP_NONE);
    assert_int_equal(zip_sniff("\x28\xb5\x2f", 3), ZIP_NONE);
    assert_int_equal(zip_sniff("{\"a\":1}", 7), ZIP_NONE);
    assert_int_equal(zip_sniff(NULL, 0), ZIP_NONE);
}

/* --- cut short --- */

static void assert_every_cut_is_noticed(enum zip_format format, const void *bytes, size_t length)
{
    AUTO_BUF struct buf out;
    buf_init(&out, CAP);
    size_t stride = length > 5000 ? 499 : 1;
    for (size_t cut = 0; cut<length; cut += length - cut> 200 && cut > 600 ? stride : 1) {
        enum zip_result result = unpack(format, bytes, cut, &out);
        if (result != ZIP_TRUNCATED)
            fail_msg("cut at %zu of %zu is %s", cut, length, zip_result_text(result));
    }
}

static void a_cut_is_noticed_wherever_it_is(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    make_text(&text);
    for (size_t i = 0; i < COUNT(packings); i++) {
        static const size_t starts[] = {0, 0, ALL / 3, 2 * ALL / 3,
                                        0}; /* words, noise, zeros, all */
        static const size_t lengths[] = {10, 1500, 800, ALL / 3, ALL};
        for (size_t l = 0; l < COUNT(lengths); l++) {
            AUTO_BUF struct buf packed;
            buf_init(&packed, CAP);
            assert_true(
                packings[i].pack(text.data + starts[l], lengths[l], packings[i].level, &packed));
            assert_every_cut_is_noticed(packings[i].format, packed.data, packed.length);
        }
    }
    assert_every_cut_is_noticed(ZIP_BROTLI, brotli_sentence, sizeof brotli_sentence);
    assert_every_cut_is_noticed(ZIP_BROTLI, brotli_zeros, sizeof brotli_zeros);
    assert_every_cut_is_noticed(ZIP_BROTLI, brotli_nothing, sizeof brotli_nothing);
}

/* RFC 1952 allows much before the first block. */
static void put_long_header(struct buf *out)
{
    buf_add(out, "\x1f\x8b\x08\x1e\x01\x02\x03\x04\x00\x03", 10); /* no header check yet */
    buf_add(out,
            "\x05\x00"
            "extra",
            7);
    buf_add(out, "listings.json", 14);
    buf_add(out, "a comment", 10);
}

static void a_gzip_with_every_header_field_is_read_and_its_cuts_noticed(void **state)
{
    (void)state;
    AUTO_BUF struct buf packed, whole, out;
    buf_init(&packed, CAP);
    buf_init(&whole, CAP);
    buf_init(&out, CAP);
    assert_true(zip_pack_gzip(sentence, sizeof sentence - 1, 6, &packed));
    put_long_header(&whole);
    buf_add(&whole, "\0\0", 2); /* its checksum, which libdeflate does not look at */
    buf_add(&whole, packed.data + 10, packed.length - 10);
    assert_int_equal(unpack(ZIP_GZIP, whole.data, whole.length, &out), ZIP_OK);
    assert_holds(&out, sentence, sizeof sentence - 1);
    assert_every_cut_is_noticed(ZIP_GZIP, whole.data, whole.length);
}

/* --- damaged --- */

static void a_changed_byte_never_changes_the_text(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    make_text(&text);
    for (size_t i = 0; i < COUNT(packings); i++) {
        AUTO_BUF struct buf packed, out;
        buf_init(&packed, CAP);
        buf_init(&out, CAP);
        assert_true(packings[i].pack(text.data, 3000, packings[i].level, &packed));
        for (size_t at = 0; at < packed.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                packed.data[at] = (char)(packed.data[at] ^ (1 << bit));
                enum zip_result result =
                    unpack(packings[i].format, packed.data, packed.length, &out);
                if (result == ZIP_OK) /* a field that says nothing of the text, such as the time */
                    assert_holds(&out, text.data, 3000);
                packed.data[at] = (char)(packed.data[at] ^ (1 << bit));
            }
        }
    }
}

static void damage_is_told_from_a_cut(void **state)
{
    (void)state;
    AUTO_BUF struct buf packed, out;
    buf_init(&packed, CAP);
    buf_init(&out, CAP);
    assert_true(zip_pack_gzip(sentence, sizeof sentence - 1, 6, &packed));
    static const size_t places[] = {0, 1, 2, 3}; /* magic, method, reserved flags */
    for (size_t i = 0; i < COUNT(places); i++) {
        packed.data[places[i]] ^= (char)0xe0;
        assert_int_equal(unpack(ZIP_GZIP, packed.data, packed.length, &out), ZIP_CORRUPT);
        packed.data[places[i]] ^= (char)0xe0;
    }
    for (size_t from_end = 1; from_end <= 8; from_end++) { /* length and checksum */
        packed.data[packed.length - from_end] ^= 1;
        assert_int_equal(unpack(ZIP_GZIP, packed.data, packed.length, &out), ZIP_CORRUPT);
        packed.data[packed.length - from_end] ^= 1;
    }
    packed.data[10] |= 6; /* a kind of block that does not exist */
    assert_int_equal(unpack(ZIP_GZIP, packed.data, packed.length, &out), ZIP_CORRUPT);
    static const char stored[] = "\x1f\x8b\x08\0\0\0\0\0\0\3\1\2\0\0\0ab12345678";
    assert_int_equal(unpack(ZIP_GZIP, stored, sizeof stored - 1, &out), ZIP_CORRUPT);
    static const char json[] = "{\"not\": \"packed at all\", \"but\": \"long enough to look at\"}";
    for (size_t i = 0; i < COUNT(packings); i++)
        assert_int_equal(unpack(packings[i].format, json, sizeof json - 1, &out), ZIP_CORRUPT);
    assert_int_equal(unpack(ZIP_BROTLI, json, sizeof json - 1, &out), ZIP_CORRUPT);
}

static void bytes_after_the_end_are_noticed(void **state)
{
    (void)state;
    static const char zeros[512], words[] = "\n<html>error</html>";
    AUTO_BUF struct buf out;
    buf_init(&out, CAP);
    for (size_t i = 0; i <= COUNT(packings); i++) {
        size_t counts[] = {1, 2, 3, 4, 8, 18, sizeof words - 1};
        for (size_t c = 0; c < 2 * COUNT(counts); c++) {
            AUTO_BUF struct buf packed;
            buf_init(&packed, CAP);
            if (i == COUNT(packings))
                buf_add(&packed, brotli_sentence, sizeof brotli_sentence);
            else
                packings[i].pack(sentence, sizeof sentence - 1, packings[i].level, &packed);
            buf_add(&packed, c % 2 ? zeros : words, counts[c / 2]);
            enum zip_format format = i == COUNT(packings) ? ZIP_BROTLI : packings[i].format;
            enum zip_result result = unpack(format, packed.data, packed.length, &out);
            if (result != ZIP_CORRUPT)
                fail_msg("format %d with %zu bytes more is %s", (int)format, counts[c / 2],
                         zip_result_text(result));
        }
    }
}

static void members_after_each_other_are_one_text(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    make_text(&text);
    for (size_t i = 0; i < COUNT(packings); i++) {
        const struct packing *p = &packings[i];
        AUTO_BUF struct buf packed, out;
        buf_init(&packed, CAP);
        buf_init(&out, CAP);
        p->pack(text.data, ALL - 10, p->level, &packed);
        p->pack("", 0, p->level, &packed);
        p->pack(text.data + ALL - 10, text.length - (ALL - 10), p->level, &packed);
        assert_int_equal(unpack(p->format, packed.data, packed.length, &out), ZIP_OK);
        assert_holds(&out, text.data, text.length);
        assert_int_equal(unpack(p->format, packed.data, packed.length - 1, &out), ZIP_TRUNCATED);
    }
}

/* --- caps --- */

static void the_cap_holds_to_the_byte(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    make_text(&text);
    for (size_t i = 0; i < COUNT(packings); i++) {
        size_t lengths[] = {1, 100, text.length};
        for (size_t l = 0; l < COUNT(lengths); l++) {
            AUTO_BUF struct buf packed, exact, short_of;
            buf_init(&packed, CAP);
            buf_init(&exact, lengths[l]);
            buf_init(&short_of, lengths[l] - 1);
            packings[i].pack(text.data, lengths[l], packings[i].level, &packed);
            enum zip_format format = packings[i].format;
            assert_int_equal(unpack(format, packed.data, packed.length, &exact), ZIP_OK);
            assert_holds(&exact, text.data, lengths[l]);
            assert_int_equal(unpack(format, packed.data, packed.length, &short_of), ZIP_TOO_BIG);
        }
    }
    AUTO_BUF struct buf exact, short_of;
    buf_init(&exact, sizeof sentence - 1);
    buf_init(&short_of, sizeof sentence - 2);
    assert_int_equal(zip_unpack(ZIP_BROTLI, brotli_sentence, sizeof brotli_sentence, &exact),
                     ZIP_OK);
    assert_int_equal(zip_unpack(ZIP_BROTLI, brotli_sentence, sizeof brotli_sentence, &short_of),
                     ZIP_TOO_BIG);
}

static void a_bomb_stays_under_the_cap(void **state)
{
    (void)state;
    enum { BOMB = 64 * 1024 * 1024, BOMB_CAP = 1024 * 1024 };
    AUTO_FREE char *zeros = mem_alloc(BOMB, 1);
    for (size_t i = 0; i < COUNT(packings); i++) {
        AUTO_BUF struct buf packed, out;
        buf_init(&packed, CAP);
        buf_init(&out, BOMB_CAP);
        assert_true(packings[i].pack(zeros, BOMB, packings[i].level < 3 ? 1 : 3, &packed));
        assert_int_equal(unpack(packings[i].format, packed.data, packed.length, &out), ZIP_TOO_BIG);
        assert_true(out.capacity <= BOMB_CAP + 1);
    }
    AUTO_BUF struct buf out;
    buf_init(&out, BOMB_CAP);
    assert_int_equal(unpack(ZIP_BROTLI, brotli_zeros, sizeof brotli_zeros, &out), ZIP_TOO_BIG);
    assert_true(out.capacity <= BOMB_CAP + 1);
}

static void a_window_larger_than_ours_is_refused(void **state)
{
    (void)state;
    static const char frame[] = "\x28\xb5\x2f\xfd\x00\xa0\x09\x00\x00"
                                "a"; /* 2^30, one byte */
    AUTO_BUF struct buf out;
    buf_init(&out, CAP);
    assert_int_equal(unpack(ZIP_ZSTD, frame, sizeof frame - 1, &out), ZIP_CORRUPT);
}

static void packing_stops_at_the_cap(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    make_text(&text);
    for (size_t i = 0; i < COUNT(packings); i++) {
        AUTO_BUF struct buf none, small;
        buf_init(&none, 0);
        buf_init(&small, 100);
        assert_false(packings[i].pack(text.data, text.length, packings[i].level, &none));
        assert_false(packings[i].pack(text.data, text.length, packings[i].level, &small));
        assert_true(small.overflow);
        assert_int_equal(small.length, 0);
    }
}

static void each_result_has_a_sentence(void **state)
{
    (void)state;
    assert_string_equal(zip_result_text(ZIP_TRUNCATED), "cut short");
    assert_string_equal(zip_result_text(ZIP_CORRUPT), "damaged");
    assert_string_equal(zip_result_text(ZIP_TOO_BIG), "too big");
    assert_string_equal(zip_result_text(ZIP_OK), "whole");
}

/* --- by the tools that everyone has --- */

/* Runs `tool` from one file to another; false when there is no such tool. */
static bool run_tool(const char *tool, const char *flags, const char *input, const char *output)
{
    const char *const arguments[] = {tool, flags, NULL};
    posix_spawn_file_actions_t files;
    pid_t pid;
    int status = -1;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_TRUNC, 0);
    if (posix_spawnp(&pid, tool, &files, NULL, (char *const *)arguments, environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&files);
    return status == 0;
}

static void the_common_tools_read_and_write_the_same(void **state)
{
    (void)state;
    static const struct {
        const char *tool;
        const struct packing *packing;
    } tools[] = {{"gzip", &packings[2]}, {"zstd", &packings[4]}};
    AUTO_BUF struct buf text;
    make_text(&text);
    int ran = 0;
    for (size_t i = 0; i < COUNT(tools); i++) {
        char input[] = "/tmp/tws-zip-in.XXXXXX", output[] = "/tmp/tws-zip-out.XXXXXX";
        int in = mkstemp(input), out = mkstemp(output);
        AUTO_BUF struct buf packed, back;
        buf_init(&packed, CAP);
        buf_init(&back, CAP);
        tools[i].packing->pack(text.data, text.length, tools[i].packing->level, &packed);
        assert_int_equal(write(in, packed.data, packed.length), packed.length);
        if (run_tool(tools[i].tool, "-dc", input, output)) {
            char *to = buf_reserve(&back, ALL + 100);
            back.length = (size_t)read(out, to, ALL + 100);
            assert_holds(&back, text.data, text.length);
            assert_true(run_tool(tools[i].tool, "-c", output, input));
            buf_reset(&packed);
            to = buf_reserve(&packed, 2 * ALL);
            packed.length = (size_t)pread(in, to, 2 * ALL, 0);
            assert_int_equal(unpack(tools[i].packing->format, packed.data, packed.length, &back),
                             ZIP_OK);
            assert_holds(&back, text.data, text.length);
            ran++;
        }
        close(in);
        close(out);
        unlink(input);
        unlink(output);
    }
    if (ran == 0)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_back),
        cmocka_unit_test(brotli_is_unpacked),
        cmocka_unit_test(plain_bytes_are_copied),
        cmocka_unit_test(formats_are_known_by_their_first_bytes),
        cmocka_unit_test(a_cut_is_noticed_wherever_it_is),
        cmocka_unit_test(a_gzip_with_every_header_field_is_read_and_its_cuts_noticed),
        cmocka_unit_test(a_changed_byte_never_changes_the_text),
        cmocka_unit_test(damage_is_told_from_a_cut),
        cmocka_unit_test(bytes_after_the_end_are_noticed),
        cmocka_unit_test(members_after_each_other_are_one_text),
        cmocka_unit_test(the_cap_holds_to_the_byte),
        cmocka_unit_test(a_bomb_stays_under_the_cap),
        cmocka_unit_test(a_window_larger_than_ours_is_refused),
        cmocka_unit_test(packing_stops_at_the_cap),
        cmocka_unit_test(each_result_has_a_sentence),
        cmocka_unit_test(the_common_tools_read_and_write_the_same),
    };
    return cmocka_run_group_tests_name("zip", tests, NULL, NULL);
}
