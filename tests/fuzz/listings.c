/* A listings answer of Vivid Seats: whatever it says, only listings that can be believed come out. */
#include "fuzz.h"

#include "base/text.h"
#include "core/platform.h"

static void check_name(const char *text, size_t cap)
{
    must(strlen(text) < cap && text_is_utf8(text, strlen(text)));
    must(strpbrk(text, "\033\n\r\007") == NULL);
}

static void check_listing(const struct listing *listing, const struct listing *before)
{
    must(before == NULL || strcmp(before->id, listing->id) < 0);
    must(listing->id[0] != '\0' && strlen(listing->id) < LISTING_ID_MAX);
    must(listing->quantity >= 1 && listing->quantity <= LISTING_QUANTITY_MAX);
    must(listing->price_minor > 0);
    must(listing->all_in_minor > 0 || listing->all_in_minor == LISTING_NO_PRICE);
    check_name(listing->section, LISTING_NAME_MAX);
    check_name(listing->label, LISTING_NAME_MAX);
    check_name(listing->row, LISTING_NAME_MAX);
    check_name(listing->zone, LISTING_NAME_MAX);
    char canonical[LISTING_SPLITS_MAX];
    must(listing_canonical_splits(canonical, listing->splits));
    must(strcmp(canonical, listing->splits) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_MARKET struct market market = {0};
    struct err err = {0};
    struct platform_answer answer = {200, "application/json", (const char *)data, size};
    market_init(&market);
    enum outcome outcome = platform_find("vividseats")->read_listings(&answer, NULL, &market, &err);
    must(outcome_is_good(outcome) || market.listing_count == 0);
    must(outcome_is_good(outcome) || err.text[0] != '\0');
    must(outcome != OUTCOME_EMPTY || market.listing_count == 0);
    for (size_t i = 0; i < market.listing_count; i++)
        check_listing(&market.listings[i], i ? &market.listings[i - 1] : NULL);
    return 0;
}
