#include "core/listing.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/sort.h"
#include "base/text.h"

enum {
    INFER_MAX = 64,      /* larger sizes are inferred for the whole listing only */
    INFER_LEAVES = 2,    /* sellers do not want to be left with a single ticket */
    SIZE_WORD_BITS = 64, /* sizes in a word of the set */
    SIZE_WORDS = LISTING_QUANTITY_MAX / SIZE_WORD_BITS + 1,
    MASK_SIZES = 8,
};

static const struct {
    unsigned tag;
    const char *word;
} tags[] = {
#define X(name, bit, word, sentence) {LISTING_##name, word},
#include "core/tag.def"
#undef X
};

enum { TAG_COUNT = sizeof tags / sizeof tags[0] };

const char *listing_tag_word(unsigned tag)
{
    for (size_t i = 0; i < TAG_COUNT; i++)
        if (tags[i].tag == tag)
            return tags[i].word;
    BUG("%#x is not a single tag", tag);
}

unsigned listing_tag_find(const char *word)
{
    for (size_t i = 0; i < TAG_COUNT; i++)
        if (text_same_folded(tags[i].word, word))
            return tags[i].tag;
    return 0;
}

void market_init(struct market *market)
{
    *market = (struct market){0};
    arena_init(&market->arena, 0);
}

void market_release(struct market *market)
{
    arena_release(&market->arena);
    *market = (struct market){0};
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Total over all fields, so that which of two under one id stays never depends on their order. */
static int compare_listings(const void *left, const void *right)
{
    const struct listing *a = left, *b = right;
    const char *const texts[][2] = {
        {a->id, b->id},   {a->zone, b->zone},   {a->section, b->section}, {a->label, b->label},
        {a->row, b->row}, {a->seats, b->seats}, {a->splits, b->splits}};
    const int64_t numbers[][2] = {{a->quantity, b->quantity},
                                  {a->tags, b->tags},
                                  {a->splits_inferred, b->splits_inferred},
                                  {a->price_minor, b->price_minor},
                                  {a->all_in_minor, b->all_in_minor}};
    int order = 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && order == 0; i++)
        order = strcmp(texts[i][0], texts[i][1]);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && order == 0; i++)
        order = compare_numbers(numbers[i][0], numbers[i][1]);
    return order;
}

/* A sort of listings by all fields, led by the beginnings of their ids, which nearly always decide. */
static void sort_listings(struct market *market)
{
    size_t count = market->listing_count;
    AUTO_FREE struct sort_item *items = mem_alloc(count + 1, sizeof *items);
    struct listing *sorted = arena_array(&market->arena, count, sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct sort_item){text_prefix(market->listings[i].id), &market->listings[i]};
    sort_by_key(items, count, compare_listings);
    for (size_t i = 0; i < count; i++)
        sorted[i] = *(const struct listing *)items[i].thing;
    market->listings = sorted;
}

static int compare_rejects(const void *left, const void *right)
{
    const struct listing_reject *a = left, *b = right;
    int order = strcmp(a->id ? a->id : "", b->id ? b->id : "");
    return order != 0 ? order : strcmp(a->reason, b->reason);
}

static size_t count_repeats(const struct market *market)
{
    size_t repeats = 0;
    for (size_t i = 1; i < market->listing_count; i++)
        repeats += strcmp(market->listings[i - 1].id, market->listings[i].id) == 0;
    return repeats;
}

static void add_reject(struct market *market, const struct listing *listing)
{
    market->rejects[market->reject_count++] = (struct listing_reject){
        listing->id, arena_printf(&market->arena, "id '%s' stands for two listings", listing->id)};
}

static void remove_repeats(struct market *market, size_t repeats)
{
    struct listing_reject *room =
        arena_array(&market->arena, market->reject_count + repeats, sizeof *room);
    if (market->reject_count > 0)
        memcpy(room, market->rejects, market->reject_count * sizeof *room);
    market->rejects = room;
    struct listing previous = market->listings[0];
    size_t kept = 1;
    for (size_t i = 1; i < market->listing_count; i++) {
        const struct listing *listing = &market->listings[i];
        if (strcmp(previous.id, listing->id) != 0)
            market->listings[kept++] = previous = *listing;
        else if (compare_listings(&previous, listing) != 0) {
            add_reject(market, listing);
            previous = *listing;
        }
    }
    market->listing_count = kept;
}

void market_settle(struct market *market)
{
    sort_listings(market);
    size_t repeats = count_repeats(market);
    if (repeats > 0)
        remove_repeats(market, repeats);
    if (market->reject_count > 0)
        qsort(market->rejects, market->reject_count, sizeof *market->rejects, compare_rejects);
}

