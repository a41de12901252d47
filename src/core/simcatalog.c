#include "core/simcatalog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "core/simmarket.h"

enum { PARKING_CATEGORY = 75, WORD_MAX = 80 };

/* --- one production --- */

/* Prices are real numbers here: 97, 169.1, 604.12. */
static void put_number(struct buf *out, const char *key, int64_t minor)
{
    buf_printf(out, "\"%s\":%" PRId64, key, minor / 100);
    if (minor % 10)
        buf_printf(out, ".%02d", (int)(minor % 100));
    else if (minor % 100)
        buf_printf(out, ".%d", (int)(minor % 100 / 10));
    buf_putc(out, ',');
}

static void put_dates(const struct simevent *event, struct buf *out)
{
    struct civil civil;
    char utc[CLOCK_TEXT_MAX];
    clock_civil_zone(event->start_ms, event->venue->timezone, &civil);
    int64_t shown_ms = event->start_ms;
    if (event->time_tbd) { /* the day is known: its midnight stands for it */
        civil.hour = civil.minute = 0;
        shown_ms = clock_from_civil(&civil);
    }
    int minutes = abs(civil.offset_s) / 60;
    buf_printf(out, "\"localDate\":\"%04d-%02d-%02dT%02d:%02d:00%c%02d:%02d[%s]\",", civil.year,
               civil.month, civil.day, civil.hour, civil.minute, civil.offset_s < 0 ? '-' : '+',
               minutes / 60, minutes % 60, event->venue->timezone);
    buf_printf(out, "\"utcDate\":\"%s\",\"dateTbd\":false,\"timeTbd\":%s,",
               clock_format(utc, shown_ms), event->time_tbd ? "true" : "false");
}

static void put_venue(const struct simvenue *venue, struct buf *out)
{
    buf_printf(out, "\"venue\":{\"id\":%d,\"name\":\"%s\",\"address1\":\"%s\",\"address2\":\"\",",
               venue->id, venue->name, venue->address);
    buf_printf(out,
               "\"city\":\"%s\",\"state\":\"%s\",\"postalCode\":\"%s\",\"phone\":\"\","
               "\"countryCode\":\"%s\",",
               venue->city, venue->state, venue->postal, venue->country);
    buf_printf(out,
               "\"regionId\":58,\"timezone\":\"%s\",\"organicUrl\":\"/venue/%d\",\"webPath\":\"/"
               "venue/%d\",",
               venue->timezone, venue->id, venue->id);
    buf_printf(out, "\"productionCount\":12,\"capacity\":%d,\"revenueRank\":%d},", venue->capacity,
               venue->id % 9973);
}

static void put_performers(const struct simvenue_act *act, struct buf *out)
{
    const struct simvenue_genre *genre = act->genre;
    buf_puts(out, "\"performers\":[");
    for (int i = 0; i < 2 && act->performers[i]; i++) {
        const struct simvenue_performer *performer = act->performers[i];
        buf_printf(out, "%s{\"id\":%d,\"name\":\"%s\",", i > 0 ? "," : "", performer->id,
                   performer->name);
        buf_printf(out, "\"category\":{\"id\":%d,\"name\":\"%s\",", genre->category,
                   genre->category_name);
        buf_printf(out, "\"subCategories\":[{\"id\":%d,\"name\":\"%s\"}]},", genre->sub_category,
                   genre->sub_category_name);
        /* the home team, or the only act, is the master */
        buf_printf(out, "\"master\":%s,\"parkingId\":%d,\"urlName\":\"%s\",",
                   i == 1 || !act->performers[1] ? "true" : "false", 52000 + performer->id % 1000,
                   performer->slug);
        buf_printf(
            out,
            "\"webPath\":\"/%s-tickets/performer/%d\",\"nickname\":\"%s\",\"productionCount\":8}",
            performer->slug, performer->id, performer->name);
    }
    buf_puts(out, "],");
}

/* The totals of the market; those of an empty one are left out, as the platform does. */
static void put_totals(const struct simmarket *market, struct buf *out)
{
    if (market->sum.listings == 0)
        return;
    put_number(out, "minPrice", market->base.low_minor);
    put_number(out, "maxPrice", market->base.high_minor);
    put_number(out, "avgPrice", market->base.average_minor);
    put_number(out, "medianPrice", market->base.median_minor);
    if (market->all_in) {
        put_number(out, "minAipPrice", market->with_fees.low_minor);
        put_number(out, "maxAipPrice", market->with_fees.high_minor);
    }
    buf_printf(out, "\"listingCount\":%" PRId64 ",\"ticketCount\":%" PRId64 ",",
               market->sum.listings, market->sum.tickets);
}

