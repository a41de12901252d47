#include "core/tags.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/listing.h"

struct tag_case {
    const char *text;
    unsigned tags;
};

static void check(unsigned (*find)(const char *), const struct tag_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (find(cases[i].text) != cases[i].tags)
            fail_msg("'%s' gave %#x, not %#x", cases[i].text, find(cases[i].text), cases[i].tags);
}

static void names_say_their_tags_word_by_word(void **state)
{
    (void)state;
    static const struct tag_case cases[] = {
        {"Parking Pass", LISTING_PARKING},
        {"Lot 5", LISTING_PARKING},
        {"BLUE LOT", LISTING_PARKING},
        {"Lottery Box", 0},
        {"Charlotte Suite", LISTING_SUITE},
        {"Camelot 12", 0},
        {"SRO", LISTING_STANDING},
        {"SRO8", LISTING_STANDING},
        {"Standing Room Only", LISTING_STANDING},
        {"Outstanding Seats", 0},
        {"Field C2 ADA", LISTING_ACCESSIBLE},
        {"Wheelchair 101", LISTING_ACCESSIBLE},
        {"Canada Deck", 0},
        {"LEGENDS CLUB", LISTING_CLUB},
        {"Clubhouse Box 12", 0},
        {"Suites", LISTING_SUITE},
        {"VIP Club", LISTING_VIP | LISTING_CLUB},
        {"Section 101", 0},
        {"13A", 0},
        {"GA", 0},
        {"", 0},
    };
    check(tags_of_name, cases, sizeof cases / sizeof cases[0]);
}

static void the_platforms_own_tags_are_names(void **state)
{
    (void)state;
    static const struct tag_case cases[] = {
        {"OBSTRUCTED_VIEW", LISTING_OBSTRUCTED},
        {"STANDING_ROOM_ONLY", LISTING_STANDING},
        {"CLUB_SEATS", LISTING_CLUB},
        {"Club Seats", LISTING_CLUB},
        {"VIP", LISTING_VIP},
        {"SUITE", LISTING_SUITE},
        {"PARKING", LISTING_PARKING},
        {"FOOD_AND_BEVERAGE_INCLUDED", 0},
        {"FIRST_ROW_IN_SECTION", 0},
        {"Seated Together", 0},
    };
    check(tags_of_name, cases, sizeof cases / sizeof cases[0]);
}

static void notes_say_their_tags(void **state)
{
    (void)state;
    static const struct tag_case cases[] = {
        {"Limited View XFER", LISTING_OBSTRUCTED},
        {"Limited/Obstructed view.", LISTING_OBSTRUCTED},
        {"Limited ViewLimited View XFER", LISTING_OBSTRUCTED},
        {"Side view: LIMITED  SIDE VIEW printed", LISTING_OBSTRUCTED},
        {"Wheelchair accessible. Mobile entry.", LISTING_ACCESSIBLE},
        {"ADA accessible.", LISTING_ACCESSIBLE},
        {"Tickets are accessible on a mobile device", 0},
        {"STANDING ROOM ONLY IN A SHARED SUITE.", LISTING_STANDING | LISTING_SUITE},
        {"VIP club access included.", LISTING_VIP},
        {"Includes a parking pass", 0},
        {"Aisle seat. 4 seats", TAGS_SEATED},
        {"Please note that you will need an iOS or Android device", 0},
    };
    check(tags_of_notes, cases, sizeof cases / sizeof cases[0]);
}

static void what_is_denied_does_not_count(void **state)
{
    (void)state;
    static const struct tag_case cases[] = {
        {"No obstructed view", 0},
        {"not obstructed", 0},
        {"Non-obstructed view", 0},
        {"Unobstructed view", 0},
        {"Not an ADA section", 0},
        {"VIP access is not included", 0},
        {"Does not include VIP access", 0},
        {"Includes VIP access", LISTING_VIP},
        {"No stairs, wheelchair accessible", LISTING_ACCESSIBLE},
        {"Parking is not included. VIP entrance", LISTING_VIP},
    };
    check(tags_of_notes, cases, sizeof cases / sizeof cases[0]);
}

static void other_alphabets_have_no_english_words_inside(void **state)
{
    (void)state;
    static const struct tag_case cases[] = {
        {"Zür\xc3\xa9vip", 0}, {"vip\xc3\xa9", 0}, {"\xe2\x80\x94 VIP", LISTING_VIP}};
    check(tags_of_name, cases, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_say_their_tags_word_by_word),
        cmocka_unit_test(the_platforms_own_tags_are_names),
        cmocka_unit_test(notes_say_their_tags),
        cmocka_unit_test(what_is_denied_does_not_count),
        cmocka_unit_test(other_alphabets_have_no_english_words_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
