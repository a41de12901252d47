#include "io/json.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
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

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "base/mem.h"

extern char **environ;

struct text {
    const char *bytes;
    size_t length;
};

#define T(literal)                                                                                 \
    {                                                                                              \
        literal, sizeof literal - 1                                                                \
    }
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Checks a copy that ends where the text ends, so that the address sanitizer sees one byte too
 * many. */
static bool is_json(const char *bytes, size_t length, struct err *err)
{
    AUTO_FREE char *copy = mem_alloc(length, 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    bool ok = json_check(copy, length, err);
    AUTO_JSON struct json_doc doc;
    struct err parse_err = {0};
    bool parsed = json_parse(&doc, copy, length, &parse_err);
    if (parsed != ok)
        fail_msg("%.*s: checked %d, parsed %d: %s", (int)length, bytes, ok, parsed, parse_err.text);
    return ok;
}

static const struct text taken[] = {
    T("[[]   ]"),
    T("[\"\"]"),
    T("[]"),
    T("[\"a\"]"),
    T("[false]"),
    T("[null, 1, \"1\", {}]"),
    T("[null]"),
    T("[1\n]"),
    T(" [1]"),
    T("[1,null,null,null,2]"),
    T("[2] "),
    T("[123e65]"),
    T("[0e+1]"),
    T("[0e1]"),
    T("[ 4]"),
    T("[-0.00000000000000000000000000000000000000000000000000000000000000000000000000000001]"),
    T("[20e1]"),
    T("[-0]"),
    T("[-123]"),
    T("[-1]"),
    T("[1E22]"),
    T("[1E-2]"),
    T("[1E+2]"),
    T("[123.456e78]"),
    T("[123.456789]"),
    T("[1e999]"),
    T("[123456789012345678901234567890]"),
    T("{\"asd\":\"sdf\", \"dfg\":\"fgh\"}"),
    T("{\"a\":\"b\",\"a\":\"c\"}"),
    T("{}"),
    T("{\"\":0}"),
    T("{\"foo\\u0000bar\": 42}"),
    T("{ \"min\": -1.0e+28, \"max\": 1.0e+28 }"),
    T("{\"x\":[{\"id\": \"xx\"}], \"id\": \"xx\"}"),
    T("{\n\"a\": \"b\"\n}"),
    T("[\"\\u0060\\u012a\\u12AB\"]"),
    T("[\"\\uD801\\udc37\"]"),
    T("[\"\\ud83d\\ude39\\ud83d\\udc8d\"]"),
    T("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]"),
    T("[\"\\\\u0000\"]"),
    T("[\"\\u0000\"]"),
    T("[\"a/*b*/c/*d//e\"]"),
    T("[\"\\uDBFF\\uDFFF\"]"),
    T("[\"new\\u00A0line\"]"),
    T("[\"\xef\xbf\xbf\"]"),
    T("[\"\xf0\x9b\xbf\xbf\"]"),
    T("[\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"]"),
    T("[\"\x7f\"]"),
    T("[\"\xe2\x80\xa8\xe2\x80\xa9\"]"),
    T("42"),
    T("-0.1"),
    T("null"),
    T("true"),
    T("false"),
    T("\"\""),
    T("\"asd\""),
    T("[true]"),
    T("[\"a\"]\n"),
    T(" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n"),
    T("{\"a\" : {\"b\" : [ ] } }"),
    /* implementation defined: taken, and read as U+FFFD */
    T("[\"\\uDADA\"]"),
    T("[\"\\uD888\\u1234\"]"),
    T("[\"\\uDC00\\uD800\"]"),
    T("[\"\\uD800\\uD800\\n\"]"),
};

static const struct text refused[] = {
    /* values and arrays */
    T(""),
    T(" "),
    T("[1 true]"),
    T("[a\xe5]"),
    T("[\"\": 1]"),
    T("[\"\"],"),
    T("[,1]"),
    T("[1,,2]"),
    T("[\"x\",,]"),
    T("[\"x\"]]"),
    T("[\"\","),
    T("[\"x\""),
    T("[x"),
    T("[3[4]]"),
    T("[\xff]"),
    T("[1:2]"),
    T("[,]"),
    T("[-]"),
    T("[   , \"\"]"),
    T("[\"a\",\n4\n,1,"),
    T("[1,]"),
    T("[1,,]"),
    T("[\"\va\"\\f]"),
    T("[*]"),
    T("[1,\n1\n,1"),
    T("[{}"),
    T("[fals]"),
    T("[nul]"),
    T("[tru]"),
    T("[True]"),
    T("[nulll]"),
    T("123\0"),
    T("[1]\0"),
    /* numbers */
    T("[++1234]"),
    T("[+1]"),
    T("[+Inf]"),
    T("[-01]"),
    T("[-1.0.]"),
    T("[-2.]"),
    T("[-NaN]"),
    T("[.-1]"),
    T("[.2e-3]"),
    T("[0.1.2]"),
    T("[0.3e+]"),
    T("[0.3e]"),
    T("[0.e1]"),
    T("[0E+]"),
    T("[0E]"),
    T("[0e+]"),
    T("[1.0e+]"),
    T("[1.0e-]"),
    T("[1 000.0]"),
    T("[1eE2]"),
    T("[2.e+3]"),
    T("[2.e-3]"),
    T("[2.e3]"),
    T("[9.e+]"),
    T("[Inf]"),
    T("[NaN]"),
    T("[\xef\xbc\x91]"),
    T("[1+2]"),
    T("[0x1]"),
    T("[0x42]"),
    T("[Infinity]"),
    T("[-Infinity]"),
    T("[0e+-1]"),
    T("[-123.123foo]"),
    T("[123\xe5]"),
    T("[1e1\xe5]"),
    T("[0\xe5]"),
    T("[-1x]"),
    T("[1.2a-3]"),
    T("[1.8011670033376514H-308]"),
    T("[012]"),
    T("[- 1]"),
    T("[1_000]"),
    T("-"),
    T("1."),
    T("1e"),
    /* objects */
    T("[\"x\", truth]"),
    T("{[: \"x\"}\n"),
    T("{\"x\", null}"),
    T("{\"x\"::\"b\"}"),
    T("{\xf0\x9f\x87\xa8\xf0\x9f\x87\xad}"),
    T("{\"a\":\"a\" 123}"),
    T("{key: 'value'}"),
    T("{\"\xb9\":\"0\",}"),
    T("{\"a\" b}"),
    T("{:\"b\"}"),
    T("{\"a\" \"b\"}"),
    T("{\"a\":"),
    T("{\"a\""),
    T("{1:1}"),
    T("{9999E9999:1}"),
    T("{null:null,null:null}"),
    T("{\"id\":0,,,,,}"),
    T("{'a':0}"),
    T("{\"id\":0,}"),
    T("{\"a\":\"b\"}/**/"),
    T("{\"a\":\"b\"}//"),
    T("{\"a\":\"b\",,\"c\":\"d\"}"),
    T("{a: \"b\"}"),
    T("{\"a\":\"a"),
    T("{ \"foo\" : \"bar\", \"a\" }"),
    T("{\"a\":\"b\"}#"),
    T("{,}"),
    T("{\"a\":}"),
    T("{]"),
    T("[}"),
    T("{\"a\":1]"),
    /* strings */
    T("[\"\\uD800\\\"]"),
    T("[\"\\uD800\\u\"]"),
    T("[\"\\uD800\\u1\"]"),
    T("[\"\\uD800\\u1x\"]"),
    T("[\xc3\xa9]"),
    T("[\"\\\0\"]"),
    T("[\"\\\\\\\"]"),
    T("[\"\\\t\"]"),
    T("[\"\\\xf0\x9f\x8c\x80\"]"),
    T("[\"\\\"]"),
    T("[\"\\u00A\"]"),
    T("[\"\\uD834\\uDd\"]"),
    T("[\"\\uD800\\uD800\\x\"]"),
    T("[\"\\a\"]"),
    T("[\"\\uqqqq\"]"),
    T("[\"\\x00\"]"),
    T("[\"\\U0041\"]"),
    T("[\\n]"),
    T("['single quote']"),
    T("abc"),
    T("[\"\\"),
    T("[\"a\0a\"]"),
    T("[\"new\nline\"]"),
    T("[\"\t\"]"),
    T("[\"\x1f\"]"),
    T("\"\\UA66D\""),
    T("\""),
    T("\"x"),
    T("\"12345678"),
    /* UTF-8 */
    T("[\"\xff\"]"),
    T("[\"\x80\"]"),
    T("[\"\xc0\xaf\"]"),
    T("[\"\xc1\xbf\"]"),
    T("[\"\xe0\x9f\xbf\"]"),
    T("[\"\xed\xa0\x80\"]"),
    T("[\"\xed\xbf\xbf\"]"),
    T("[\"\xf0\x8f\xbf\xbf\"]"),
    T("[\"\xf4\x90\x80\x80\"]"),
    T("[\"\xf5\x80\x80\x80\"]"),
    T("[\"\xfc\x83\xbf\xbf\xbf\xbf\"]"),
    T("[\"\xe2\x82\"]"),
    T("[\"\xc3\"]"),
    T("[\"\xc3"),
    T("[\"\xe2\x82"),
    T("[\"\xf0\x9f\x98"),
    T("[\"\xe2\x28\xa1\"]"),
    T("[\"\xf0\x28\x8c\xbc\"]"),
    /* structure */
    T("<.>"),
    T("[<null>]"),
    T("[1]x"),
    T("[1]]"),
    T("[\"asd]"),
    T("a\xc3\xa5"),
    T("[True]"),
    T("1]"),
    T("{\"x\": true,"),
    T("[][]"),
    T("]"),
    T("\xef\xbb\xbf{}"),
    T("\xef\xbb\xbf"),
    T("\xef\xbb"),
    T("\xe5"),
    T("["),
    T("2@"),
    T("{}}"),
    T("{\"\":"),
    T("{\"a\":/*comment*/\"b\"}"),
    T("{\"a\": true} \"x\""),
    T("['"),
    T("[,"),
    T("[{"),
    T("[\"a"),
    T("[\"a\""),
    T("{"),
    T("{,"),
    T("{'a'"),
    T("{[\"\""),
    T("{\"a\""),
    T("{\"a\":1 \"b\":2}"),
    T("*"),
    T("{\"a\":\"b\"}#{}"),
    T("[\\u000A\"\"]"),
    T("[1"),
    T("[ false, nul"),
    T("[ true, fals"),
    T("[ false, tru"),
    T("{\"asd\":\"asd\""),
    T("\xc3\xa5"),
    T("[\xe2\x81\xa0]"),
    T("[\f]"),
    T("[\xc2\xa0]"),
    T("1 2"),
    T("null\v"),
    T("{} {}"),
};

static void every_form_of_json_is_taken(void **state)
{
    (void)state;
    struct err err = {0};
    for (size_t i = 0; i < COUNT(taken); i++)
        if (!is_json(taken[i].bytes, taken[i].length, &err))
            fail_msg("%s: %s", taken[i].bytes, err.text);
}

static void whatever_is_not_json_is_refused_with_an_offset(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        struct err err = {0};
        if (is_json(refused[i].bytes, refused[i].length, &err))
            fail_msg("taken: %s", refused[i].bytes);
        assert_int_equal(err.code, ERR_USAGE);
        assert_int_equal(strncmp(err.text, "byte ", 5), 0);
        assert_in_range(strtoul(err.text + 5, NULL, 10), 0, refused[i].length);
    }
}

