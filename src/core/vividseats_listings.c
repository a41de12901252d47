#include "core/vividseats_listings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"
#include "core/field.h"
#include "core/tags.h"
#include "core/vividseats.h"
#include "core/vividseats_map.h"
#include "io/json.h"

enum {
    VALUE_SHOWN = 48,        /* bytes of a bad value that its reason quotes */
    SEAT_PLACEHOLDER = 9001, /* from here on numbers are made up, or ids */
    KNOWN_TEXTS = 256,
};

/* Keys of tickets, groups and sections. Most are single letters, which are their own index. */
enum key {
    KEY_LETTERS = 26,
    KEY_ALL_IN = KEY_LETTERS,
    KEY_HIGH_SEAT,
    KEY_LOW_SEAT,
    KEY_PERKS,
    KEY_QUANTITY,
    KEY_ROW,
    KEY_SECTION,
    KEY_TAGS,
    KEY_COUNT
};

struct ticket {
    const struct json *at[KEY_COUNT];
};

/* What texts said, by a cheap hash: rows, perks and most notes are a few (a thousand real notes were 38, their rows 55). */
struct known {
    const char *texts[KNOWN_TEXTS];
    unsigned tags[KNOWN_TEXTS];
};

struct reader {
    struct market *market;
    struct vividseats_map map;
    bool all_in; /* `aip` is what the buyer pays */
    struct known names, notes;
};

static const struct json *letter(const struct ticket *ticket, char key)
{
    return ticket->at[key - 'a'];
}

/* No two of the longer keys begin with the same letter. */
static int find_key(const char *key)
{
    static const struct {
        const char *key;
        enum key index;
    } words[KEY_LETTERS] = {
        ['a' - 'a'] = {"aip", KEY_ALL_IN},          ['h' - 'a'] = {"hs", KEY_HIGH_SEAT},
        ['l' - 'a'] = {"ls", KEY_LOW_SEAT},         ['p' - 'a'] = {"perks", KEY_PERKS},
        ['q' - 'a'] = {"quantity", KEY_QUANTITY},   ['r' - 'a'] = {"row", KEY_ROW},
        ['s' - 'a'] = {"sectionName", KEY_SECTION}, ['t' - 'a'] = {"tags", KEY_TAGS},
    };
    if (key[0] < 'a' || key[0] > 'z')
        return -1;
    int first = key[0] - 'a';
    if (key[1] == '\0')
        return first;
    return words[first].key && strcmp(words[first].key, key) == 0 ? (int)words[first].index : -1;
}

static void take_value(void *context, const char *key, const struct json *value)
{
    struct ticket *ticket = context;
    int index = find_key(key);
    if (index >= 0 && !ticket->at[index])
        ticket->at[index] = value;
}

/* Notes why a listing is not believed: "price 'abc' is not a number". A `value` of NULL is not
 * quoted. Always false. */
static bool reject(struct reader *reader, const char *id, const char *key, const char *value,
                   const char *fault)
{
    struct market *market = reader->market;
    char shown[VALUE_SHOWN];
    text_sanitise(shown, sizeof shown, value ? value : "");
    market->rejects[market->reject_count++] = (struct listing_reject){
        id, value ? arena_printf(&market->arena, "%s '%s' %s", key, shown, fault)
                  : arena_printf(&market->arena, "%s %s", key, fault)};
    return false;
}

static bool is_null(const struct json *value)
{
    return json_type(value) == JSON_NULL;
}

static const char *price_fault(const char *text, int64_t minor)
{
    size_t sign = text[0] == '-', digits = strspn(text + sign, "0123456789");
    const char *rest = text + sign + digits;
    size_t decimals = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
    if (digits == 0 || rest[decimals > 0 ? decimals + 1 : 0] != '\0')
        return "is not a number";
    if (sign)
        return "is negative";
    if (minor == 0)
        return "is nothing: no ticket is free";
    if (decimals > 2 && rest[3 + strspn(rest + 3, "0")] != '\0')
        return "has more than two decimals";
    return "is above 10000000.00";
}

static bool read_price(struct reader *reader, const struct ticket *ticket, struct listing *listing)
{
    char room[FIELD_TEXT_MAX];
    const char *text = field_text(letter(ticket, 'p'), room);
    int64_t minor = LISTING_NO_PRICE;
    if (!text)
        return reject(reader, listing->id, "price", NULL,
                      is_null(letter(ticket, 'p')) ? "is missing" : "is not a number");
    if (!money_parse(text, &minor) || minor == 0)
        return reject(reader, listing->id, "price", text, price_fault(text, minor));
    listing->price_minor = minor;
    return true;
}

/* An all-in price that cannot be read is not known; the listing can still be shown by its base
 * price. */