/* Whether two reasons differ at most in the value they quote. */
static bool same_kind(const char *a, const char *b)
{
    size_t before_a = strcspn(a, "'"), before_b = strcspn(b, "'");
    const char *after_a = strrchr(a, '\''), *after_b = strrchr(b, '\'');
    return before_a == before_b && strncmp(a, b, before_a) == 0 &&
           strcmp(after_a ? after_a : "", after_b ? after_b : "") == 0;
}

/* A listing is refused for one of a dozen reasons, so the inner loop is short. */
static const char *commonest_reason(const struct market *market)
{
    enum { KINDS = 32 };
    size_t counts[KINDS] = {0}, kinds = 0, best = 0;
    const char *reasons[KINDS];
    for (size_t i = 0; i < market->reject_count; i++) {
        size_t kind = 0;
        while (kind < kinds && !same_kind(reasons[kind], market->rejects[i].reason))
            kind++;
        if (kind == KINDS)
            continue;
        if (kind == kinds)
            reasons[kinds++] = market->rejects[i].reason;
        if (++counts[kind] > counts[best])
            best = kind;
    }
    return reasons[best];
}

bool market_is_believable(const struct market *market, struct err *err)
{
    size_t rejects = market->reject_count, all = market->listing_count + rejects;
    if (rejects * 100 <= all * LISTING_REJECT_PERCENT)
        return true;
    return err_set(err, ERR_EVENT, "%zu of %zu listings cannot be read, most often: %s", rejects,
                   all, commonest_reason(market));
}

struct size_set {
    uint64_t words[SIZE_WORDS];
};

/* Reads one size and the comma after it; -1 when that is not what stands there. */
static int read_size(const char **at)
{
    int size = 0;
    const char *c = *at;
    for (; *c >= '0' && *c <= '9' && size <= LISTING_QUANTITY_MAX; c++)
        size = size * 10 + (*c - '0');
    if (c == *at || size < 1 || size > LISTING_QUANTITY_MAX)
        return -1;
    while (*c == ' ')
        c++;
    if (*c == ',') {
        c++;
        while (*c == ' ')
            c++;
        if (*c == '\0')
            return -1;
    } else if (*c != '\0') {
        return -1;
    }
    *at = c;
    return size;
}

/* By hand, since every listing of every poll passes here. `used` stays LISTING_SPLITS_MAX once a
 * size did not fit. */
static size_t put_size(char *out, size_t used, int size)
{
    char digits[12];
    size_t count = 0;
    do
        digits[count++] = (char)('0' + size % 10);
    while ((size /= 10) > 0);
    if (used + 1 + count >= LISTING_SPLITS_MAX)
        return LISTING_SPLITS_MAX;
    if (used > 0)
        out[used++] = ',';
    while (count > 0)
        out[used++] = digits[--count];
    out[used] = '\0';
    return used;
}

static bool write_sizes(char *out, const struct size_set *set)
{
    size_t used = 0;
    for (size_t word = 0; word < SIZE_WORDS; word++)
        for (uint64_t rest = set->words[word]; rest != 0; rest &= rest - 1)
            used = put_size(out, used, (int)word * SIZE_WORD_BITS + __builtin_ctzll(rest));
    return used < LISTING_SPLITS_MAX;
}

bool listing_canonical_splits(char *out, const char *sizes)
{
    struct size_set set = {0};
    if (*sizes == '\0')
        return false;
    while (*sizes != '\0') {
        int size = read_size(&sizes);
        if (size < 0)
            return false;
        set.words[size / SIZE_WORD_BITS] |= UINT64_C(1) << (size % SIZE_WORD_BITS);
    }
    return write_sizes(out, &set);
}

void listing_infer_splits(char *out, int quantity)
{
    size_t used = 0;
    for (int k = 1; k <= quantity - INFER_LEAVES && k <= INFER_MAX; k++)
        used = put_size(out, used, k);
    put_size(out, used, quantity);
}

unsigned listing_size_mask(const char *splits)
{
    unsigned mask = 0;
    for (const char *c = splits; *c;) {
        int size = 0;
        for (; *c >= '0' && *c <= '9'; c++)
            size = size <= MASK_SIZES ? size * 10 + (*c - '0') : size;
        if (size >= 1 && size <= MASK_SIZES)
            mask |= 1U << (size - 1);
        if (*c)
            c++;
    }
    return mask;
}

bool listing_read_sizes(const char *typed, unsigned *sizes, struct err *err)
{
    const char *at = typed;
    unsigned all = 0;
    do {
        if (*at < '1' || *at > '0' + MASK_SIZES || (at[1] && at[1] != ','))
            return err_set(err, ERR_USAGE, "'%.60s' is not a number from 1 to %d", typed,
                           MASK_SIZES);
        all |= 1u << (*at - '1');
        at++;
    } while (*at++ == ',');
    *sizes = all;
    return true;
}