/* A string decides the same wherever it lies: eight bytes are looked at together. */
static void strings_are_judged_alike_at_every_alignment(void **state)
{
    (void)state;
    struct err err = {0};
    char text[80];
    for (int before = 0; before < 20; before++) {
        for (int after = 0; after < 20; after++) {
            for (int c = 0; c < 256; c++) {
                memset(text, 'x', sizeof text);
                text[0] = '"';
                text[1 + before] = (char)c;
                text[2 + before + after] = '"';
                bool ok = json_check(text, (size_t)(3 + before + after), &err);
                bool plain = c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
                if (ok != plain)
                    fail_msg("byte %02x after %d", (unsigned)c, before);
            }
        }
    }
}

static void the_error_names_the_byte_and_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"", "byte 0: the text ends too early"},
        {"\xef\xbb\xbf{}", "byte 0: a byte order mark"},
        {"{\"a\": \"x\ty\"}", "byte 8: control character in a string"},
        {"[1, 02]", "byte 5: a number has a leading zero"},
        {"[1.]", "byte 3: a digit is wanted"},
        {"[1, 2", "byte 5: the text ends too early"},
        {"[1] 2", "byte 4: something follows the value"},
        {"{\"a\" 1}", "byte 5: ':' is wanted"},
        {"{a:1}", "byte 1: a key in quotes is wanted"},
        {"[1 2]", "byte 3: ',' or ']' is wanted"},
        {"{\"a\":1]", "byte 6: ',' or '}' is wanted"},
        {"[\"\\x\"]", "byte 3: unknown escape in a string"},
        {"[\"\\u12g4\"]", "byte 6: four hexadecimal digits are wanted after \\u"},
        {"[\"ab\xff\"]", "byte 4: ill-formed UTF-8"},
        {"[nil]", "byte 2: neither true, false nor null"},
        {"[?]", "byte 1: a value is wanted"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct err err = {0};
        struct json_doc doc = {0};
        assert_false(json_check(cases[i].text, strlen(cases[i].text), &err));
        assert_string_equal(err.text, cases[i].error);
        assert_false(json_parse(&doc, cases[i].text, strlen(cases[i].text), &err));
        assert_string_equal(err.text, cases[i].error);
        assert_null(doc.root);
    }
}