static int64_t read_all_in(const struct reader *reader, const struct json *value)
{
    char room[FIELD_TEXT_MAX];
    int64_t minor;
    const char *text = reader->all_in ? field_text(value, room) : NULL;
    return text && money_parse(text, &minor) && minor > 0 ? minor : LISTING_NO_PRICE;
}

static bool read_id(struct reader *reader, const struct ticket *ticket, struct listing *listing)
{
    char room[FIELD_TEXT_MAX];
    const char *id = field_text(letter(ticket, 'i'), room);
    if (!id || !*id)
        return reject(reader, NULL, "id", NULL, "is missing");
    if (strlen(id) >= LISTING_ID_MAX || !field_is_clean(id))
        return reject(reader, NULL, "id", id, "is too long or has special characters");
    listing->id = arena_strdup(&reader->market->arena, id);
    return true;
}

static bool read_quantity(struct reader *reader, const struct ticket *ticket,
                          struct listing *listing)
{
    char room[FIELD_TEXT_MAX];
    const struct json *value = letter(ticket, 'q');
    value = value ? value : ticket->at[KEY_QUANTITY];
    const char *text = field_text(value, room);
    int64_t quantity;
    if (!text)
        return reject(reader, listing->id, "quantity", NULL,
                      is_null(value) ? "is missing" : "is not a whole number");
    if (!text_to_int(text, &quantity))
        return reject(reader, listing->id, "quantity", text, "is not a whole number");
    if (quantity < 1 || quantity > LISTING_QUANTITY_MAX)
        return reject(reader, listing->id, "quantity", text,
                      quantity < 1 ? "is less than 1" : "is above 1000");
    listing->quantity = (int)quantity;
    return true;
}

/* Cuts an ascending list before the first size above `most`. Whether something is left. */
static bool cut_sizes(char *sizes, int most)
{
    for (char *at = sizes; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strtol(at, NULL, 10) > most) {
            at[at > sizes ? -1 : 0] = '\0';
            break;
        }
    }
    return sizes[0] != '\0';
}

static bool read_splits(struct reader *reader, const struct ticket *ticket, struct listing *listing)
{
    char room[FIELD_TEXT_MAX], sizes[LISTING_SPLITS_MAX];
    const struct json *value = letter(ticket, 'm');
    const char *text = field_text(value, room);
    if (!text && !is_null(value))
        return reject(reader, listing->id, "m", NULL, "is not a list of sizes");
    bool said = text && *text;
    if (said && !listing_canonical_splits(sizes, text))
        return reject(reader, listing->id, "m", text, "is not a list of sizes");
    listing->splits_inferred = !said || !cut_sizes(sizes, listing->quantity);
    if (listing->splits_inferred)
        listing_infer_splits(sizes, listing->quantity);
    listing->splits = arena_strdup(&reader->market->arena, sizes);
    return true;
}

/* Whether a text is the number of a real seat: no zero, none of the numbers that stand for "not
 * said". */
static bool is_seat(const char *text)
{
    size_t length = text ? strspn(text, "0123456789") : 0;
    return length > 0 && length <= 4 && text[length] == '\0' && text[0] != '0' &&
           strtol(text, NULL, 10) < SEAT_PLACEHOLDER;
}

static const char *read_seats(struct reader *reader, const struct ticket *ticket)
{
    char low_room[FIELD_TEXT_MAX], high_room[FIELD_TEXT_MAX];
    const char *low = field_text(ticket->at[KEY_LOW_SEAT], low_room);
    const char *high = field_text(ticket->at[KEY_HIGH_SEAT], high_room);
    if (!is_seat(low) || !is_seat(high) || strtol(low, NULL, 10) > strtol(high, NULL, 10))
        return "";
    if (strcmp(low, high) == 0)
        return arena_strdup(&reader->market->arena, low);
    size_t length = strlen(low);
    char *seats = arena_alloc(&reader->market->arena, length + strlen(high) + 2);
    memcpy(seats, low, length);
    seats[length] = '-';
    memcpy(seats + length + 1, high, strlen(high) + 1);
    return seats;
}

/* The text must live as long as the reader. */
static unsigned known_tags(struct known *known, const char *text,
                           unsigned (*tags_of)(const char *text))
{
    size_t length = strlen(text);
    unsigned first = (unsigned char)text[0],
             last = length > 0 ? (unsigned char)text[length - 1] : 0;
    size_t slot = (length + 5 * first + 3 * last) % KNOWN_TEXTS;
    if (!known->texts[slot] || strcmp(known->texts[slot], text) != 0) {
        known->texts[slot] = text;
        known->tags[slot] = tags_of(text);
    }
    return known->tags[slot];
}

