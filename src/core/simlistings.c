#include "core/simlistings.h"

#include <inttypes.h>

#include "base/money.h"
#include "core/simpick.h"
#include "core/simwire.h"

static void put_amount(struct buf *out, const char *key, int64_t minor)
{
    char money[MONEY_TEXT_MAX];
    buf_printf(out, "\"%s\":\"%s\",", key, money_format(money, minor));
}

static void put_groups(const struct simmarket *market, struct buf *out)
{
    const struct simvenue_layout *layout = market->map.layout;
    for (int i = 0; i < layout->zone_count; i++) {
        const struct simmarket_sum *sum = &market->zones[i];
        buf_printf(
            out, "%s{\"productionId\":%" PRId64 ",\"i\":\"%" PRId64 "\",\"n\":\"%s\",\"c\":\"%s\",",
            i > 0 ? "," : "", market->event.id, simwire_group_id(market, i), layout->zones[i].name,
            layout->zones[i].colour);
        buf_printf(out, "\"a\":\"%d\",\"t\":\"0\",", sum->listings > 0);
        put_amount(out, "h", sum->high_minor);
        put_amount(out, "l", sum->low_minor);
        buf_printf(out,
                   "\"q\":\"%" PRId64 "\",\"z\":\"\",\"zd\":\"\",\"g\":\"0\",\"localPrices\":null}",
                   sum->tickets);
    }
}

static const char *row_range(enum simvenue_rows rows)
{
    switch (rows) {
    case SIMVENUE_NUMBERS:
        return "1-12,13A,14-38";
    case SIMVENUE_LETTERS:
        return "A-Z,AA-HH";
    case SIMVENUE_GA:
        return "GA";
    case SIMVENUE_SRO:
        return "";
    case SIMVENUE_SUITE:
        return "null";
    }
    return "";
}

static void put_sections(const struct simmarket *market, struct buf *out)
{
    for (int i = 0; i < market->map.section_count; i++) {
        const struct simmap_section *section = &market->map.sections[i];
        const struct simmarket_sum *sum = &market->sections[i];
        buf_printf(
            out, "%s{\"productionId\":%" PRId64 ",\"i\":\"%d\",\"g\":\"%" PRId64 "\",\"a\":\"%d\",",
            i > 0 ? "," : "", market->event.id, section->id,
            simwire_group_id(market, section->zone), sum->listings > 0);
        put_amount(out, "h", sum->high_minor);
        put_amount(out, "l", sum->low_minor);
        buf_printf(out, "\"q\":\"%" PRId64 "\",\"n\":\"%s\",\"si\":\"\",\"li\":\"\",\"pi\":\"\",",
                   sum->tickets, section->name);
        if (market->all_in)
            put_amount(out, "laip", sum->low_all_in_minor);
        buf_printf(out, "\"mbi\":\"\",\"s3d\":\"\",\"p3d\":\"\",\"rd\":\"%s\",",
                   row_range(market->map.layout->zones[section->zone].rows));
        if (market->all_in && i % 9 != 0)
            buf_printf(out, "\"ss\":%d.5,\"ang\":%d.12,\"dst\":%d.95,\"rx\":-%d.07,\"ry\":%d.11,",
                       2 + i % 7, i % 90 - 45, 40 + i, i, 30 + i % 50);
        buf_puts(out, "\"localPrices\":null}");
    }
}

static void put_uuid(struct buf *out, const char *key, uint64_t bits, const char *suffix)
{
    buf_printf(out, "\"%s\":\"%08x-%04x-4%03x-a%03x-%012" PRIx64 "%s\",", key,
               (unsigned)(bits >> 32), (unsigned)(bits >> 16 & 0xffff),
               (unsigned)(bits >> 4 & 0xfff), (unsigned)(bits & 0xfff),
               bits * 31 & UINT64_C(0xffffffffffff), suffix);
}

static void put_venue(const struct simmarket *market, struct buf *out)
{
    const struct simvenue *venue = market->event.venue;
    uint64_t key = simpick_bits((uint64_t)venue->id, 0);
    buf_printf(
        out,
        "\"venueCapacity\":\"%d\",\"vpcr\":\"\",\"mapTitle\":\"%s\",\"pageColor\":\"0x487ec2\",",
        venue->capacity, venue->name);
    buf_printf(out,
               "\"productionId\":\"%" PRId64 "\",\"productionName\":\"%s\",\"venueId\":\"%d\",",
               market->event.id, market->event.name, venue->id);
    buf_printf(out, "\"venueCountry\":\"%s\",\"zoned\":\"0\",", venue->country);
    put_uuid(out, "staticMapUrl", key, ".png");
    buf_puts(
        out,
        "\"patternSize\":\"0\",\"zoomFactor\":\"1.0\",\"zoomXoff\":\"0.0\",\"zoomYoff\":\"0.0\",");
    put_uuid(out, "svgFileName", simpick_bits(key, 1), ".svg");
    put_uuid(out, "jsonFileName", simpick_bits(key, 2), ".json");
    buf_printf(out, "\"venueAddress1\":\"%s\",\"venueAddress2\":\"\",\"venueState\":\"%s\",",
               venue->address, venue->state);
    buf_printf(out,
               "\"venueTimeZone\":\"%s\",\"showServiceCharge\":\"%s\",\"mapboxLayoutUrl\":\"\",",
               venue->listings_zone, market->all_in ? "true" : "false");
    buf_printf(out, "\"layoutId\":\"%d\",\"primaryTicketProvider\":\"\",",
               50000 + venue->id % 5000);
}

