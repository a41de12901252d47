#include "core/conf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

static char folder[] = "/tmp/conf_test.XXXXXX";
static char file[64];

static int set_up(void **state)
{
    (void)state;
    for (enum conf_key key = 0; key < CONF_COUNT; key++)
        unsetenv(conf_info(key)->environment);
    unsetenv("TWS_CONFIG");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CONFIG_HOME");
    setenv("HOME", folder, 1);
    unlink(file);
    return 0;
}

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(file, sizeof file, "%s/config.ini", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(folder);
}

static void write_file(const char *text)
{
    FILE *out = fopen(file, "w");
    assert_non_null(out);
    fputs(text, out);
    assert_int_equal(fclose(out), 0);
}

static void defaults_hold_where_nothing_was_said(void **state)
{
    (void)state;
    struct err err = {0};
    char path[128];
    struct conf *conf = conf_open(NULL, NULL, &err);
    assert_non_null(conf);
    assert_int_equal(conf_count(conf, CONF_RATE), 60);
    assert_int_equal(conf_origin(conf, CONF_RATE), CONF_FROM_DEFAULT);
    assert_string_equal(conf_text(conf, CONF_VIVIDSEATS_URL), "https://www.vividseats.com");
    assert_string_equal(conf_text(conf, CONF_CA_FILE), "");
    snprintf(path, sizeof path, "%s/.local/share/tws/tws.db", folder);
    assert_string_equal(conf_text(conf, CONF_DB), path);
    snprintf(path, sizeof path, "%s/.config/tws/config.ini", folder);
    assert_string_equal(conf_path(conf), path);
    conf_close(conf);
}

static void flag_beats_environment_beats_file_beats_default(void **state)
{
    (void)state;
    struct err err = {0};
    write_file("db = /file.db\n[http]\nrate = 10\nretries = 1\n[chart]\ntheme=light\n");
    setenv("TWS_RATE", "20", 1);
    setenv("TWS_DB", "/environment.db", 1);
    struct conf *conf = conf_open(file, "/flag.db", &err);
    assert_non_null(conf);
    assert_string_equal(conf_text(conf, CONF_DB), "/flag.db");
    assert_int_equal(conf_origin(conf, CONF_DB), CONF_FROM_FLAG);
    assert_int_equal(conf_count(conf, CONF_RATE), 20);
    assert_int_equal(conf_origin(conf, CONF_RATE), CONF_FROM_ENVIRONMENT);
    assert_int_equal(conf_count(conf, CONF_RETRIES), 1);
    assert_int_equal(conf_origin(conf, CONF_RETRIES), CONF_FROM_FILE);
    assert_string_equal(conf_text(conf, CONF_THEME), "light");
    assert_int_equal(conf_origin(conf, CONF_MARKER), CONF_FROM_DEFAULT);
    conf_close(conf);
}

static void an_empty_variable_is_one_that_is_not_set(void **state)
{
    (void)state;
    struct err err = {0};
    setenv("TWS_RATE", "", 1);
    struct conf *conf = conf_open(NULL, NULL, &err);
    assert_non_null(conf);
    assert_int_equal(conf_origin(conf, CONF_RATE), CONF_FROM_DEFAULT);
    conf_close(conf);
}

static void folders_are_those_of_xdg_unless_relative(void **state)
{
    (void)state;
    struct err err = {0};
    char path[128];
    setenv("XDG_DATA_HOME", "/data", 1);
    setenv("XDG_CONFIG_HOME", "relative", 1);
    struct conf *conf = conf_open(NULL, NULL, &err);
    assert_non_null(conf);
    assert_string_equal(conf_text(conf, CONF_DB), "/data/tws/tws.db");
    snprintf(path, sizeof path, "%s/.config/tws/config.ini", folder);
    assert_string_equal(conf_path(conf), path);
    conf_close(conf);
}

static void a_relative_store_is_completed(void **state)
{
    (void)state;
    struct err err = {0};
    char here[4096], path[4200];
    assert_non_null(getcwd(here, sizeof here));
    struct conf *conf = conf_open(NULL, "a.db", &err);
    assert_non_null(conf);
    snprintf(path, sizeof path, "%s/a.db", here);
    assert_string_equal(conf_text(conf, CONF_DB), path);
    conf_close(conf);
    conf = conf_open(NULL, "~/a.db", &err);
    assert_non_null(conf);
    snprintf(path, sizeof path, "%s/a.db", folder);
    assert_string_equal(conf_text(conf, CONF_DB), path);
    conf_close(conf);
}