static unsigned tags_of_list(struct reader *reader, const struct json *list)
{
    unsigned tags = 0;
    for (const struct json *item = json_first(list); item; item = json_next(item))
        if (json_string(item))
            tags |= known_tags(&reader->names, json_string(item), tags_of_name);
    return tags;
}

/* A PARKING tag is on seats that come with parking, too: their notes speak of seats. */
static unsigned stated_tags(struct reader *reader, const struct ticket *ticket)
{
    unsigned stated =
        tags_of_list(reader, ticket->at[KEY_TAGS]) | tags_of_list(reader, ticket->at[KEY_PERKS]);
    const char *notes = json_string(letter(ticket, 'n'));
    unsigned noted = notes ? known_tags(&reader->notes, notes, tags_of_notes) : 0;
    if (noted & TAGS_SEATED)
        stated &= ~(unsigned)LISTING_PARKING;
    return stated | (noted & ~(unsigned)TAGS_SEATED);
}

static const char *first_text(const struct json *const *values, size_t count, char *room)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = field_text(values[i], room);
        if (text && *text)
            return text;
    }
    return "";
}

/* Where it lies: zone by `c`, section by `d`, each else by what the seller wrote. */
static void read_place(struct reader *reader, const struct ticket *ticket, struct listing *listing)
{
    const struct json *const labels[] = {letter(ticket, 'l'), letter(ticket, 's'),
                                         ticket->at[KEY_SECTION]};
    const struct json *const rows[] = {letter(ticket, 'r'), ticket->at[KEY_ROW]};
    char room[FIELD_TEXT_MAX];
    const struct vividseats_place *section =
        vividseats_map_section(&reader->map, letter(ticket, 'd'));
    listing->zone = vividseats_map_zone(&reader->map, letter(ticket, 'c'));
    const char *label = first_text(labels, sizeof labels / sizeof labels[0], room);
    if (section && strcmp(label, section->raw) == 0) {
        listing->label = section->name;
    } else {
        listing->label = field_keep(&reader->market->arena, label, LISTING_NAME_MAX);
        listing->tags |= tags_of_name(listing->label);
    }
    listing->section = section           ? section->name
                       : *listing->label ? listing->label
                                         : LISTING_UNMAPPED;
    listing->tags |= section ? section->tags : 0;
    listing->row =
        field_keep(&reader->market->arena, first_text(rows, sizeof rows / sizeof rows[0], room),
                   LISTING_NAME_MAX);
    listing->tags |= known_tags(&reader->names, listing->row, tags_of_name);
}

static void read_ticket(struct reader *reader, const struct json *item)
{
    struct market *market = reader->market;
    struct ticket ticket = {0};
    struct listing listing = {0};
    if (json_type(item) != JSON_OBJECT) {
        reject(reader, NULL, "listing", NULL, "is no object");
        return;
    }
    json_each(item, take_value, &ticket);
    if (!read_id(reader, &ticket, &listing) || !read_price(reader, &ticket, &listing) ||
        !read_quantity(reader, &ticket, &listing) || !read_splits(reader, &ticket, &listing))
        return;
    read_place(reader, &ticket, &listing);
    listing.all_in_minor = read_all_in(reader, ticket.at[KEY_ALL_IN]);
    listing.seats = read_seats(reader, &ticket);
    listing.tags |= stated_tags(reader, &ticket);
    market->listings[market->listing_count++] = listing;
}

static void read_tickets(struct reader *reader, const struct json *tickets, size_t count)
{
    struct market *market = reader->market;
    market->listings = arena_array(&market->arena, count, sizeof *market->listings);
    market->rejects = arena_array(&market->arena, count, sizeof *market->rejects);
    for (const struct json *item = json_first(tickets); item; item = json_next(item))
        read_ticket(reader, item);
}

static enum outcome bad(struct err *err, const char *why)
{
    err_set(err, ERR_EVENT, "%s", why);
    return OUTCOME_BAD_PAYLOAD;
}

static bool read_flag(const struct json *value)
{
    const char *text = json_string(value);
    return text ? strcmp(text, "true") == 0 : json_bool(value, false);
}

/* The event that the answer is about: names, and whether it is the one that was asked for. */
static enum outcome read_global(struct reader *reader, const struct json *global,
                                const char *external_id, struct err *err)
{
    static const char *const keys[] = {"productionName", "mapTitle", "venueTimeZone"};
    struct market *market = reader->market;
    const char **const places[] = {&market->name, &market->venue, &market->timezone};
    char room[FIELD_TEXT_MAX], id[EVENT_ID_MAX];
    const char *text = field_text(json_get(global, "productionId"), room);
    if (!text || strchr(text, '/') || !vividseats_platform()->read_id(text, id, sizeof id))
        return bad(err, "'global' has no productionId");
    if (external_id && strcmp(id, external_id) != 0) {
        err_set(err, ERR_EVENT, "the answer is about production '%s', not '%s'", id, external_id);
        return OUTCOME_WRONG_EVENT;
    }
    market->external_id = arena_strdup(&market->arena, id);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        text = json_string(json_get(global, keys[i]));
        const char *name = text ? field_keep(&reader->market->arena, text, EVENT_TEXT_MAX) : "";
        *places[i] = *name ? name : NULL;
    }
    reader->all_in = read_flag(json_get(global, "showAip"));
    return OUTCOME_OK;
}

