#include "core/simwire.h"

#include <string.h>

#include "core/simpick.h"

/* No ticket is longer: its texts come from tables, three of them thrice. */
enum { TICKET_MAX = 4096, SHORT_MAX = 80 };

/* What is asked about a listing's key, beyond what simticket asks. */
enum question { ASK_NOTE = 1 << 21, ASK_SCORE, ASK_CODES, ASK_DELIVERY, ASK_FACE, ASK_BADGE };

static inline char *put(char *at, const char *text)
{
    size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

static char *put_number(char *at, int64_t number)
{
    char digits[24], *first = digits + sizeof digits;
    do {
        *--first = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    size_t length = (size_t)(digits + sizeof digits - first);
    memcpy(at, first, length);
    return at + length;
}

static char *put_money(char *at, int64_t minor)
{
    at = put_number(at, minor / 100);
    *at++ = '.';
    *at++ = (char)('0' + minor / 10 % 10);
    *at++ = (char)('0' + minor % 10);
    return at;
}

/* The texts that stand in a ticket more than once. */
struct words {
    char price[SHORT_MAX], all_in[SHORT_MAX], quantity[SHORT_MAX], score[8];
};

/* What stands in the place of a price, a quantity, the sizes or the id of a listing that cannot be
 * read. */
static const struct {
    const char *price, *quantity, *sizes, *id;
} spoilt[SIMTICKET_SPOILS] = {
    [SIMTICKET_NAN] = {.price = "NaN"},
    [SIMTICKET_NEGATIVE] = {.price = "-5.00"},
    [SIMTICKET_WORD] = {.price = "call us"},
    [SIMTICKET_HUGE] = {.price = "1e999"},
    [SIMTICKET_NO_TICKETS] = {.quantity = "0"},
    [SIMTICKET_BAD_SPLITS] = {.sizes = "2,x"},
    [SIMTICKET_NO_ID] = {.id = ""},
};

static bool may_buy(const struct simticket *ticket, int size)
{
    switch (ticket->split) {
    case SIMTICKET_PAIRS:
        return size % 2 == 0;
    case SIMTICKET_ANY:
        return true;
    case SIMTICKET_CUSTOM:
        return size == ticket->quantity || (ticket->backwards && size == ticket->quantity - 2);
    case SIMTICKET_NO_SINGLE:
        return ticket->quantity - size != 1;
    }
    return false;
}

static char *put_sizes(char *at, const struct simticket *ticket)
{
    /* only the lists that sellers write by hand come unsorted */
    bool backwards = ticket->split == SIMTICKET_CUSTOM && ticket->backwards;
    char *first = at;
    for (int i = 1; i <= ticket->quantity; i++) {
        int size = backwards ? ticket->quantity + 1 - i : i;
        if (!may_buy(ticket, size))
            continue;
        if (at > first)
            *at++ = ',';
        at = put_number(at, size);
    }
    return at;
}

static char *put_note(char *at, const struct simticket *ticket)
{
    static const char *const views[] = {"Limited view. ", "Obstructed view. ",
                                        "Limited/Obstructed view. ", "Limited View ",
                                        "Aisle. Limited View. XFER "};
    static const char phone[] =
        "Please note that you will need to use an iOS or Android mobile device to gain "
        "entry to your event.";
    uint64_t roll = simpick_bits(ticket->key, ASK_NOTE);
    if (roll % 97 == 0)
        return at;
    if (ticket->flags & SIMTICKET_OBSTRUCTED)
        at = put(at, views[roll % 5]);
    if (ticket->flags & SIMTICKET_ACCESSIBLE)
        at = put(at,
                 roll & 1 ? "ADA accessible. " : "Wheelchair accessible. Mobile Entry Tickets. ");
    if (ticket->flags & SIMTICKET_FOOD)
        at = put(at, "Food and beverage will be all-inclusive inside the lounge. XFER ");
    if (ticket->flags & SIMTICKET_PARKING)
        at = put(at, "Parking pass only, this is not a ticket to the event. ");
    if (roll % 40 == 1)
        at = put(at, "Mobile Tickets. Tickets must be displayed on a smartphone for entry. ");
    at = put(at, phone);
    if (roll % 11 == 2)
        at = put(at, " This Seat Saver listing is a service backed by our buyer guarantee in which "
                     "the seller is "
                     "offering to buy tickets for you for a fixed price in the listed section.");
    return at;
}

/* A list of the words whose flag is set. */
struct flag_word {
    unsigned flag;
    const char *word;
};

static char *put_flags(char *at, const struct flag_word *words, size_t count, unsigned flags)
{
    char *first = at;
    for (size_t i = 0; i < count; i++) {
        if (!(flags & words[i].flag))
            continue;
        if (at > first)
            *at++ = ',';
        *at++ = '"';
        at = put(at, words[i].word);
        *at++ = '"';
    }
    return at;
}

/* Absent when empty, as in the real answers. */
static char *put_tags(char *at, unsigned flags)
{
    static const struct flag_word words[] = {
        {SIMTICKET_OBSTRUCTED, "OBSTRUCTED_VIEW"},
        {SIMTICKET_VIP, "VIP"},
        {SIMTICKET_SUITE, "SUITE"},
        {SIMTICKET_CLUB, "CLUB_SEATS"},
        {SIMTICKET_STANDING, "STANDING_ROOM_ONLY"},
        {SIMTICKET_FOOD, "FOOD_AND_BEVERAGE_INCLUDED"},
        {SIMTICKET_PARKING, "PARKING"},
        {SIMTICKET_FRONT, "FIRST_ROW_IN_SECTION"},
    };
    char *first = at, *list = put(at, ",\"tags\":[");
    at = put_flags(list, words, sizeof words / sizeof *words, flags);
    return at == list ? first : put(at, "]");
}

static char *put_perks(char *at, const struct simticket *ticket)
{
    enum { TOGETHER = 1 << 30 };
    static const struct flag_word words[] = {
        {TOGETHER, "Seated Together"},
        {SIMTICKET_SUITE, "Suite"},
        {SIMTICKET_FRONT, "Front of Section"},
        {SIMTICKET_STANDING, "Standing Room Only"},
        {SIMTICKET_CLUB, "Club Seats"},
        {SIMTICKET_FOOD, "Unlimited Food and Beverage"},
        {SIMTICKET_VIP, "VIP"},
    };
    bool seated =
        ticket->quantity > 1 && !(ticket->flags & (SIMTICKET_STANDING | SIMTICKET_PARKING));
    unsigned flags = ticket->flags | (seated ? (unsigned)TOGETHER : 0);
    return put(put_flags(put(at, ",\"perks\":["), words, sizeof words / sizeof *words, flags), "]");
}

static char *put_badges(char *at, const struct simmarket *market, const struct simticket *ticket)
{
    static const char *const badges[] = {
        "{\"category\":\"SCARCITY\",\"title\":\"Last Ticket in Section\"}",
        "{\"category\":\"PRICE\",\"title\":\"Lowest Price in Section\"}",
        "{\"category\":\"SCARCITY\",\"title\":\"Section Selling Fast\"}",
        "{\"category\":\"TICKET_ATTRIBUTE\",\"title\":\"Front of Section\"}",
        "{\"category\":\"URGENCY\",\"title\":\"SALE!\"}",
    };
    const struct simmarket_sum *sum =
        ticket->section < 0 ? NULL : &market->sections[ticket->section];
    bool has[] = {sum && sum->listings == 1, sum && sum->low_minor == ticket->price_minor,
                  simpick_below(ticket->key, ASK_BADGE, 50) == 0, ticket->flags & SIMTICKET_FRONT,
                  ticket->flags & SIMTICKET_SALE};
    at = put(at, ",\"badges\":[");
    char *first = at;
    for (size_t i = 0; i < sizeof badges / sizeof *badges; i++) {
        if (!has[i])
            continue;
        if (at > first)
            *at++ = ',';
        at = put(at, badges[i]);
    }
    return put(at, "]");
}

/* Fans' listings have no such keys. */
static char *put_seats(char *at, const struct simticket *ticket)
{
    if (ticket->fan)
        return at;
    if (ticket->first_seat == SIMTICKET_NO_SEAT)
        return put(at, ",\"ls\":\"\",\"hs\":\"\"");
    if (ticket->first_seat == SIMTICKET_SEAT_NA)
        return put(at, ",\"ls\":\"N/A\",\"hs\":\"N/A\"");
    at = put_number(put(at, ",\"ls\":\""), ticket->first_seat);
    at = put_number(put(at, "\",\"hs\":\""), ticket->first_seat + ticket->quantity - 1);
    return put(at, "\"");
}

static char *put_id(char *at, const struct simticket *ticket)
{
    if (spoilt[ticket->spoil].id)
        return put(at, spoilt[ticket->spoil].id);
    return put_number(put(at, ticket->fan ? "VF" : "VB"), ticket->number);
}

int64_t simwire_group_id(const struct simmarket *market, int zone)
{
    return 300000 + 10 * (market->event.venue->id % 9000) + zone;
}

static char *put_place(char *at, const struct simmarket *market, const struct simticket *ticket)
{
    bool mapped = ticket->section >= 0;
    at = put_number(put(at, "\",\"d\":\""), mapped ? market->map.sections[ticket->section].id : 0);
    at = put_note(put(at, "\",\"n\":\""), ticket);
    at = put(at, simpick_below(ticket->key, ASK_CODES, 12) ? "\",\"f\":\"0" : "\",\"f\":\"1");
    at = put(put(at, "\",\"l\":\""), ticket->label);
    at = put(at, ticket->fan ? "\",\"g\":\"1" : "\",\"g\":\"0");
    at = put_number(put(at, "\",\"t\":\""), (int64_t)ticket->split);
    at = put(at, "\",\"m\":\"");
    at = spoilt[ticket->spoil].sizes ? put(at, spoilt[ticket->spoil].sizes) : put_sizes(at, ticket);
    return put_number(put(at, "\",\"c\":\""), mapped ? simwire_group_id(market, ticket->zone) : 0);
}

static char *put_codes(char *at, const struct simmarket *market, const struct simticket *ticket,
                       const struct words *words)
{
    bool zoned = ticket->split == SIMTICKET_ANY && ticket->first_seat == SIMTICKET_NO_SEAT;
    int delivery = simpick_below(ticket->key, ASK_DELIVERY, 200);
    at = put(at, zoned ? "\",\"z\":\"1" : "\",\"z\":\"0");
    at = put(at, simpick_below(ticket->key, ASK_CODES, 5) ? "\",\"zo\":\"0" : "\",\"zo\":\"1");
    at = put(at, "\",\"ind\":\"0\",\"instantElectronicTransfer\":\"0\",\"instantFlashSeats\":\"0\","
                 "\"st\":\"1\"");
    if (*words->score)
        at = put(put(put(at, ",\"vs\":\""), words->score), "\"");
    at = put(at, ",\"sd\":\"0\",\"stp\":\"");
    at = put(at, delivery > 1 ? "Ticketmaster Transfer" : delivery ? "E-tickets" : "Hard");
    at = put(at, "\"");
    if (market->all_in)
        at = put(put(put(at, ",\"aip\":\""), words->all_in), "\"");
    at = put_seats(put_tags(at, ticket->flags), ticket);
    if (market->all_in && simpick_below(ticket->key, ASK_FACE, 4))
        return put(at, ",\"faceValue\":\"0.00\"");
    if (market->all_in)
        return put(put_money(put(at, ",\"faceValue\":\""), ticket->price_minor * 4 / 9), "\"");
    return at;
}

static void find_words(struct words *words, const struct simmarket *market,
                       const struct simticket *ticket)
{
    const char *price = spoilt[ticket->spoil].price, *quantity = spoilt[ticket->spoil].quantity;
    char *end = price ? put(words->price, price) : put_money(words->price, ticket->price_minor);
    *end = '\0';
    end = market->all_in ? put_money(words->all_in, ticket->all_in_minor)
                         : put(words->all_in, words->price);
    *end = '\0';
    end = quantity ? put(words->quantity, quantity) : put_number(words->quantity, ticket->quantity);
    *end = '\0';
    int score = simpick_below(ticket->key, ASK_SCORE, 103);
    end = words->score;
    if (score <= 100) {
        end = put_number(end, score / 10);
        *end++ = '.';
        *end++ = (char)('0' + score % 10);
    }
    *end = '\0';
}

static char *put_ticket(char *at, const struct simmarket *market, const struct simticket *ticket)
{
    struct words words;
    find_words(&words, market, ticket);
    at = put(put(at, "{\"s\":\""), ticket->label);
    at = put(put(at, "\",\"r\":\""), ticket->row);
    at = put(put(at, "\",\"q\":\""), words.quantity);
    at = put(put(at, "\",\"p\":\""), words.price);
    at = put_id(put(at, "\",\"i\":\""), ticket);
    at = put_place(at, market, ticket);
    at = put_codes(at, market, ticket, &words);
    at = put(at, ticket->flags & SIMTICKET_SALE
                     ? ",\"di\":true,\"fdi\":\"0.050000000000\",\"pdi\":\"0.050000000000\""
                     : ",\"di\":false,\"fdi\":\"\",\"pdi\":\"\"");
    at = put(put(at, ",\"sectionName\":\""), ticket->label);
    at = put(put(at, "\",\"row\":\""), ticket->row);
    at = put(put(at, "\",\"quantity\":\""), words.quantity);
    at = put(put(at, "\",\"allInPricePerTicket\":\""), words.all_in);
    if (*words.score)
        at = put(put(at, "\",\"dealScore\":\""), words.score);
    at = put_badges(put(at, "\""), market, ticket);
    return put(put_perks(at, ticket), ",\"localPrices\":null}");
}

void simwire_put_tickets(const struct simmarket *market, struct buf *out)
{
    char text[TICKET_MAX];
    for (size_t i = 0; i < market->count; i++) {
        char *at = text;
        if (i > 0)
            *at++ = ',';
        at = put_ticket(at, market, market->order[i]);
        buf_add(out, text, (size_t)(at - text));
    }
}
