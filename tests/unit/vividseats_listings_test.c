#include "core/vividseats_listings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/money.h"
#include "io/json.h"
#include "samples.h"

/* A small hall: two zones with stock, a catch-all without a name, one name twice. */
#define GLOBAL                                                                                     \
    "\"global\":[{\"productionId\":\"77\",\"productionName\":\"Test Band\",\"mapTitle\":"          \
    "\"Hall\",\"venueTimeZone\":\"US/Pacific\",\"listingCount\":\"9\",\"showAip\":\"%s\"}]"
#define MAP                                                                                        \
    "\"groups\":[{\"i\":\"1\",\"n\":\"Floor\"},{\"i\":\"2\",\"n\":\"Balcony\"},{\"i\":\"3\","      \
    "\"n\":\"\"},{\"i\":\"4\",\"n\":\"Floor\"}],\"sections\":[{\"i\":\"10\",\"g\":\"1\",\"n\":"    \
    "\"Floor A\"},{\"i\":\"20\",\"g\":\"2\",\"n\":\"Balcony 201\"},{\"i\":\"30\",\"g\":\"3\","     \
    "\"n\":\"(Block)\"},{\"i\":\"40\",\"g\":\"9\",\"n\":\"Suites\"}],"                             \
    "\"i18n\":{\"from\":\"USD\",\"to\":\"USD\"}"

static enum outcome read_body(const char *body, const char *asked, struct market *market,
                              struct err *err)
{
    struct platform_answer answer = {200, "application/json", body, strlen(body)};
    market_init(market);
    *err = (struct err){0};
    return vividseats_listings_read(&answer, asked, market, err);
}

static enum outcome read_tickets(const char *tickets, const char *show_all_in,
                                 struct market *market, struct err *err)
{
    AUTO_BUF struct buf body;
    buf_init(&body, 1 << 20);
    buf_printf(&body, "{" GLOBAL ",\"tickets\":[%s]," MAP "}", show_all_in, tickets);
    return read_body(buf_text(&body), "77", market, err);
}

/* One ticket among good ones, enough of them for it to be rejected alone. */
static const struct listing *read_one(const char *fields, struct market *market)
{
    AUTO_BUF struct buf tickets;
    struct err err;
    buf_init(&tickets, 1 << 20);
    for (int i = 0; i < 5; i++)
        buf_printf(&tickets,
                   "{\"i\":\"good%d\",\"l\":\"Floor A\",\"d\":\"10\",\"c\":\"1\",\"q\":\"2\","
                   "\"m\":\"2\",\"p\":\"50.00\",\"n\":\"\"},",
                   i);
    buf_printf(&tickets, "{%s}", fields);
    if (read_tickets(buf_text(&tickets), "true", market, &err) != OUTCOME_OK)
        fail_msg("%s: %s", fields, err.text);
    for (size_t i = 0; i < market->listing_count; i++)
        if (strncmp(market->listings[i].id, "good", 4) != 0)
            return &market->listings[i];
    return NULL;
}

#define TICKET "\"i\":\"x\",\"l\":\"Floor A\",\"r\":\"7\",\"d\":\"10\",\"c\":\"1\",\"q\":\"4\","

static void a_listing_is_read_whole(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    const struct listing *x = read_one(TICKET "\"m\":\"4,2\",\"p\":\"178.60\",\"aip\":\"240.5\","
                                              "\"ls\":\"7\",\"hs\":\"10\",\"n\":\"Limited View\","
                                              "\"tags\":[\"VIP\"],\"perks\":[\"Club Seats\"]",
                                       &market);
    assert_non_null(x);
    assert_string_equal(x->zone, "Floor");
    assert_string_equal(x->section, "Floor A");
    assert_string_equal(x->label, "Floor A");
    assert_string_equal(x->row, "7");
    assert_string_equal(x->seats, "7-10");
    assert_string_equal(x->splits, "2,4");
    assert_int_equal(x->quantity, 4);
    assert_false(x->splits_inferred);
    assert_int_equal(x->price_minor, 17860);
    assert_int_equal(x->all_in_minor, 24050);
    assert_int_equal(x->tags, LISTING_OBSTRUCTED | LISTING_VIP | LISTING_CLUB);
    assert_string_equal(market.external_id, "77");
    assert_string_equal(market.name, "Test Band");
    assert_string_equal(market.venue, "Hall");
    assert_string_equal(market.timezone, "US/Pacific");
    assert_string_equal(market.currency, "USD");
}