static char *nested(size_t depth, const char *open, const char *close)
{
    char *text = mem_alloc(depth * (strlen(open) + strlen(close)) + 2, 1);
    char *end = text;
    for (size_t i = 0; i < depth; i++)
        end = stpcpy(end, open);
    end = stpcpy(end, "1");
    for (size_t i = 0; i < depth; i++)
        end = stpcpy(end, close);
    return text;
}

static void nesting_is_limited(void **state)
{
    (void)state;
    static const struct {
        const char *open, *close;
    } kinds[] = {{"[", "]"}, {"{\"\":", "}"}, {"[{\"a\":", "}]"}};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        size_t deepest = i == 2 ? JSON_DEPTH_MAX / 2 : JSON_DEPTH_MAX;
        size_t depths[] = {1, deepest, deepest + 1, 1000, 100000};
        for (size_t d = 0; d < COUNT(depths); d++) {
            struct err err = {0};
            AUTO_FREE char *text = nested(depths[d], kinds[i].open, kinds[i].close);
            assert_int_equal(is_json(text, strlen(text), &err), depths[d] <= deepest);
            assert_true(err.code == ERR_NONE || strstr(err.text, "too deeply nested"));
        }
    }
    struct err err = {0};
    AUTO_FREE char *open = mem_alloc(100001, 1);
    memset(open, '[', 100000);
    assert_false(is_json(open, 100000, &err));
    assert_string_equal(err.text, "byte 64: too deeply nested");
}

static const char real_shaped[] =
    "{\n  \"global\": [{\"listingCount\": \"1046\", \"zoned\": \"0\", \"name\": \"Beyonc\xc3\xa9 "
    "\\u2014 "
    "\\ud83c\\udfa4\"}],\n  \"tickets\": [\n    {\"s\": \"Floor \\\"A\\\"\", \"r\": \"12\", \"q\": "
    "\"4\", \"p\": \"178.60\", \"m\": [1, 2, 4], \"x\": -1.5e+3, \"t\": true, \"n\": null},\n    "
    "{\"s\": \"\xe2\x82\xac 100/\\/\", \"d\": {}, \"e\": []}\n  ]\n}";