static bool read_currency(struct market *market, const struct json *i18n, struct err *err)
{
    const char *to = json_string(json_get(i18n, "to"));
    market->currency = "USD";
    if (!to || !*to)
        return true;
    if (strlen(to) != 3 || strspn(to, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
        return err_set(err, ERR_EVENT, "currency '%s' is not a code of three letters", to);
    market->currency = arena_strdup(&market->arena, to);
    return true;
}

/* No tickets are believed only when the answer counts none, too: what failed must never look like
 * sold out. */
static enum outcome judge_empty(const struct json *global, struct err *err)
{
    char room[FIELD_TEXT_MAX];
    int64_t count;
    const struct json *value = json_get(global, "listingCount");
    const char *text = field_text(value ? value : json_get(global, "ticketCount"), room);
    if (!text || !text_to_int(text, &count))
        return bad(err, "no tickets, and no listingCount that says that there are none");
    if (count == 0)
        return OUTCOME_EMPTY;
    err_set(err, ERR_EVENT, "no tickets, although listingCount is %" PRId64, count);
    return OUTCOME_BAD_PAYLOAD;
}

static enum outcome read_market(struct reader *reader, const struct json *root,
                                const char *external_id, struct err *err)
{
    const struct json *global = json_first(json_get(root, "global"));
    const struct json *tickets = json_get(root, "tickets");
    const struct json *groups = json_get(root, "groups"), *sections = json_get(root, "sections");
    if (json_type(root) != JSON_OBJECT)
        return bad(err, is_null(root) ? "the answer is null" : "the answer is no object");
    if (json_type(json_get(root, "global")) != JSON_ARRAY || json_type(global) != JSON_OBJECT)
        return bad(err, "the answer has no 'global', or an empty one");
    enum outcome outcome = read_global(reader, global, external_id, err);
    if (outcome != OUTCOME_OK)
        return outcome;
    if (json_type(tickets) != JSON_ARRAY)
        return bad(err, "the answer has no 'tickets'");
    size_t count = json_count(tickets);
    if (count > LISTING_MAX)
        return bad(err, "the answer has more than 100000 tickets");
    if (json_count(groups) > VIVIDSEATS_MAP_MAX || json_count(sections) > VIVIDSEATS_MAP_MAX)
        return bad(err, "the answer has more than 20000 zones or sections");
    if (!read_currency(reader->market, json_get(root, "i18n"), err))
        return OUTCOME_BAD_PAYLOAD;
    vividseats_map_read(&reader->map, reader->market, groups, sections);
    read_tickets(reader, tickets, count);
    market_settle(reader->market);
    if (!market_is_believable(reader->market, err))
        return OUTCOME_BAD_PAYLOAD;
    return count > 0 ? OUTCOME_OK : judge_empty(global, err);
}

enum outcome vividseats_listings_read(const struct platform_answer *answer, const char *external_id,
                                      struct market *market, struct err *err)
{
    /* half of the members of a ticket are of no use */
    static const char *const keys[] = {"global",
                                       "productionId",
                                       "productionName",
                                       "mapTitle",
                                       "venueTimeZone",
                                       "showAip",
                                       "listingCount",
                                       "ticketCount",
                                       "i18n",
                                       "to",
                                       "tickets",
                                       "groups",
                                       "sections",
                                       "c",
                                       "d",
                                       "g",
                                       "i",
                                       "l",
                                       "m",
                                       "n",
                                       "p",
                                       "q",
                                       "r",
                                       "s",
                                       "aip",
                                       "hs",
                                       "ls",
                                       "perks",
                                       "quantity",
                                       "row",
                                       "sectionName",
                                       "tags",
                                       NULL};
    AUTO_JSON struct json_doc doc = {0};
    enum outcome outcome;
    if (platform_refused(answer, &outcome, err))
        return outcome;
    if (!json_parse_keys(&doc, answer->body, answer->length, keys, err)) {
        err->code = ERR_EVENT;
        err_wrap(err, "not JSON");
        return OUTCOME_BAD_PAYLOAD;
    }
    struct reader reader = {.market = market};
    outcome = read_market(&reader, doc.root, external_id, err);
    if (!outcome_is_good(outcome)) {
        market_release(market);
        market_init(market);
    }
    return outcome;
}