static void zones_and_sections_come_from_the_map(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    read_one(TICKET "\"m\":\"4\",\"p\":\"1\"", &market);
    assert_int_equal(market.zone_count, 2);
    assert_string_equal(market.zones[0].name, "Floor");
    assert_int_equal(market.zones[0].display_order, 0);
    assert_string_equal(market.zones[1].name, "Balcony");
    assert_int_equal(market.section_count, 4);
    static const char *const sections[][2] = {{"(Block)", "Unmapped"},
                                              {"Balcony 201", "Balcony"},
                                              {"Floor A", "Floor"},
                                              {"Suites", "Unmapped"}};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(market.sections[i].name, sections[i][0]);
        assert_string_equal(market.sections[i].zone, sections[i][1]);
    }
}

struct place_case {
    const char *fields;
    const char *zone, *section, *label;
};

static void places_follow_the_ids(void **state)
{
    (void)state;
    static const struct place_case cases[] = {
        {"\"l\":\"W2050\",\"d\":\"40\",\"c\":\"2\"", "Balcony", "Suites", "W2050"},
        {"\"l\":\"EL14\",\"d\":\"0\",\"c\":\"0\"", "Unmapped", "EL14", "EL14"},
        {"\"l\":\"X\",\"d\":\"999\",\"c\":\"999\"", "Unmapped", "X", "X"},
        {"\"l\":\"X\",\"d\":\"30\",\"c\":\"3\"", "Unmapped", "(Block)", "X"},
        {"\"l\":\"X\",\"d\":10,\"c\":4", "Floor", "Floor A", "X"},
        {"\"s\":\"S\"", "Unmapped", "S", "S"},
        {"\"sectionName\":\"N\"", "Unmapped", "N", "N"},
        {"\"l\":\"\"", "Unmapped", "Unmapped", ""},
        {"\"c\":\"1\"", "Floor", "Unmapped", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_MARKET struct market market;
        char fields[200];
        snprintf(fields, sizeof fields, "\"i\":\"x\",\"q\":\"1\",\"p\":\"5.00\",%s",
                 cases[i].fields);
        const struct listing *x = read_one(fields, &market);
        assert_non_null(x);
        assert_string_equal(x->zone, cases[i].zone);
        assert_string_equal(x->section, cases[i].section);
        assert_string_equal(x->label, cases[i].label);
    }
}

struct reject_case {
    const char *fields;
    const char *reason;
};

static void an_unreadable_listing_is_rejected_with_its_reason(void **state)
{
    (void)state;
    static const struct reject_case cases[] = {
        {"\"q\":\"1\",\"p\":\"abc\"", "price 'abc' is not a number"},
        {"\"q\":\"1\",\"p\":\"\"", "price '' is not a number"},
        {"\"q\":\"1\",\"p\":\"NaN\"", "price 'NaN' is not a number"},
        {"\"q\":\"1\",\"p\":\"1e999\"", "price '1e999' is not a number"},
        {"\"q\":\"1\",\"p\":\"1,178.60\"", "price '1,178.60' is not a number"},
        {"\"q\":\"1\",\"p\":\" 5.00\"", "price '5.00' is not a number"},
        {"\"q\":\"1\",\"p\":\"-5.00\"", "price '-5.00' is negative"},
        {"\"q\":\"1\",\"p\":\"5.005\"", "price '5.005' has more than two decimals"},
        {"\"q\":\"1\",\"p\":\"10000000.01\"", "price '10000000.01' is above 10000000.00"},
        {"\"q\":\"1\",\"p\":\"99999999999999999999\"",
         "price '99999999999999999999' is above 10000000.00"},
        {"\"q\":\"1\",\"p\":\"0.00\"", "price '0.00' is nothing: no ticket is free"},
        {"\"q\":\"1\",\"p\":0", "price '0' is nothing: no ticket is free"},
        {"\"q\":\"1\",\"p\":-3", "price '-3' is negative"},
        {"\"q\":\"1\",\"p\":null", "price is missing"},
        {"\"q\":\"1\"", "price is missing"},
        {"\"q\":\"1\",\"p\":[5]", "price is not a number"},
        {"\"p\":\"5\"", "quantity is missing"},
        {"\"p\":\"5\",\"q\":\"two\"", "quantity 'two' is not a whole number"},
        {"\"p\":\"5\",\"q\":\"1.5\"", "quantity '1.5' is not a whole number"},
        {"\"p\":\"5\",\"q\":2.5", "quantity '2.50' is not a whole number"},
        {"\"p\":\"5\",\"q\":\"0\"", "quantity '0' is less than 1"},
        {"\"p\":\"5\",\"q\":\"-2\"", "quantity '-2' is less than 1"},
        {"\"p\":\"5\",\"q\":\"1001\"", "quantity '1001' is above 1000"},
        {"\"p\":\"5\",\"q\":\"2\",\"m\":\"a\"", "m 'a' is not a list of sizes"},
        {"\"p\":\"5\",\"q\":\"2\",\"m\":\"0,2\"", "m '0,2' is not a list of sizes"},
        {"\"p\":\"5\",\"q\":\"2\",\"m\":[1,2]", "m is not a list of sizes"},
        {"\"p\":\"\\u001b[31mred\",\"q\":\"2\"", "price '[31mred' is not a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_MARKET struct market market;
        char fields[200];
        snprintf(fields, sizeof fields, "\"i\":\"x\",%s", cases[i].fields);
        assert_null(read_one(fields, &market));
        assert_int_equal(market.listing_count, 5);
        assert_int_equal(market.reject_count, 1);
        assert_string_equal(market.rejects[0].id, "x");
        assert_string_equal(market.rejects[0].reason, cases[i].reason);
    }
}

static void a_listing_without_a_usable_id_is_rejected(void **state)
{
    (void)state;
    static const struct reject_case cases[] = {
        {"\"p\":\"5\"", "id is missing"},
        {"\"i\":null,\"p\":\"5\"", "id is missing"},
        {"\"i\":\"\",\"p\":\"5\"", "id is missing"},
        {"\"i\":\"a\\nb\"", "id 'a b' is too long or has special characters"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_MARKET struct market market;
        assert_null(read_one(cases[i].fields, &market));
        assert_int_equal(market.reject_count, 1);
        assert_null(market.rejects[0].id);
        assert_string_equal(market.rejects[0].reason, cases[i].reason);
    }
}

static void a_ticket_that_is_no_object_is_rejected(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    AUTO_MARKET struct market more;
    struct err err;
    static const char good[] = "{\"i\":\"a\",\"q\":\"1\",\"p\":\"5\"},{\"i\":\"b\",\"q\":\"1\","
                               "\"p\":\"5\"},{\"i\":\"c\",\"q\":\"1\",\"p\":\"5\"},{\"i\":\"d\","
                               "\"q\":\"1\",\"p\":\"5\"},";
    char tickets[300];
    snprintf(tickets, sizeof tickets, "%snull", good);
    assert_int_equal(read_tickets(tickets, "false", &market, &err), OUTCOME_OK);
    assert_int_equal(market.reject_count, 1);
    assert_string_equal(market.rejects[0].reason, "listing is no object");
    snprintf(tickets, sizeof tickets, "%snull,[]", good);
    assert_int_equal(read_tickets(tickets, "false", &more, &err), OUTCOME_BAD_PAYLOAD);
    assert_string_equal(err.text,
                        "2 of 6 listings cannot be read, most often: listing is no object");
    assert_int_equal(more.listing_count, 0);
    assert_int_equal(more.reject_count, 0);
}

static void numbers_are_as_good_as_strings(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    const struct listing *x = read_one("\"i\":4711,\"l\":101,\"r\":3,\"q\":2,\"m\":2,\"p\":178.6,"
                                       "\"aip\":200,\"ls\":7,\"hs\":8",
                                       &market);
    assert_non_null(x);
    assert_string_equal(x->id, "4711");
    assert_string_equal(x->label, "101");
    assert_string_equal(x->row, "3");
    assert_int_equal(x->quantity, 2);
    assert_string_equal(x->splits, "2");
    assert_int_equal(x->price_minor, 17860);
    assert_int_equal(x->all_in_minor, 20000);
    assert_string_equal(x->seats, "7-8");
}

struct price_case {
    const char *price;
    int64_t minor; /* 0: rejected */
};

/* 0.07 and 4.35 are the classics that become 6 and 434 by multiplying. */
static void prices_are_exact(void **state)
{
    (void)state;
    static const struct price_case cases[] = {
        {"\"178.60\"", 17860},
        {"\"178.6\"", 17860},
        {"\"66715.00\"", 6671500},
        {"\"1046\"", 104600},
        {"\"5.1000\"", 510},
        {"\"0.01\"", 1},
        {"\"10000000.00\"", 1000000000},
        {"0.07", 7},
        {"4.35", 435},
        {"1.1", 110},
        {"8123.99", 812399},
        {"5.0", 500},
        {"1e2", 10000},
        {"5.005", 0},
        {"0.001", 0},
        {"1e999", 0},
        {"1e300", 0},
        {"-0.01", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_MARKET struct market market;
        char fields[100];
        snprintf(fields, sizeof fields, "\"i\":\"x\",\"q\":\"1\",\"p\":%s", cases[i].price);
        const struct listing *x = read_one(fields, &market);
        if ((x ? x->price_minor : 0) != cases[i].minor)
            fail_msg("%s became %lld", cases[i].price, x ? (long long)x->price_minor : 0);
    }
}

static void all_in_needs_proof(void **state)
{
    (void)state;
    AUTO_MARKET struct market shown;
    AUTO_MARKET struct market hidden;
    struct err err;
    static const char tickets[] =
        "{\"i\":\"a\",\"q\":\"1\",\"p\":\"10\",\"aip\":\"13.50\"},"
        "{\"i\":\"b\",\"q\":\"1\",\"p\":\"10\",\"allInPricePerTicket\":\"13.50\"},"
        "{\"i\":\"c\",\"q\":\"1\",\"p\":\"10\",\"aip\":\"soon\"},"
        "{\"i\":\"d\",\"q\":\"1\",\"p\":\"10\",\"aip\":\"0.00\"}";
    assert_int_equal(read_tickets(tickets, "true", &shown, &err), OUTCOME_OK);
    assert_int_equal(shown.reject_count, 0);
    assert_int_equal(shown.listings[0].all_in_minor, 1350);
    for (size_t i = 1; i < 4; i++)
        assert_int_equal(shown.listings[i].all_in_minor, LISTING_NO_PRICE);
    assert_int_equal(read_tickets(tickets, "false", &hidden, &err), OUTCOME_OK);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(hidden.listings[i].all_in_minor, LISTING_NO_PRICE);
}

struct split_case {
    const char *fields, *splits;
    bool inferred;
};

static void sizes_are_those_that_can_be_bought(void **state)
{
    (void)state;
    static const struct split_case cases[] = {
        {"\"q\":\"4\",\"m\":\"4,2\"", "2,4", false},
        {"\"q\":\"4\",\"m\":\"2\"", "2", false},       /* q is not in m */
        {"\"q\":\"4\",\"m\":\"2,4,6\"", "2,4", false}, /* more than there are */
        {"\"q\":\"12\",\"m\":\"2,12,14\"", "2,12", false},
        {"\"q\":\"2\",\"m\":\"4,6\"", "2", true}, /* nothing consistent is left */
        {"\"q\":\"4\"", "1,2,4", true},
        {"\"q\":\"4\",\"m\":null", "1,2,4", true},
        {"\"q\":\"4\",\"m\":\"\"", "1,2,4", true},
        {"\"q\":\"1\"", "1", true},
        {"\"quantity\":\"3\",\"m\":\"1,3\"", "1,3", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_MARKET struct market market;
        char fields[100];
        snprintf(fields, sizeof fields, "\"i\":\"x\",\"p\":\"5\",%s", cases[i].fields);
        const struct listing *x = read_one(fields, &market);
        assert_non_null(x);
        assert_string_equal(x->splits, cases[i].splits);
        assert_int_equal(x->splits_inferred, cases[i].inferred);
    }
}

static void made_up_seats_are_not_shown(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"\"ls\":\"7\",\"hs\":\"8\"", "7-8"},
        {"\"ls\":\"7\",\"hs\":\"7\"", "7"},
        {"\"ls\":\"111\",\"hs\":\"112\"", "111-112"},
        {"\"ls\":\"\",\"hs\":\"\"", ""},
        {"\"ls\":\"N/A\",\"hs\":\"N/A\"", ""},
        {"\"ls\":\"0\",\"hs\":\"0\"", ""},
        {"\"ls\":\"*\",\"hs\":\"*\"", ""},
        {"\"ls\":\"9001\",\"hs\":\"9002\"", ""},
        {"\"ls\":\"48213\",\"hs\":\"48214\"", ""},
        {"\"ls\":\"8\",\"hs\":\"7\"", ""},
        {"\"ls\":\"7\"", ""},
        {"\"n\":\"\"", ""},
        {"\"ls\":\"\\u001b\",\"hs\":\"\\u001b\"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_MARKET struct market market;
        char fields[100];
        snprintf(fields, sizeof fields, "\"i\":\"x\",\"q\":\"1\",\"p\":\"5\",%s", cases[i][0]);
        const struct listing *x = read_one(fields, &market);
        assert_non_null(x);
        assert_string_equal(x->seats, cases[i][1]);
    }
}

static void tags_come_from_every_place_that_says_them(void **state)
{
    (void)state;
    static const struct {
        const char *fields;
        unsigned tags;
    } cases[] = {
        {"\"tags\":[\"OBSTRUCTED_VIEW\"]", LISTING_OBSTRUCTED},
        {"\"perks\":[\"Standing Room Only\",\"Suite\"]", LISTING_STANDING | LISTING_SUITE},
        {"\"n\":\"ADA accessible.\"", LISTING_ACCESSIBLE},
        {"\"r\":\"SRO\"", LISTING_STANDING},
        {"\"l\":\"SRO8\"", LISTING_STANDING},
        {"\"l\":\"Lot 5\"", LISTING_PARKING},
        {"\"l\":\"Lottery Box\"", 0},
        {"\"l\":\"W2050\",\"d\":\"40\"", LISTING_SUITE},
        {"\"tags\":[\"PARKING\"]", LISTING_PARKING},
        {"\"tags\":[\"PARKING\"],\"n\":\"Aisle seat. VIP entrance.\"", LISTING_VIP},
        {"\"tags\":\"VIP\",\"perks\":{\"a\":1},\"n\":5", 0},
        {"\"tags\":[null,1,[\"VIP\"]]", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_MARKET struct market market;
        char fields[200];
        snprintf(fields, sizeof fields, "\"i\":\"x\",\"q\":\"1\",\"p\":\"5\",%s", cases[i].fields);
        const struct listing *x = read_one(fields, &market);
        assert_non_null(x);
        if (x->tags != cases[i].tags)
            fail_msg("%s: %#x, not %#x", cases[i].fields, x->tags, cases[i].tags);
    }
}

static void names_are_safe_to_print(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    const struct listing *x =
        read_one("\"i\":\"x\",\"q\":\"1\",\"p\":\"5\",\"l\":\" A\\u001b[2J\\u202e"
                 " \\n B \\u00e9\",\"r\":\"\\u00071\"",
                 &market);
    assert_non_null(x);
    assert_string_equal(x->label, "A[2J B \xc3\xa9");
    assert_string_equal(x->section, x->label);
    assert_string_equal(x->row, "1");
}

static void a_long_name_is_cut(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    char fields[600] = "\"i\":\"x\",\"q\":\"1\",\"p\":\"5\",\"l\":\"";
    size_t used = strlen(fields);
    memset(fields + used, 'A', 400);
    fields[used + 400] = '"';
    const struct listing *x = read_one(fields, &market);
    assert_non_null(x);
    assert_int_equal(strlen(x->label), LISTING_NAME_MAX - 1);
}

struct verdict_case {
    const char *body;
    enum outcome outcome;
};

static void the_whole_answer_is_judged(void **state)
{
    (void)state;
#define G(count) "\"global\":[{\"productionId\":\"77\"" count "}]"
    static const struct verdict_case cases[] = {
        {"null", OUTCOME_BAD_PAYLOAD},
        {"[]", OUTCOME_BAD_PAYLOAD},
        {"{}", OUTCOME_BAD_PAYLOAD},
        {"7", OUTCOME_BAD_PAYLOAD},
        {"{\"tickets\":[", OUTCOME_BAD_PAYLOAD},
        {"{\"tickets\":[]}", OUTCOME_BAD_PAYLOAD},
        {"{\"global\":[],\"tickets\":[]}", OUTCOME_BAD_PAYLOAD},
        {"{\"global\":[null],\"tickets\":[]}", OUTCOME_BAD_PAYLOAD},
        {"{\"global\":null,\"tickets\":[]}", OUTCOME_BAD_PAYLOAD},
        {"{\"global\":[{}],\"tickets\":[]}", OUTCOME_BAD_PAYLOAD},
        {"{" G("") "}", OUTCOME_BAD_PAYLOAD},
        {"{" G(",\"listingCount\":\"0\"") ",\"tickets\":null}", OUTCOME_BAD_PAYLOAD},
        {"{" G(",\"listingCount\":\"0\"") ",\"tickets\":{}}", OUTCOME_BAD_PAYLOAD},
        {"{" G(",\"listingCount\":\"12\"") ",\"tickets\":[]}", OUTCOME_BAD_PAYLOAD},
        {"{" G(",\"listingCount\":\"many\"") ",\"tickets\":[]}", OUTCOME_BAD_PAYLOAD},
        {"{" G("") ",\"tickets\":[]}", OUTCOME_BAD_PAYLOAD},
        {"{" G(",\"listingCount\":\"0\"") ",\"tickets\":[]}", OUTCOME_EMPTY},
        {"{" G(",\"listingCount\":0") ",\"tickets\":[]}", OUTCOME_EMPTY},
        {"{" G(",\"ticketCount\":\"0\"") ",\"tickets\":[]}", OUTCOME_EMPTY},
        {"{\"global\":[{\"productionId\":77}],\"tickets\":[{\"i\":\"a\",\"q\":1,\"p\":1}]}",
         OUTCOME_OK},
        {"{\"global\":[{\"productionId\":\"78\"}],\"tickets\":[]}", OUTCOME_WRONG_EVENT},
        {"{" G("") ",\"i18n\":{\"to\":\"usd\"},\"tickets\":[{\"i\":\"a\",\"q\":1,\"p\":1}]}",
         OUTCOME_BAD_PAYLOAD},
        {"{" G("") ",\"tickets\":[{\"i\":\"a\",\"q\":1,\"p\":\"x\"}]}", OUTCOME_BAD_PAYLOAD},
    };
#undef G
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_MARKET struct market market;
        struct err err;
        enum outcome outcome = read_body(cases[i].body, "77", &market, &err);
        if (outcome != cases[i].outcome)
            fail_msg("%s: %s, %s", cases[i].body, outcome_word(outcome), err.text);
        assert_int_equal(outcome_is_good(outcome), err.text[0] == '\0');
        if (!outcome_is_good(outcome)) {
            assert_int_equal(err.code, ERR_EVENT);
            assert_null(market.listings);
        }
    }
}

static void a_file_may_be_about_any_event(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    struct err err;
    static const char body[] = "{\"global\":[{\"productionId\":\"12345\"}],\"tickets\":[{\"i\":"
                               "\"a\",\"q\":\"1\",\"p\":\"1\"}],\"i18n\":{\"to\":\"CAD\"}}";
    assert_int_equal(read_body(body, NULL, &market, &err), OUTCOME_OK);
    assert_string_equal(market.external_id, "12345");
    assert_string_equal(market.currency, "CAD");
    assert_null(market.name);
    assert_null(market.timezone);
}

static void refusals_are_passed_on(void **state)
{
    (void)state;
    AUTO_MARKET struct market market;
    struct err err = {0};
    struct platform_answer answer = {404, "", "{}", 2};
    market_init(&market);
    assert_int_equal(vividseats_listings_read(&answer, "77", &market, &err), OUTCOME_NOT_FOUND);
}

static void the_order_of_the_answer_does_not_matter(void **state)
{
    (void)state;
    AUTO_MARKET struct market first;
    AUTO_MARKET struct market second;
    struct err err;
#define A "{\"i\":\"a\",\"q\":\"1\",\"p\":\"5\"}"
#define A2 "{\"i\":\"a\",\"q\":\"1\",\"p\":\"6\"}"
#define B "{\"i\":\"b\",\"q\":\"1\",\"p\":\"5\"}"
#define C "{\"i\":\"c\",\"q\":\"1\",\"p\":\"5\"}"
#define D "{\"i\":\"d\",\"q\":\"1\",\"p\":\"5\"}"
    assert_int_equal(read_tickets(A "," A2 "," B "," C "," D, "false", &first, &err), OUTCOME_OK);
    assert_int_equal(read_tickets(D "," C "," A2 "," B "," A, "false", &second, &err), OUTCOME_OK);
    assert_int_equal(first.listing_count, 4);
    assert_int_equal(second.listing_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(first.listings[i].id, second.listings[i].id);
        assert_int_equal(first.listings[i].price_minor, second.listings[i].price_minor);
    }
    assert_int_equal(first.reject_count, 1);
    assert_int_equal(second.reject_count, 1);
}

/* --- the real answer against the totals that it states itself --- */

struct sample {
    struct buf body;
    struct json_doc doc;
    struct market market;
};

static void open_sample(struct sample *sample, const char *name)
{
    struct err err = {0};
    if (!sample_read(name, &sample->body))
        skip();
    assert_true(json_parse(&sample->doc, sample->body.data, sample->body.length, &err));
    struct platform_answer answer = {200, "application/json", sample->body.data,
                                     sample->body.length};
    market_init(&sample->market);
    enum outcome outcome = vividseats_listings_read(&answer, NULL, &sample->market, &err);
    if (outcome != OUTCOME_OK)
        fail_msg("%s", err.text);
}

static void close_sample(struct sample *sample)
{
    market_release(&sample->market);
    json_release(&sample->doc);
    buf_release(&sample->body);
}

static int64_t money_of(const struct json *object, const char *key)
{
    int64_t minor = -1;
    assert_true(money_parse(json_string(json_get(object, key)), &minor));
    return minor;
}

static int64_t count_of(const struct json *object, const char *key)
{
    return strtol(json_string(json_get(object, key)), NULL, 10);
}

static int compare_prices(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void the_sample_gives_its_own_totals(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample, "vividseats/listings-6501519.json");
    const struct market *market = &sample.market;
    const struct json *global = json_first(json_get(sample.doc.root, "global"));
    size_t n = market->listing_count;
    int64_t *prices = mem_alloc(n, sizeof *prices), sum = 0, tickets = 0;
    for (size_t i = 0; i < n; i++) {
        prices[i] = market->listings[i].price_minor;
        sum += prices[i];
        tickets += market->listings[i].quantity;
    }
    qsort(prices, n, sizeof *prices, compare_prices);
    assert_int_equal(market->reject_count, 0);
    assert_int_equal(n, 1046);
    assert_int_equal(n, count_of(global, "listingCount"));
    assert_int_equal(tickets, 3021);
    assert_int_equal(tickets, count_of(global, "ticketCount"));
    assert_int_equal(prices[0], money_of(global, "lp"));
    assert_int_equal(prices[n - 1], money_of(global, "hp"));
    assert_int_equal(money_divide(prices[n / 2 - 1] + prices[n / 2], 2), money_of(global, "mp"));
    assert_int_equal(money_divide(sum, (int64_t)n), money_of(global, "atp"));
    assert_string_equal(market->name, "Bruno Mars");
    assert_string_equal(market->venue, "Allegiant Stadium");
    assert_string_equal(market->timezone, "US/Pacific");
    mem_free(prices);
    close_sample(&sample);
}

struct totals {
    int64_t lowest, highest, tickets, listings;
};

static struct totals total_of(const struct market *market, const char *zone, const char *section,
                              unsigned size)
{
    struct totals totals = {INT64_MAX, 0, 0, 0};
    for (size_t i = 0; i < market->listing_count; i++) {
        const struct listing *l = &market->listings[i];
        if ((zone && strcmp(l->zone, zone) != 0) || (section && strcmp(l->section, section) != 0) ||
            (size > 0 && !(listing_size_mask(l->splits) >> (size - 1) & 1)))
            continue;
        totals.lowest = l->price_minor < totals.lowest ? l->price_minor : totals.lowest;
        totals.highest = l->price_minor > totals.highest ? l->price_minor : totals.highest;
        totals.tickets += l->quantity;
        totals.listings++;
    }
    return totals;
}

static void the_sample_gives_the_totals_of_its_zones_and_sections(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample, "vividseats/listings-6501519.json");
    int zones = 0, sections = 0;
    const struct json *item = json_first(json_get(sample.doc.root, "groups"));
    for (; item; item = json_next(item)) {
        struct totals t = total_of(&sample.market, json_string(json_get(item, "n")), NULL, 0);
        assert_int_equal(t.tickets, count_of(item, "q"));
        if (t.tickets == 0)
            continue;
        assert_int_equal(t.lowest, money_of(item, "l"));
        assert_int_equal(t.highest, money_of(item, "h"));
        zones++;
    }
    item = json_first(json_get(sample.doc.root, "sections"));
    for (; item; item = json_next(item)) {
        struct totals t = total_of(&sample.market, NULL, json_string(json_get(item, "n")), 0);
        assert_int_equal(t.tickets, count_of(item, "q"));
        if (t.tickets > 0)
            assert_int_equal(t.lowest, money_of(item, "l"));
        sections++;
    }
    assert_int_equal(zones, 6);
    assert_int_equal(sections, 167);
    assert_int_equal(sample.market.section_count, 167);
    assert_int_equal(sample.market.zone_count, 7);
    assert_int_equal(total_of(&sample.market, LISTING_UNMAPPED, NULL, 0).listings, 6);
    assert_int_equal(total_of(&sample.market, LISTING_UNMAPPED, NULL, 0).tickets, 22);
    close_sample(&sample);
}

static void the_sample_gives_group_prices_by_what_can_be_bought(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample, "vividseats/listings-6501519.json");
    assert_int_equal(total_of(&sample.market, NULL, NULL, 2).listings, 863);
    assert_int_equal(total_of(&sample.market, "Field", NULL, 1).lowest, 43900);
    assert_int_equal(total_of(&sample.market, "100 Level", NULL, 1).lowest, 30000);
    assert_int_equal(total_of(&sample.market, "400 Level", NULL, 2).lowest, 20520);
    close_sample(&sample);
}

/* The words of the sellers' notes lead to exactly the listings that the platform tags. */
static void the_sample_has_the_tags_that_the_platform_gave(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample, "vividseats/listings-6501519.json");
    size_t obstructed = 0, parking = 0, standing = 0, all_in = 0;
    for (size_t i = 0; i < sample.market.listing_count; i++) {
        const struct listing *l = &sample.market.listings[i];
        obstructed += (l->tags & LISTING_OBSTRUCTED) != 0;
        parking += (l->tags & LISTING_PARKING) != 0;
        standing += (l->tags & LISTING_STANDING) != 0;
        all_in += l->all_in_minor != LISTING_NO_PRICE;
    }
    assert_int_equal(obstructed, 90);
    assert_int_equal(parking, 0); /* two have the tag: a loge box that parking comes with */
    assert_int_equal(standing, 2);
    assert_int_equal(all_in, 0);
    close_sample(&sample);
}

static void the_sample_with_all_in_prices_keeps_both(void **state)
{
    (void)state;
    struct sample sample;
    open_sample(&sample, "vividseats/listings-5990417-excerpt.json");
    const struct json *global = json_first(json_get(sample.doc.root, "global"));
    int64_t lowest = INT64_MAX, lowest_all_in = INT64_MAX;
    assert_int_equal(sample.market.listing_count, 16);
    for (size_t i = 0; i < 16; i++) {
        const struct listing *l = &sample.market.listings[i];
        assert_true(l->all_in_minor > l->price_minor);
        lowest = l->price_minor < lowest ? l->price_minor : lowest;
        lowest_all_in = l->all_in_minor < lowest_all_in ? l->all_in_minor : lowest_all_in;
    }
    assert_int_equal(lowest, money_of(global, "lp"));
    assert_int_equal(lowest_all_in, money_of(global, "lowestAip"));
    close_sample(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_listing_is_read_whole),
        cmocka_unit_test(zones_and_sections_come_from_the_map),
        cmocka_unit_test(places_follow_the_ids),
        cmocka_unit_test(an_unreadable_listing_is_rejected_with_its_reason),
        cmocka_unit_test(a_listing_without_a_usable_id_is_rejected),
        cmocka_unit_test(a_ticket_that_is_no_object_is_rejected),
        cmocka_unit_test(numbers_are_as_good_as_strings),
        cmocka_unit_test(prices_are_exact),
        cmocka_unit_test(all_in_needs_proof),
        cmocka_unit_test(sizes_are_those_that_can_be_bought),
        cmocka_unit_test(made_up_seats_are_not_shown),
        cmocka_unit_test(tags_come_from_every_place_that_says_them),
        cmocka_unit_test(names_are_safe_to_print),
        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(the_whole_answer_is_judged),
        cmocka_unit_test(a_file_may_be_about_any_event),
        cmocka_unit_test(refusals_are_passed_on),
        cmocka_unit_test(the_order_of_the_answer_does_not_matter),
        cmocka_unit_test(the_sample_gives_its_own_totals),
        cmocka_unit_test(the_sample_gives_the_totals_of_its_zones_and_sections),
        cmocka_unit_test(the_sample_gives_group_prices_by_what_can_be_bought),
        cmocka_unit_test(the_sample_has_the_tags_that_the_platform_gave),
        cmocka_unit_test(the_sample_with_all_in_prices_keeps_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