static void every_prefix_of_a_document_is_refused(void **state)
{
    (void)state;
    struct err err = {0};
    assert_true(is_json(real_shaped, sizeof real_shaped - 1, &err));
    for (size_t length = 0; length < sizeof real_shaped - 1; length++) {
        assert_false(is_json(real_shaped, length, &err));
        if (strncmp(err.text, "byte ", 5) != 0)
            fail_msg("%s", err.text);
    }
}

/* --- against a checker that others wrote --- */

struct random {
    uint64_t state;
};

static size_t below(struct random *random, size_t limit)
{
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (size_t)(random->state % limit);
}

/* Changes a document a little; `text` has room for 64 bytes more. Returns the new length. */
static size_t mutate(struct random *random, char *text, size_t length)
{
    static const char likely[] =
        "{}[]:,\"\\u0123456789.eE+-tfn \t\n\r\x01\x7f\x80\xbf\xc3\xe2\xed\xf0\xff'/";
    for (size_t changes = 1 + below(random, 3); changes > 0 && length > 0; changes--) {
        size_t at = below(random, length);
        size_t run = 1 + below(random, 8);
        switch (below(random, 4)) {
        case 0:
            text[at] = likely[below(random, sizeof likely)];
            break;
        case 1:
            run = run < length - at ? run : length - at;
            memmove(text + at, text + at + run, length - at - run);
            length -= run;
            break;
        case 2:
            memmove(text + at + 1, text + at, length - at);
            text[at] = likely[below(random, sizeof likely)];
            length++;
            break;
        default:
            run = run < length - at ? run : length - at;
            memmove(text + at + run, text + at, length - at);
            length += run;
            break;
        }
    }
    return length;
}

static const char oracle[] = "import json, struct, sys\n"
                             "def refuse(word): raise ValueError(word)\n"
                             "data, out, at = open(sys.argv[1], 'rb').read(), [], 0\n"
                             "while at < len(data):\n"
                             "    size, = struct.unpack_from('=I', data, at)\n"
                             "    text, at = data[at + 4:at + 4 + size], at + 4 + size\n"
                             "    try:\n"
                             "        json.loads(text.decode('utf-8'), parse_constant=refuse)\n"
                             "        out.append('1')\n"
                             "    except (ValueError, RecursionError):\n"
                             "        out.append('0')\n"
                             "open(sys.argv[2], 'w').write(''.join(out))\n";

static bool run_oracle(const char *input, const char *output)
{
    const char *const arguments[] = {"python3", "-c", oracle, input, output, NULL};
    posix_spawn_file_actions_t quiet;
    pid_t pid;
    int status = -1;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, "python3", &quiet, NULL, (char *const *)arguments, environ) == 0)
        waitpid(pid, &status, 0);
    posix_spawn_file_actions_destroy(&quiet);
    return status == 0;
}

static void random_changes_are_judged_as_python_judges_them(void **state)
{
    (void)state;
    enum { CHANGES = 5000 };
    static char mine[CHANGES + 1], theirs[CHANGES + 1];
    struct random random = {UINT64_C(0x9e3779b97f4a7c15)};
    char input[] = "/tmp/tws-json-in.XXXXXX", output[] = "/tmp/tws-json-out.XXXXXX";
    int in = mkstemp(input), out = mkstemp(output);
    for (int i = 0; i < CHANGES; i++) {
        char text[sizeof real_shaped + 64];
        struct err err;
        const struct text *base = &taken[below(&random, COUNT(taken))];
        size_t length = i % 2 ? sizeof real_shaped - 1 : base->length;
        memcpy(text, i % 2 ? real_shaped : base->bytes, length);
        length = mutate(&random, text, length);
        mine[i] = is_json(text, length, &err) ? '1' : '0';
        uint32_t size = (uint32_t)length;
        assert_int_equal(write(in, &size, 4), 4);
        assert_int_equal(write(in, text, length), length);
    }
    bool there_is_python = run_oracle(input, output);
    ssize_t got = read(out, theirs, CHANGES);
    close(in);
    close(out);
    unlink(input);
    unlink(output);
    if (!there_is_python)
        skip();
    assert_int_equal(got, CHANGES);
    assert_non_null(strchr(mine, '1'));
    assert_string_equal(mine, theirs);
}

/* --- reading --- */

static const struct json *parsed(struct json_doc *doc, const char *text)
{
    struct err err = {0};
    if (!json_parse(doc, text, strlen(text), &err))
        fail_msg("%s: %s", text, err.text);
    return doc->root;
}

static void values_are_found_and_typed(void **state)
{
    (void)state;
    AUTO_JSON struct json_doc doc = {0};
    const struct json *root =
        parsed(&doc, "{\"s\":\"a\\n\\u00e9\",\"n\":-12,\"r\":1.5,\"t\":true,\"f\":false,\"z\":null,"
                     "\"a\":[1,[],{}],\"o\":{\"k\":0},\"S\":2,\"s\":\"second\"}");
    assert_int_equal(json_type(root), JSON_OBJECT);
    assert_int_equal(json_count(root), 10);
    assert_string_equal(json_string(json_get(root, "s")), "a\n\xc3\xa9"); /* the first counts */
    assert_int_equal(json_type(json_get(root, "t")), JSON_BOOL);
    assert_true(json_bool(json_get(root, "t"), false));
    assert_false(json_bool(json_get(root, "f"), true));
    assert_true(json_bool(json_get(root, "n"), true));
    assert_int_equal(json_type(json_get(root, "z")), JSON_NULL);
    assert_int_equal(json_type(json_get(root, "none")), JSON_NULL);
    assert_null(json_get(root, "none"));
    assert_null(json_get(json_get(root, "a"), "k"));
    assert_null(json_get(NULL, "k"));
    assert_null(json_string(json_get(root, "n")));
    const struct json *array = json_get(root, "a");
    assert_int_equal(json_type(array), JSON_ARRAY);
    assert_int_equal(json_count(array), 3);
    const struct json *element = json_first(array);
    assert_int_equal(json_type(element), JSON_NUMBER);
    assert_null(json_key(element));
    element = json_next(element);
    assert_int_equal(json_type(element), JSON_ARRAY);
    assert_null(json_first(element));
    element = json_next(element);
    assert_int_equal(json_type(element), JSON_OBJECT);
    assert_null(json_next(element));
    assert_null(json_next(NULL));
    assert_null(json_first(json_get(root, "s")));
    assert_int_equal(json_count(json_get(root, "s")), 0);
    assert_string_equal(json_key(json_first(json_get(root, "o"))), "k");
}