static void the_clock_is_fixed_by_now(void **state)
{
    (void)state;
    struct err err = {0};
    setenv("TWS_NOW", "2026-02-09T18:00:00Z", 1);
    struct conf *conf = conf_open(NULL, NULL, &err);
    assert_non_null(conf);
    assert_true(clock_is_fixed());
    assert_int_equal(clock_now_ms(), INT64_C(1770660000000));
    conf_close(conf);
}

static void a_bad_variable_is_named(void **state)
{
    (void)state;
    const struct {
        const char *name, *value, *text;
    } cases[] = {
        {"TWS_RATE", "-1", "TWS_RATE: '-1' is not a whole number from 0 to 6000"},
        {"TWS_RATE", "6 0", "TWS_RATE: '6 0' is not a whole number from 0 to 6000"},
        {"TWS_RETRIES", "11", "TWS_RETRIES: '11' is not a whole number from 0 to 10"},
        {"TWS_NOW", "soon", "TWS_NOW: 'soon' is not a time such as 2026-02-09T18:00:00Z"},
        {"TWS_THEME", "dark, light", "TWS_THEME: 'dark, light' is none of dark, light, mono"},
        {"TWS_THEME", "ligh", "TWS_THEME: 'ligh' is none of dark, light, mono"},
        {"TWS_VIVIDSEATS_URL", "ftp://x",
         "TWS_VIVIDSEATS_URL: 'ftp://x' is not a scheme, host and port such as "
         "https://www.vividseats.com"},
        {"TWS_VIVIDSEATS_URL", "http://x:1/path",
         "TWS_VIVIDSEATS_URL: 'http://x:1/path' is not a scheme, host and port such as "
         "https://www.vividseats.com"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        set_up(state);
        setenv(cases[i].name, cases[i].value, 1);
        assert_null(conf_open(NULL, NULL, &err));
        assert_int_equal(err.code, ERR_USAGE);
        assert_string_equal(err.text, cases[i].text);
    }
}

static void the_slash_behind_a_host_is_dropped(void **state)
{
    (void)state;
    struct err err = {0};
    setenv("TWS_VIVIDSEATS_URL", "http://127.0.0.1:8080/", 1);
    struct conf *conf = conf_open(NULL, NULL, &err);
    assert_non_null(conf);
    assert_string_equal(conf_text(conf, CONF_VIVIDSEATS_URL), "http://127.0.0.1:8080");
    conf_close(conf);
}

static void a_bad_line_is_named_by_file_and_number(void **state)
{
    (void)state;
    const struct {
        const char *content, *rest, *hint;
    } cases[] = {
        {"[http]\n\nrate = many\n",
         ":3: setting 'http.rate': 'many' is not a whole number from 0 to 6000", ""},
        {"[http]\nrat = 5\n", ":2: unknown setting 'http.rat'", "did you mean 'http.rate'?"},
        {"nonsense = 5\n", ":1: unknown setting 'nonsense'", "`tws help settings` lists them"},
        {"[http]\nrate =\n", ":2: setting 'http.rate' has no value", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = {0};
        char text[256];
        write_file(cases[i].content);
        assert_null(conf_open(file, NULL, &err));
        assert_int_equal(err.code, ERR_USAGE);
        snprintf(text, sizeof text, "%s%s", file, cases[i].rest);
        assert_string_equal(err.text, text);
        assert_string_equal(err.hint, cases[i].hint);
    }
}

static void a_file_that_was_named_must_exist(void **state)
{
    (void)state;
    struct err err = {0};
    assert_null(conf_open("/nowhere/config.ini", NULL, &err));
    assert_int_equal(err_exit_code(err.code), 2);
    assert_non_null(strstr(err.text, "/nowhere/config.ini"));
    setenv("TWS_CONFIG", "/nowhere/other.ini", 1);
    assert_null(conf_open(NULL, NULL, &err));
    assert_non_null(strstr(err.text, "/nowhere/other.ini"));
}

static void without_a_home_the_store_must_be_named(void **state)
{
    (void)state;
    struct err err = {0};
    unsetenv("HOME");
    assert_null(conf_open(NULL, NULL, &err));
    assert_int_equal(err.code, ERR_USAGE);
    struct conf *conf = conf_open(NULL, "/x.db", &err);
    assert_non_null(conf);
    assert_string_equal(conf_path(conf), "");
    conf_close(conf);
}

static void every_key_is_found_by_its_name(void **state)
{
    (void)state;
    for (enum conf_key key = 0; key < CONF_COUNT; key++) {
        enum conf_key found;
        assert_true(conf_find(conf_info(key)->key, &found));
        assert_int_equal(found, key);
    }
    enum conf_key none;
    assert_false(conf_find("http", &none));
}

static void what_is_no_setting_of_alerts_is_a_rule(void **state)
{
    (void)state;
    struct err err = {0};
    size_t count;
    write_file("[alerts]\nquiet = 22:00-07:00 venue\ncheap = price < 150 for 2\ncooldown = 90min\n"
               "still = stale > 2h\nto = mail,exec\n");
    struct conf *conf = conf_open(file, NULL, &err);
    assert_non_null(conf);
    const struct conf_line *rules = conf_rules(conf, &count);
    assert_int_equal(count, 2);
    assert_string_equal(rules[0].name, "cheap");
    assert_string_equal(rules[0].text, "price < 150 for 2");
    assert_int_equal(rules[0].line, 3);
    assert_int_equal(rules[1].line, 5);
    assert_int_equal(conf_span_ms(conf, CONF_ALERTS_COOLDOWN), 90 * CLOCK_MINUTE_MS);
    assert_string_equal(conf_text(conf, CONF_ALERTS_TO), "mail,exec");
    conf_close(conf);
}

static void ways_and_servers_are_checked(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "to = ",
        "to = mail,",
        "to = mail exec",
        "to = ,mail",
        "to = mail, fax",
        "cooldown = 6",
        "margin = 51",
        "mail_server = smtp://",
        "mail_server = https://h",
        "mail_server = smtp://u@h",
        "mail_server = smtp://h/x",
        "webhook = ftp://h/",
        "webhook = https://u:p@h/",
        "Cheap = blocked",
        "quite = 22:00-07:00",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct err err = {0};
        char text[100];
        snprintf(text, sizeof text, "[alerts]\n%s\n", wrong[i]);
        write_file(text);
        if (conf_open(file, NULL, &err))
            fail_msg("'%s' was taken", wrong[i]);
        assert_int_equal(err.code, ERR_USAGE);
        assert_non_null(strstr(err.text, "config.ini:2: "));
    }
}

static void of_an_address_only_the_host_is_shown(void **state)
{
    (void)state;
    struct err err = {0};
    char shown[CONF_SHOWN_MAX];
    write_file("[alerts]\nwebhook = https://hooks.example.org/services/token\n");
    struct conf *conf = conf_open(file, NULL, &err);
    assert_non_null(conf);
    assert_string_equal(conf_shown(conf, CONF_ALERTS_WEBHOOK, shown),
                        "https://hooks.example.org:443/...");
    assert_string_equal(conf_shown(conf, CONF_ALERTS_MAIL_SERVER, shown), "smtp://localhost:25");
    assert_string_equal(conf_shown(conf, CONF_ALERTS_MAIL_TO, shown), "");
    conf_close(conf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(defaults_hold_where_nothing_was_said, set_up),
        cmocka_unit_test_setup(flag_beats_environment_beats_file_beats_default, set_up),
        cmocka_unit_test_setup(an_empty_variable_is_one_that_is_not_set, set_up),
        cmocka_unit_test_setup(folders_are_those_of_xdg_unless_relative, set_up),
        cmocka_unit_test_setup(a_relative_store_is_completed, set_up),
        cmocka_unit_test_setup(a_bad_variable_is_named, set_up),
        cmocka_unit_test_setup(the_slash_behind_a_host_is_dropped, set_up),
        cmocka_unit_test_setup(a_bad_line_is_named_by_file_and_number, set_up),
        cmocka_unit_test_setup(a_file_that_was_named_must_exist, set_up),
        cmocka_unit_test_setup(without_a_home_the_store_must_be_named, set_up),
        cmocka_unit_test_setup(every_key_is_found_by_its_name, set_up),
        cmocka_unit_test_setup(the_clock_is_fixed_by_now, set_up),
        cmocka_unit_test_setup(what_is_no_setting_of_alerts_is_a_rule, set_up),
        cmocka_unit_test_setup(ways_and_servers_are_checked, set_up),
        cmocka_unit_test_setup(of_an_address_only_the_host_is_shown, set_up),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