static void put_totals(const struct simmarket *market, struct buf *out)
{
    buf_printf(out, "\"priceLocalized\":false,\"dte\":\"%d\",",
               simevent_days_left(&market->event, market->at_ms));
    put_amount(out, "atp", market->base.average_minor);
    put_amount(out, "lp", market->base.low_minor);
    put_amount(out, "hp", market->base.high_minor);
    put_amount(out, "mp", market->base.median_minor);
    buf_printf(out, "\"hq\":\"%d\",\"eventId\":\"%d\",\"eventMobileHeroImage\":\"\",",
               market->most_tickets, market->event.act->performers[0]->id);
    buf_puts(out,
             "\"psd\":\"0\",\"map_src\":\"\",\"flashActive\":\"true\",\"jsonActive\":\"true\",");
    if (!market->all_in)
        return;
    put_amount(out, "averageAip", market->with_fees.average_minor);
    put_amount(out, "lowestAip", market->with_fees.low_minor);
    put_amount(out, "highestAip", market->with_fees.high_minor);
    put_amount(out, "medianAip", market->with_fees.median_minor);
}

/* Present only when true. */
static void put_has(const struct simmarket *market, struct buf *out)
{
    static const struct {
        unsigned flag;
        const char *word;
    } words[] = {
        {SIMTICKET_SALE, "hasBrokerDiscount"},
        {SIMTICKET_FRONT, "hasFrontOfSection"},
        {SIMTICKET_VIP, "hasVIP"},
        {SIMTICKET_SUITE, "hasSuites"},
        {SIMTICKET_STANDING, "hasStandingRoomOnly"},
        {SIMTICKET_FOOD, "hasUnlimitedFoodAndBeverage"},
        {SIMTICKET_PARKING, "hasParking"},
        {SIMTICKET_CLUB, "hasClubSeats"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (market->flags & words[i].flag)
            buf_printf(out, ",\"%s\":true", words[i].word);
    }
}

static void put_global(const struct simmarket *market, struct buf *out)
{
    const char *shown = market->all_in ? "true" : "false";
    buf_printf(out, "{\"listingCount\":\"%" PRId64 "\",\"ticketCount\":\"%" PRId64 "\",",
               market->sum.listings, market->sum.tickets);
    put_venue(market, out);
    put_totals(market, out);
    buf_printf(out,
               "\"showAip\":\"%s\",\"vatAddedToAip\":\"false\",\"showAipIncludedPrices\":\"%s\",",
               shown, shown);
    buf_printf(out, "\"aipIncludedPrices\":\"%s\",\"defaultAipOn\":\"%s\",\"isFaceValue\":\"%s\",",
               market->all_in ? "CUSTOMER_PRICE,SERVICE_FEE,ELECTRONIC_DELIVERY_FEE" : "null",
               shown, shown);
    buf_printf(out, "\"countryCode\":\"US\",\"productionCategory\":\"%s\",\"vsAvailable\":true,",
               market->event.act->genre->name);
    int64_t percent =
        market->sum.listings * 100 / (market->event.slots > 0 ? market->event.slots : 1);
    buf_printf(out,
               "\"isPriceLocalized\":false,\"percentRemaining\":%" PRId64 ",\"localPrices\":null,",
               percent);
    buf_puts(out, "\"loyaltyPartnership\":{\"loyaltyCurrency\":null},\"hasGreatDeal\":true,"
                  "\"hasSuperSeller\":true");
    put_has(market, out);
    buf_puts(out, "}");
}

bool simlistings_put(const struct simmarket *market, const struct simlistings_form *form,
                     struct buf *out)
{
    buf_puts(out, "{\"global\":[");
    if (!form->no_global)
        put_global(market, out);
    buf_puts(out, "],");
    if (!form->no_tickets) {
        buf_puts(out, "\"tickets\":[");
        if (!form->empty_tickets)
            simwire_put_tickets(market, out);
        buf_puts(out, "],");
    }
    buf_puts(out, "\"groups\":[");
    put_groups(market, out);
    buf_puts(out, "],\"sections\":[");
    put_sections(market, out);
    buf_puts(out, "],\"i18n\":{\"from\":\"USD\",\"to\":\"USD\",\"rate\":1,"
                  "\"applyCurrencyConversion\":false}}");
    return !out->overflow;
}