static void integers_are_exact_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_int;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"42", true, 42},
        {"-42.0", true, -42},
        {"1e3", true, 1000},
        {"9007199254740991", true, INT64_C(9007199254740991)},
        {"-9007199254740991", true, INT64_C(-9007199254740991)},
        {"9007199254740992", false, 0},
        {"9007199254740993", false, 0}, /* a double cannot tell it from the one before */
        {"1.5", false, 0},
        {"0.1", false, 0},
        {"1e18", false, 0},
        {"1e999", false, 0},
        {"\"1\"", false, 0},
        {"true", false, 0},
        {"null", false, 0},
        {"[1]", false, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        AUTO_JSON struct json_doc doc = {0};
        int64_t value = 77;
        bool is_int = json_int(parsed(&doc, cases[i].text), &value);
        if (is_int != cases[i].is_int || value != (is_int ? cases[i].value : 77))
            fail_msg("%s", cases[i].text);
    }
    int64_t value;
    assert_false(json_int(NULL, &value));
}

static void doubles_are_finite_or_none(void **state)
{
    (void)state;
    double value = 7;
    AUTO_JSON struct json_doc doc = {0};
    const struct json *root = parsed(&doc, "[178.6, -1e999, \"1\"]");
    assert_true(json_real(json_first(root), &value));
    assert_true(value == 178.6);
    assert_false(json_real(json_next(json_first(root)), &value));
    assert_false(json_real(json_next(json_next(json_first(root))), &value));
    assert_true(value == 178.6);
}