void simcatalog_put_item(const struct simevent_world *world, const struct simevent *event,
                         int64_t at_ms, struct buf *out)
{
    const struct simvenue_act *act = event->act;
    AUTO_SIMMARKET struct simmarket market = {0};
    simmarket_draw(world, event, at_ms, &market);
    buf_printf(out, "{\"id\":%" PRId64 ",\"name\":\"%s\",", event->id, event->name);
    put_dates(event, out);
    put_venue(event->venue, out);
    put_totals(&market, out);
    buf_printf(out, "\"showAip\":%s,\"categoryId\":%d,\"subCategoryId\":%d,",
               market.all_in ? "true" : "false", act->genre->category,
               event->parking ? PARKING_CATEGORY : act->genre->sub_category);
    buf_puts(out, "\"ifNecessary\":false,\"hidden\":false,\"primaryIntegrated\":false,"
                  "\"similarProductionCount\":5,");
    buf_printf(
        out, "\"productionDelayType\":\"NONE\",\"organicUrl\":\"/%s-tickets/%s-%" PRId64 ".html\",",
        act->performers[0]->slug, act->performers[0]->slug, event->id);
    buf_printf(out, "\"webPath\":\"/%s-tickets-%d--%s/production/%" PRId64 "\",",
               act->performers[0]->slug, event->venue->id, act->performers[0]->slug, event->id);
    put_performers(act, out);
    buf_puts(out, "\"localPrices\":null}");
}

/* --- searches --- */

static bool has_word(const struct simevent *event, const char *word)
{
    const struct simvenue_act *act = event->act;
    const char *const texts[] = {event->name, event->venue->name, event->venue->city,
                                 act->performers[0]->name,
                                 act->performers[1] ? act->performers[1]->name : ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (text_contains_folded(texts[i], word))
            return true;
    }
    return false;
}

static bool has_words(const struct simevent *event, const char *words)
{
    static const char blanks[] = " \t\n";
    char word[WORD_MAX];
    for (words += strspn(words, blanks); *words; words += strspn(words, blanks)) {
        size_t length = strcspn(words, blanks);
        int shown = (int)(length < WORD_MAX ? length : WORD_MAX - 1);
        snprintf(word, sizeof word, "%.*s", shown, words);
        if (!has_word(event, word))
            return false;
        words += length;
    }
    return true;
}

static bool plays(const struct simevent *event, int64_t performer)
{
    const struct simvenue_performer *const *performers = event->act->performers;
    return performer == 0 || performers[0]->id == performer ||
           (performers[1] && performers[1]->id == performer);
}

static bool matches(const struct simevent *event, const struct simcatalog_query *query,
                    int64_t at_ms)
{
    return !simevent_is_over(event, at_ms) && !(query->no_parking && event->parking) &&
           (query->category == 0 || query->category == event->act->genre->category) &&
           plays(event, query->performer) && (!query->words || has_words(event, query->words));
}

void simcatalog_put_page(const struct simevent_world *world, const struct simcatalog_query *query,
                         int64_t at_ms, struct buf *out)
{
    AUTO_BUF struct buf items;
    buf_init(&items, out->cap);
    int64_t total = 0, first = (query->page - 1) * query->page_size;
    for (int i = 0; i < simevent_count(world); i++) {
        struct simevent event;
        simevent_nth(world, i, &event);
        if (!matches(&event, query, at_ms))
            continue;
        if (total >= first && total < first + query->page_size) {
            buf_puts(&items, items.length > 0 ? "," : "");
            simcatalog_put_item(world, &event, at_ms, &items);
        }
        total++;
    }
    buf_printf(out,
               "{\"page\":%" PRId64 ",\"total\":%" PRId64 ",\"numberOfPages\":%" PRId64
               ",\"items\":[",
               query->page, total, (total + query->page_size - 1) / query->page_size);
    buf_add(out, items.data ? items.data : "", items.length);
    buf_puts(out, "],\"i18n\":{\"from\":\"USD\",\"to\":\"USD\",\"rate\":1,"
                  "\"applyCurrencyConversion\":false}}");
}
