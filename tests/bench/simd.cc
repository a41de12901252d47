// One forward pass of simdjson's on-demand parser, then the same market from the same pieces of the product.
#include <charconv>
#include <cstring>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <simdjson.h>

extern "C" {
#include "core/field.h"
#include "core/listing.h"
#include "core/tags.h"
#include "simd.h"
}

using std::string_view;
namespace ondemand = simdjson::ondemand;

namespace
{

struct ticket {
    string_view id, price, quantity, splits, section_id, zone_id, label, row, low, high, notes,
        all_in;
    unsigned stated;
};

struct place {
    string_view raw;
    const char *name, *zone;
    unsigned tags;
};

using places = std::unordered_map<string_view, place>;

struct known {
    string_view texts[64];
    unsigned tags[64];
    unsigned of(string_view text, unsigned (*tags_of)(const char *), struct arena *arena)
    {
        size_t slot = text.size() % 64;
        if (texts[slot].data() == nullptr || texts[slot] != text) {
            texts[slot] = text;
            tags[slot] = tags_of(arena_strndup(arena, text.data(), text.size()));
        }
        return tags[slot];
    }
};

string_view text_of(ondemand::value value)
{
    string_view text;
    if (value.get_string().get(text))
        return {};
    return text;
}

const char *keep(struct arena *arena, string_view text)
{
    return field_keep(arena, arena_strndup(arena, text.data(), text.size()), LISTING_NAME_MAX);
}

unsigned tags_of_list(ondemand::value list, known &names, struct arena *arena)
{
    unsigned tags = 0;
    ondemand::array array;
    if (list.get_array().get(array))
        return 0;
    for (auto item : array)
        tags |= names.of(text_of(item.value()), tags_of_name, arena);
    return tags;
}

ticket read_ticket(ondemand::object object, known &names, struct arena *arena)
{
    ticket t{};
    for (auto field : object) {
        string_view key = field.unescaped_key();
        ondemand::value value = field.value();
        if (key.size() == 1) {
            switch (key[0]) {
            case 'i':
                t.id = text_of(value);
                break;
            case 'p':
                t.price = text_of(value);
                break;
            case 'q':
                t.quantity = text_of(value);
                break;
            case 'm':
                t.splits = text_of(value);
                break;
            case 'd':
                t.section_id = text_of(value);
                break;
            case 'c':
                t.zone_id = text_of(value);
                break;
            case 'l':
                t.label = text_of(value);
                break;
            case 'r':
                t.row = text_of(value);
                break;
            case 'n':
                t.notes = text_of(value);
                break;
            }
        } else if (key == "ls") {
            t.low = text_of(value);
        } else if (key == "hs") {
            t.high = text_of(value);
        } else if (key == "aip") {
            t.all_in = text_of(value);
        } else if (key == "tags" || key == "perks") {
            t.stated |= tags_of_list(value, names, arena);
        }
    }
    return t;
}

// Decimals to cents; -1 when it is no price.
int64_t cents(string_view text)
{
    int64_t whole = 0, part = 0;
    const char *end = text.data() + text.size();
    auto [at, fault] = std::from_chars(text.data(), end, whole);
    if (fault != std::errc() || whole < 0)
        return -1;
    if (at == end)
        return whole * 100;
    if (*at++ != '.' || at == end || end - at > 2)
        return -1;
    auto [last, other] = std::from_chars(at, end, part);
    return other == std::errc() && last == end ? whole * 100 + (end - at == 1 ? part * 10 : part)
                                               : -1;
}

int whole(string_view text)
{
    int number = -1;
    auto [at, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    return fault == std::errc() && at == text.data() + text.size() ? number : -1;
}

const char *seats_of(const ticket &t, struct arena *arena)
{
    int low = whole(t.low), high = whole(t.high);
    if (low < 1 || low > high || high > 9000)
        return "";
    if (low == high)
        return arena_strndup(arena, t.low.data(), t.low.size());
    char seats[32];
    size_t length = t.low.copy(seats, 15);
    seats[length++] = '-';
    length += t.high.copy(seats + length, 15);
    return arena_strndup(arena, seats, length);
}

bool put_splits(const ticket &t, struct listing *listing, struct arena *arena)
{
    char sizes[LISTING_SPLITS_MAX], said[LISTING_SPLITS_MAX];
    if (t.splits.size() >= sizeof said)
        return false;
    said[t.splits.copy(said, sizeof said - 1)] = '\0';
    listing->splits_inferred = said[0] == '\0';
    if (listing->splits_inferred)
        listing_infer_splits(sizes, listing->quantity);
    else if (!listing_canonical_splits(sizes, said))
        return false;
    listing->splits = arena_strdup(arena, sizes);
    return true;
}

void put_place(const ticket &t, const places &zones, const places &sections,
               struct listing *listing, struct arena *arena)
{
    auto zone = zones.find(t.zone_id);
    auto section = sections.find(t.section_id);
    bool mapped = section != sections.end();
    listing->zone = zone != zones.end() ? zone->second.name : LISTING_UNMAPPED;
    if (mapped && section->second.raw == t.label) {
        listing->label = section->second.name;
    } else {
        listing->label = keep(arena, t.label);
        listing->tags |= tags_of_name(listing->label);
    }
    listing->section = mapped            ? section->second.name
                       : *listing->label ? listing->label
                                         : LISTING_UNMAPPED;
    listing->tags |= mapped ? section->second.tags : 0;
    listing->row = keep(arena, t.row);
    listing->tags |= tags_of_name(listing->row);
}

bool put_ticket(const ticket &t, const places &zones, const places &sections, bool all_in,
                known &notes, struct market *market)
{
    struct listing listing = {};
    struct arena *arena = &market->arena;
    listing.id = arena_strndup(arena, t.id.data(), t.id.size());
    listing.price_minor = cents(t.price);
    listing.quantity = whole(t.quantity);
    if (t.id.empty() || !field_is_clean(listing.id) || listing.price_minor <= 0 ||
        listing.quantity < 1 || !put_splits(t, &listing, arena))
        return false;
    put_place(t, zones, sections, &listing, arena);
    int64_t price = all_in ? cents(t.all_in) : -1;
    listing.all_in_minor = price > 0 ? price : LISTING_NO_PRICE;
    listing.seats = seats_of(t, arena);
    unsigned noted = t.notes.empty() ? 0 : notes.of(t.notes, tags_of_notes, arena),
             stated = t.stated;
    if (noted & TAGS_SEATED)
        stated &= ~(unsigned)LISTING_PARKING;
    listing.tags |= stated | (noted & ~(unsigned)TAGS_SEATED);
    market->listings[market->listing_count++] = listing;
    return true;
}

places read_places(ondemand::array array, const places &zones, struct arena *arena)
{
    places found;
    for (auto item : array) {
        ondemand::object object = item.get_object();
        string_view id, raw, zone;
        for (auto field : object) {
            string_view key = field.unescaped_key();
            ondemand::value value = field.value();
            if (key == "i")
                id = text_of(value);
            else if (key == "n")
                raw = text_of(value);
            else if (key == "g")
                zone = text_of(value);
        }
        const char *name = keep(arena, raw);
        auto in = zones.find(zone);
        if (*name && id != "0")
            found.emplace(id,
                          place{raw, name, in != zones.end() ? in->second.name : LISTING_UNMAPPED,
                                tags_of_name(name)});
    }
    return found;
}

void put_map(const places &zones, const places &sections, struct market *market)
{
    std::unordered_set<string_view> names;
    market->zones = static_cast<struct listing_zone *>(
        arena_array(&market->arena, zones.size() + 1, sizeof *market->zones));
    market->sections = static_cast<struct listing_section *>(
        arena_array(&market->arena, sections.size() + 1, sizeof *market->sections));
    for (const auto &[id, zone] : zones)
        if (names.insert(zone.name).second)
            market->zones[market->zone_count++] = {zone.name, (int)market->zone_count};
    names.clear();
    for (const auto &[id, section] : sections)
        if (names.insert(section.name).second)
            market->sections[market->section_count++] = {section.name, section.zone};
}

void read_global(ondemand::array global, bool *all_in, struct market *market)
{
    for (auto item : global) {
        ondemand::object object = item.get_object();
        for (auto field : object) {
            string_view key = field.unescaped_key();
            ondemand::value value = field.value();
            if (key == "productionId") {
                string_view id = text_of(value);
                market->external_id = arena_strndup(&market->arena, id.data(), id.size());
            } else if (key == "productionName") {
                market->name = keep(&market->arena, text_of(value));
            } else if (key == "mapTitle") {
                market->venue = keep(&market->arena, text_of(value));
            } else if (key == "venueTimeZone") {
                market->timezone = keep(&market->arena, text_of(value));
            } else if (key == "showAip") {
                *all_in = text_of(value) == "true";
            }
        }
    }
}

void read_all(ondemand::document &document, struct market *market)
{
    static thread_local std::vector<ticket> tickets;
    known names = {}, notes = {};
    places zones, sections;
    bool all_in = false;
    tickets.clear();
    ondemand::object root = document.get_object();
    for (auto field : root) {
        string_view key = field.unescaped_key();
        ondemand::value value = field.value();
        if (key == "global")
            read_global(value.get_array(), &all_in, market);
        else if (key == "tickets")
            for (auto item : value.get_array())
                tickets.push_back(read_ticket(item.get_object(), names, &market->arena));
        else if (key == "groups")
            zones = read_places(value.get_array(), zones, &market->arena);
        else if (key == "sections")
            sections = read_places(value.get_array(), zones, &market->arena);
    }
    market->currency = "USD";
    put_map(zones, sections, market);
    market->listings = static_cast<struct listing *>(
        arena_array(&market->arena, tickets.size() + 1, sizeof *market->listings));
    for (const ticket &t : tickets)
        if (!put_ticket(t, zones, sections, all_in, notes, market))
            throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE);
    market_settle(market);
}

} // namespace

bool simd_read(const char *text, size_t length, struct market *market)
{
    static thread_local ondemand::parser parser;
    try {
        ondemand::document document = parser.iterate(text, length, length + 64);
        read_all(document, market);
    } catch (const simdjson::simdjson_error &) {
        return false;
    }
    return true;
}