static void what_no_string_can_hold_reads_as_the_replacement_character(void **state)
{
    (void)state;
    static const struct {
        const char *text, *string;
    } cases[] = {
        {"\"a\\u0000b\"", "a\xef\xbf\xbd"
                          "b"},
        {"\"\\ud83d\"", "\xef\xbf\xbd"},
        {"\"\\udc00\\ud800\"", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\"\\uD888\\u1234\"", "\xef\xbf\xbd\xe1\x88\xb4"},
        {"\"\\ud800\\ud83d\\ude39\"", "\xef\xbf\xbd\xf0\x9f\x98\xb9"},
        {"\"\\\\ud800\\u0000\"", "\\ud800\xef\xbf\xbd"},
        {"\"\\ud83d\\ude39\\uDE39x\"", "\xf0\x9f\x98\xb9\xef\xbf\xbdx"},
        {"\"\\\\\\ud800\"", "\\\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        AUTO_JSON struct json_doc doc = {0};
        assert_string_equal(json_string(parsed(&doc, cases[i].text)), cases[i].string);
    }
    AUTO_JSON struct json_doc doc = {0};
    assert_non_null(json_get(parsed(&doc, "{\"a\\u0000\":1}"), "a\xef\xbf\xbd"));
}

static void note(void *context, const char *key, const struct json *value)
{
    int64_t number = -1;
    json_int(value, &number);
    buf_printf(context, "%s=%d;", key, (int)number);
}

/* Versions of the library differ in how long a number may be. */
static void a_long_number_is_read_to_its_end_or_refused(void **state)
{
    (void)state;
    for (int digits = 1; digits <= 300; digits++) {
        char text[400];
        AUTO_JSON struct json_doc doc = {0};
        struct err err = {0};
        double number;
        snprintf(text, sizeof text, "[%0*d.5e-%d]", digits, 0, digits);
        memset(text + 1, '7', (size_t)digits);
        if (json_parse(&doc, text, strlen(text), &err)) {
            assert_true(json_real(json_first(doc.root), &number));
            assert_true(number == strtod(text + 1, NULL));
        } else {
            assert_true(digits > 50);
            assert_non_null(strstr(err.text, "too long a number"));
        }
    }
}

static void fields_are_visited_in_their_order(void **state)
{
    (void)state;
    AUTO_JSON struct json_doc doc = {0};
    AUTO_BUF struct buf seen;
    buf_init(&seen, 1000);
    json_each(parsed(&doc, "{\"b\":1,\"a\":2,\"b\":3}"), note, &seen);
    json_each(json_first(doc.root), note, &seen);
    json_each(NULL, note, &seen);
    assert_string_equal(buf_text(&seen), "b=1;a=2;b=3;");
}

/* --- memory --- */

static void the_text_may_go_once_it_is_parsed(void **state)
{
    (void)state;
    char text[] = "{\"key\":\"value\\n\"}";
    AUTO_JSON struct json_doc doc = {0};
    parsed(&doc, text);
    memset(text, 'x', sizeof text);
    assert_string_equal(json_string(json_get(doc.root, "key")), "value\n");
    assert_string_equal(json_key(json_first(doc.root)), "key");
}

static void memory_serves_one_document_after_another(void **state)
{
    (void)state;
    struct json_doc first = {0}, second = {0};
    parsed(&first, "[1]");
    parsed(&second, "[2]"); /* two at a time have nothing in common */
    struct json_room *room = first.room;
    assert_ptr_not_equal(room, second.room);
    json_release(&second);
    json_release(&first);
    assert_null(first.root);
    json_release(&first);
    parsed(&first, "{\"a\":[1,2,3]}");
    assert_ptr_equal(first.room, room);
    json_release(&first);
}

static void a_text_that_would_take_too_much_memory_is_refused(void **state)
{
    (void)state;
    enum { ELEMENTS = 1000000 };
    struct err err = {0};
    struct json_doc doc = {0};
    AUTO_FREE char *text = mem_alloc(2 * ELEMENTS + 1, 1);
    for (int i = 0; i < ELEMENTS; i++)
        memcpy(text + 2 * i, i == 0 ? "[0" : ",0", 2);
    text[2 * ELEMENTS] = ']';
    assert_true(json_check(text, 2 * ELEMENTS + 1, &err));
    assert_false(json_parse(&doc, text, 2 * ELEMENTS + 1, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_null(doc.root);
    parsed(&doc, "[true]");
    json_release(&doc);
}

static void *parse_many(void *wrong)
{
    for (int i = 0; i < 300; i++) {
        AUTO_JSON struct json_doc doc = {0};
        struct err err;
        if (!json_parse(&doc, real_shaped, sizeof real_shaped - 1, &err))
            return wrong;
        const struct json *ticket = json_first(json_get(doc.root, "tickets"));
        if (strcmp(json_string(json_get(ticket, "p")), "178.60") != 0)
            return wrong;
    }
    return NULL;
}

static void threads_parse_side_by_side(void **state)
{
    pthread_t threads[4];
    for (size_t i = 0; i < COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, parse_many, &threads), 0);
    for (size_t i = 0; i < COUNT(threads); i++) {
        void *wrong = state;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
}

/* --- writing --- */

static void strings_are_written_with_their_escapes(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    assert_true(json_put_string(&out, "a\"b\\c/\b\f\n\r\t\x01\x1f\x7f é\xe2\x82\xac"));
    assert_string_equal(buf_text(&out),
                        "\"a\\\"b\\\\c/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f é\xe2\x82\xac\"");
    buf_reset(&out);
    assert_true(json_put_string(&out, NULL));
    assert_true(json_put_string(&out, ""));
    assert_true(json_put_string(&out, "x\xff\xc3y\xed\xa0\x80"));
    struct err err = {0};
    assert_string_equal(
        buf_text(&out),
        "null\"\"\"x\xef\xbf\xbd\xef\xbf\xbdy\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    assert_true(json_check(buf_text(&out) + 6, out.length - 6, &err));
    AUTO_BUF struct buf small;
    buf_init(&small, 4);
    assert_false(json_put_string(&small, "abcdef"));
}

static void a_written_value_reads_back_the_same(void **state)
{
    (void)state;
    static const char compact[] =
        "{\"s\":\"\\\"\\u0001é\",\"n\":[0,-1,1.5,178.6,0.1,1e+100,"
        "9007199254740991,1e999,-1e999],\"t\":true,\"f\":false,\"z\":null,"
        "\"o\":{},\"a\":[],\"d\":{\"k\":[[1]]}}";
    AUTO_JSON struct json_doc doc = {0};
    AUTO_BUF struct buf out;
    buf_init(&out, 1000);
    assert_true(json_put_value(&out, parsed(&doc, compact)));
    assert_string_equal(buf_text(&out), compact);
    assert_true(json_put_value(&out, NULL));
    AUTO_BUF struct buf small;
    buf_init(&small, 40);
    assert_false(json_put_value(&small, doc.root));
}

/* --- leaving out --- */

static const char *const wanted[] = {"a", "keep", "k\xc3\xa9", NULL};

static bool is_wanted(const char *key)
{
    for (size_t i = 0; wanted[i]; i++)
        if (strcmp(wanted[i], key) == 0)
            return true;
    return false;
}

/* A whole document without its unwanted members, compactly. */
static void put_wanted(struct buf *out, const struct json *value)
{
    bool object = json_type(value) == JSON_OBJECT;
    if (!object && json_type(value) != JSON_ARRAY) {
        json_put_value(out, value);
        return;
    }
    const char *comma = "";
    buf_putc(out, object ? '{' : '[');
    for (const struct json *part = json_first(value); part; part = json_next(part)) {
        if (object && !is_wanted(json_key(part)))
            continue;
        buf_puts(out, comma);
        comma = ",";
        if (object) {
            json_put_string(out, json_key(part));
            buf_putc(out, ':');
        }
        put_wanted(out, part);
    }
    buf_putc(out, object ? '}' : ']');
}

static void expect_left_out(const char *text)
{
    AUTO_JSON struct json_doc whole = {0};
    AUTO_JSON struct json_doc part = {0};
    AUTO_BUF struct buf expected, found;
    struct err err = {0};
    buf_init(&expected, 100000);
    buf_init(&found, 100000);
    put_wanted(&expected, parsed(&whole, text));
    assert_true(json_parse_keys(&part, text, strlen(text), wanted, &err));
    json_put_value(&found, part.root);
    assert_string_equal(buf_text(&found), buf_text(&expected));
}

static void members_that_are_not_wanted_are_left_out(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "1",
        "[]",
        "{}",
        "null",
        "{\"a\":1}",
        "{\"b\":1}",
        "{\"a\":1,\"b\":2}",
        "{\"b\":1,\"a\":2}",
        "{\"b\":1,\"c\":2}",
        "{ \"a\" : 1 , \"b\" : 2 }",
        "{ \"b\" : 1 , \"a\" : 2 , \"c\" : 3 , \"d\" : 4 }",
        "[{\"b\":[{\"a\":1}],\"keep\":{\"b\":1}}]",
        "{\"a\":{\"b\":{\"a\":1}},\"\":2,\"keeper\":3,\"kee\":4}",
        "{\"k\xc3\xa9\":1,\"k\xc3\xa8\":2}",
        "{\"b\":\"}],\\\"a\\\":\",\"a\":\",\"}",
        "[{\"b\":1},{\"b\":1},{\"a\":1}]",
        "{\"a\":\"\\ud800\",\"b\":\"\\u0000\",\"keep\":\"\\u0000x\"}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_left_out(texts[i]);
}

static void put_random(struct buf *out, unsigned *seed, int depth)
{
    static const char *const keys[] = {"a",     "keep",      "b",   "",
                                       "keeps", "k\xc3\xa9", "c d", "\\u0061\\n"};
    static const char *const leaves[] = {"0",
                                         "true",
                                         "null",
                                         "false",
                                         "\"x,}\"",
                                         "-1.5e3",
                                         "12345678901234567890",
                                         "1e999",
                                         "[]",
                                         "{}",
                                         "\"\"",
                                         "-0.001",
                                         "\"\\u00e9\\n\\\"\\ud83d\\ude39\""};
    int kind = rand_r(seed) % 3, parts = rand_r(seed) % 5;
    if (depth == 0 || kind == 0) {
        buf_puts(out, leaves[rand_r(seed) % COUNT(leaves)]);
        return;
    }
    buf_puts(out, kind == 1 ? "[ " : "{");
    for (int i = 0; i < parts; i++) {
        if (i > 0)
            buf_puts(out, rand_r(seed) % 2 ? "," : " ,\n");
        if (kind == 2)
            buf_printf(out, "\"%s\"%s:", keys[rand_r(seed) % COUNT(keys)],
                       rand_r(seed) % 2 ? " " : "");
        put_random(out, seed, depth - 1);
    }
    buf_puts(out, kind == 1 ? "]" : rand_r(seed) % 2 ? " }" : "}");
}

static void make_random(struct buf *text, unsigned seed)
{
    buf_init(text, 100000);
    put_random(text, &seed, 6);
}

/* Must come first: once there was a document, the library has its memory from documents. */
static void a_tree_is_the_one_that_the_library_makes_of_the_text(void **state)
{
    (void)state;
    enum { TEXTS = 3000 };
    static struct buf theirs[TEXTS];
    for (unsigned i = 0; i < TEXTS; i++) {
        AUTO_BUF struct buf text;
        make_random(&text, i);
        cJSON *tree = cJSON_Parse(buf_text(&text));
        buf_init(&theirs[i], 100000);
        json_put_value(&theirs[i], (const struct json *)tree);
        cJSON_Delete(tree);
    }
    for (unsigned i = 0; i < TEXTS; i++) {
        AUTO_BUF struct buf text, ours;
        AUTO_JSON struct json_doc doc = {0};
        make_random(&text, i);
        buf_init(&ours, 100000);
        json_put_value(&ours, parsed(&doc, buf_text(&text)));
        assert_string_equal(buf_text(&ours), buf_text(&theirs[i]));
        buf_release(&theirs[i]);
    }
}

static void leaving_out_agrees_with_filtering_the_whole(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 3000; seed++) {
        AUTO_BUF struct buf text;
        make_random(&text, seed);
        expect_left_out(buf_text(&text));
    }
}

/* Rows with nearly the same members, of which many stay as they were, some are not there and some are a tree of their own. */
static void put_rows(struct buf *out, unsigned *seed)
{
    static const char *const members[][3] = {
        {"\"a\":1", "\"a\":2", "\"a\" : 1"},
        {"\"b\":\"0\"", "\"b\":\"0\" ", "\"b\":\"00\""},
        {"\"c\":[]", "\"c\":[{\"a\":1},2]", "\"c\":[{\"a\":1},3]"},
        {"\"keep\":{\"b\":1,\"a\":2}", "\"keep\":null", "\"keep\":{}"},
        {"\"d\":{\"keep\":{\"b\":1}}", "\"d\":{\"keep\":{\"b\":2}}", "\"d\":{}"},
        {"\"e\":1", "\"e\":1.5", "\"\\u0061\":3"},
        {"\"f\":true", "\"f\":true", "\"f\":false"},
    };
    buf_putc(out, '[');
    for (int row = 0; row < 12; row++) {
        const char *comma = "";
        buf_puts(out, row > 0 ? ",{" : "{");
        for (size_t i = 0; i < COUNT(members); i++) {
            int pick = rand_r(seed) % 8;
            if (pick == 7)
                continue;
            buf_printf(out, "%s%s", comma, members[i][pick < 4 ? 0 : pick % 3]);
            comma = rand_r(seed) % 8 ? "," : ", ";
        }
        buf_putc(out, '}');
    }
    buf_putc(out, ']');
}

static void what_repeats_in_rows_is_read_all_the_same(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 2000; seed++) {
        unsigned random = seed;
        AUTO_BUF struct buf text;
        AUTO_JSON struct json_doc doc = {0};
        struct err whole = {0}, part = {0};
        buf_init(&text, 100000);
        put_rows(&text, &random);
        expect_left_out(buf_text(&text));
        text.data[(size_t)rand_r(&random) % text.length] = "\"{}[],:0ae\\"[rand_r(&random) % 11];
        bool right = json_check(text.data, text.length, &whole);
        assert_int_equal(json_parse_keys(&doc, text.data, text.length, wanted, &part), right);
        assert_string_equal(part.text, whole.text);
    }
}

static void a_key_with_escapes_is_known_by_what_it_says(void **state)
{
    (void)state;
    static const char text[] =
        "[{\"\\u0061\":1,\"b\\n\":2,\"b\":3},{\"\\u0061\":4,\"k\\u00e9\":5}]";
    AUTO_JSON struct json_doc doc = {0};
    AUTO_BUF struct buf found;
    struct err err = {0};
    buf_init(&found, 1000);
    assert_true(json_parse_keys(&doc, text, strlen(text), wanted, &err));
    json_put_value(&found, doc.root);
    assert_string_equal(buf_text(&found), "[{\"a\":1},{\"a\":4,\"k\xc3\xa9\":5}]");
}

static void what_is_left_out_must_be_json_too(void **state)
{
    (void)state;
    static const char *const texts[] = {"{\"b\":01}",          "{\"b\":[1,]}",     "{\"b\":1,}",
                                        "{\"b\" 1}",           "{\"b\":\"\xff\"}", "{\"b\":1}x",
                                        "{\"a\":1,\"b\":nul}", "{\"b\":{\"a\":}}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct json_doc doc;
        struct err whole = {0}, part = {0};
        assert_false(json_parse(&doc, texts[i], strlen(texts[i]), &whole));
        assert_false(json_parse_keys(&doc, texts[i], strlen(texts[i]), wanted, &part));
        assert_null(doc.root);
        assert_string_equal(part.text, whole.text);
    }
}

/* --- a real answer --- */

static void a_real_answer_is_read_and_its_beginnings_refused(void **state)
{
    (void)state;
    static const char path[] = "../shared/samples/vividseats/listings-6501519.json";
    enum { CAP = 4 * 1024 * 1024 };
    FILE *file = fopen(path, "r");
    if (!file)
        skip();
    AUTO_FREE char *text = mem_alloc(CAP, 1);
    size_t length = fread(text, 1, CAP, file);
    fclose(file);
    AUTO_JSON struct json_doc doc = {0};
    struct err err = {0};
    assert_true(json_parse(&doc, text, length, &err));
    const struct json *global = json_first(json_get(doc.root, "global"));
    assert_string_equal(json_string(json_get(global, "listingCount")), "1046");
    assert_int_equal(json_count(json_get(doc.root, "tickets")), 1046);
    while (length > 0 && strchr(" \r\n", text[length - 1]))
        length--;
    for (size_t cut = 0; cut < length; cut += 4999)
        assert_false(json_check(text, cut, &err));
    assert_false(json_check(text, length - 1, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_the_one_that_the_library_makes_of_the_text),
        cmocka_unit_test(members_that_are_not_wanted_are_left_out),
        cmocka_unit_test(leaving_out_agrees_with_filtering_the_whole),
        cmocka_unit_test(what_repeats_in_rows_is_read_all_the_same),
        cmocka_unit_test(a_key_with_escapes_is_known_by_what_it_says),
        cmocka_unit_test(what_is_left_out_must_be_json_too),
        cmocka_unit_test(every_form_of_json_is_taken),
        cmocka_unit_test(whatever_is_not_json_is_refused_with_an_offset),
        cmocka_unit_test(strings_are_judged_alike_at_every_alignment),
        cmocka_unit_test(the_error_names_the_byte_and_the_reason),
        cmocka_unit_test(nesting_is_limited),
        cmocka_unit_test(every_prefix_of_a_document_is_refused),
        cmocka_unit_test(random_changes_are_judged_as_python_judges_them),
        cmocka_unit_test(values_are_found_and_typed),
        cmocka_unit_test(integers_are_exact_or_none),
        cmocka_unit_test(doubles_are_finite_or_none),
        cmocka_unit_test(what_no_string_can_hold_reads_as_the_replacement_character),
        cmocka_unit_test(a_long_number_is_read_to_its_end_or_refused),
        cmocka_unit_test(fields_are_visited_in_their_order),
        cmocka_unit_test(the_text_may_go_once_it_is_parsed),
        cmocka_unit_test(memory_serves_one_document_after_another),
        cmocka_unit_test(a_text_that_would_take_too_much_memory_is_refused),
        cmocka_unit_test(threads_parse_side_by_side),
        cmocka_unit_test(strings_are_written_with_their_escapes),
        cmocka_unit_test(a_written_value_reads_back_the_same),
        cmocka_unit_test(a_real_answer_is_read_and_its_beginnings_refused),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
