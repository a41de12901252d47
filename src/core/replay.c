#include "core/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/sort.h"
#include "base/text.h"
#include "core/ladder.h"
#include "core/listing.h"
#include "io/db.h"

void replay_release(struct replay_set *set)
{
    mem_free(set->versions);
    arena_release(&set->arena);
    *set = (struct replay_set){0};
}

/* The id stands beside the offer, so that a search touches no more memory than it must. */
struct slot {
    int64_t id;
    struct replay_offer *offer;
};

/* Offers met while versions are read, each once, to be found by id. */
struct offers {
    struct slot *slots; /* open addressing; a power of two, at most half full */
    size_t slot_count;
    struct replay_offer **list;
    size_t count, capacity;
};

static struct slot *slot_of(const struct offers *offers, int64_t id)
{
    size_t slot = (size_t)(id ^ id >> 16) & (offers->slot_count - 1);
    while (offers->slots[slot].offer != NULL && offers->slots[slot].id != id)
        slot = (slot + 1) & (offers->slot_count - 1);
    return &offers->slots[slot];
}

static void offers_widen(struct offers *offers)
{
    mem_free(offers->slots);
    offers->slot_count = offers->slot_count ? 4 * offers->slot_count : 4096;
    offers->slots = mem_alloc(offers->slot_count, sizeof *offers->slots);
    for (size_t i = 0; i < offers->count; i++) {
        struct replay_offer *offer = offers->list[i];
        *slot_of(offers, offer->id) = (struct slot){offer->id, offer};
    }
}

/* The offer of an id, made when it was not met before. */
static struct replay_offer *offers_meet(struct offers *offers, int64_t id, struct arena *arena)
{
    if (2 * offers->count >= offers->slot_count)
        offers_widen(offers);
    struct slot *slot = slot_of(offers, id);
    if (slot->offer == NULL) {
        struct replay_offer *offer = arena_array(arena, 1, sizeof *offer);
        offer->id = id;
        offers->list = mem_grow(offers->list, offers->count, &offers->capacity, sizeof(void *));
        offers->list[offers->count++] = offer;
        *slot = (struct slot){id, offer};
    }
    return slot->offer;
}

/* A version, from a column on. */
static struct replay_version read_version(const struct stmt *stmt, int first,
                                          const struct replay_offer *offer)
{
    int64_t from_ms = stmt_int(stmt, first);
    return (struct replay_version){
        .offer = offer,
        .from_ms = from_ms,
        .to_ms = stmt_is_null(stmt, first + 1) ? REPLAY_OPEN : from_ms + stmt_int(stmt, first + 1),
        .price_minor = stmt_int(stmt, first + 2),
        .all_in_minor = stmt_is_null(stmt, first + 3) ? MEASURES_NONE : stmt_int(stmt, first + 3),
    };
}

static bool load_versions(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
                          struct replay_set *set, struct offers *offers, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_VERSION_WINDOW, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":from", from_ms);
    stmt_bind_int(&stmt, ":to", to_ms);
    size_t capacity = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        set->versions = mem_grow(set->versions, set->count, &capacity, sizeof *set->versions);
        set->versions[set->count++] =
            read_version(&stmt, 1, offers_meet(offers, stmt_int(&stmt, 0), &set->arena));
    }
    return step == STEP_DONE;
}

/* Everything of an offer, from a column on. False when its place is not there. */
static bool read_offer(const struct stmt *stmt, int first, const struct atlas *atlas,
                       struct replay_offer *offer, struct arena *arena, struct err *err)
{
    const char *splits = stmt_string(stmt, first + 5);
    offer->id = stmt_int(stmt, first);
    offer->splits_inferred = splits[0] == '~';
    offer->external_id = arena_strdup(arena, stmt_string(stmt, first + 1));
    offer->place = atlas_place_by_id(atlas, stmt_int(stmt, first + 2));
    offer->row = arena_strdup(arena, stmt_string(stmt, first + 3));
    offer->seats = arena_strdup(arena, stmt_string(stmt, first + 4));
    offer->splits = arena_strdup(arena, splits + offer->splits_inferred);
    offer->sizes = listing_size_mask(offer->splits);
    offer->quantity = (int)stmt_int(stmt, first + 6);
    offer->tags = (unsigned)stmt_int(stmt, first + 7);
    offer->first_ms = stmt_int(stmt, first + 8);
    return offer->place != NULL ||
           err_set(err, ERR_STORE, "offer %lld in a place that is not there", (long long)offer->id);
}

/* By hand, since every poll asks for thousands. */
static void put_id(struct buf *ids, int64_t id)
{
    char digits[24], *at = digits + sizeof digits;
    do
        *--at = (char)('0' + id % 10);
    while ((id /= 10) > 0);
    buf_putc(ids, ids->length > 0 ? ',' : '[');
    buf_add(ids, at, (size_t)(digits + sizeof digits - at));
}

static bool fail_offer(int64_t id, struct err *err)
{
    return err_set(err, ERR_STORE, "version of offer %lld that is not there", (long long)id);
}

/* One statement for all: a statement for each costs as much again as the reading. */
static bool load_offers(struct store *store, const struct atlas *atlas, const struct offers *offers,
                        struct arena *arena, struct err *err)
{
    AUTO_BUF struct buf ids;
    buf_init(&ids, SIZE_MAX);
    for (size_t i = 0; i < offers->count; i++)
        put_id(&ids, offers->list[i]->id);
    buf_puts(&ids, offers->count > 0 ? "]" : "[]");
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OFFER_LIST, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":ids", buf_text(&ids));
    size_t i = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        struct replay_offer *offer = offers->list[i];
        if (stmt_int(&stmt, 0) != offer->id)
            break;
        if (!read_offer(&stmt, 0, atlas, offer, arena, err))
            return false;
        i++;
    }
    if (step == STEP_ERROR)
        return false;
    return i == offers->count || fail_offer(offers->list[i]->id, err);
}

/* What holds at one moment, as every poll asks: each version has an offer of its own, so they are read together. */
static bool load_moment(struct store *store, const struct atlas *atlas, int64_t at_ms,
                        struct replay_set *set, struct err *err)
{
    enum { OFFER = 4 }; /* its first column */
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_VERSION_MOMENT, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", atlas->event_id);
    stmt_bind_int(&stmt, ":at", at_ms);
    size_t capacity = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        struct replay_offer *offer = arena_array(&set->arena, 1, sizeof *offer);
        if (stmt_is_null(&stmt, OFFER + 1))
            return fail_offer(stmt_int(&stmt, OFFER), err);
        if (!read_offer(&stmt, OFFER, atlas, offer, &set->arena, err))
            return false;
        set->versions = mem_grow(set->versions, set->count, &capacity, sizeof *set->versions);
        set->versions[set->count++] = read_version(&stmt, 0, offer);
    }
    return step == STEP_DONE;
}

bool replay_load(struct store *store, const struct atlas *atlas, int64_t from_ms, int64_t to_ms,
                 struct replay_set *set, struct err *err)
{
    *set = (struct replay_set){0};
    arena_init(&set->arena, 0);
    if (to_ms == from_ms + 1)
        return load_moment(store, atlas, from_ms, set, err);
    struct offers offers = {0};
    bool ok = load_versions(store, atlas->event_id, from_ms, to_ms, set, &offers, err) &&
              load_offers(store, atlas, &offers, &set->arena, err);
    mem_free(offers.slots);
    mem_free(offers.list);
    return ok;
}

static int by_external_id(const void *a, const void *b)
{
    const struct replay_version *left = a, *right = b;
    return strcmp(left->offer->external_id, right->offer->external_id);
}

void replay_sort(struct replay_set *set)
{
    AUTO_FREE struct sort_item *items = mem_alloc(set->count + 1, sizeof *items);
    struct replay_version *sorted = mem_alloc(set->count + 1, sizeof *sorted);
    for (size_t i = 0; i < set->count; i++)
        items[i] =
            (struct sort_item){text_prefix(set->versions[i].offer->external_id), &set->versions[i]};
    sort_by_key(items, set->count, by_external_id);
    for (size_t i = 0; i < set->count; i++)
        sorted[i] = *(const struct replay_version *)items[i].thing;
    mem_free(set->versions);
    set->versions = sorted;
}

struct quote replay_quote(const struct replay_version *version)
{
    return (struct quote){
        .price = {version->price_minor, version->all_in_minor},
        .quantity = version->offer->quantity,
        .sizes = (uint8_t)version->offer->sizes,
        .tags = (uint8_t)version->offer->tags,
    };
}

/* The ladders of one basis: all prices, and those where k may be bought for each size that is asked
 * for. */
struct book {
    int64_t *prices;
    struct ladder all, groups[MEASURES_SIZES];
    unsigned sizes;
};

static int64_t price_of(const struct replay_version *version, enum measures_basis basis)
{
    return basis == MEASURES_BASE ? version->price_minor : version->all_in_minor;
}

static void book_init(struct book *book, const struct replay_version *const *versions, size_t count,
                      enum measures_basis basis, unsigned sizes)
{
    *book = (struct book){.sizes = sizes, .prices = mem_alloc(count + 1, sizeof(int64_t))};
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (price_of(versions[i], basis) != MEASURES_NONE)
            book->prices[n++] = price_of(versions[i], basis);
    n = ladder_distinct(book->prices, n);
    ladder_init(&book->all, book->prices, n);
    for (int k = 0; k < MEASURES_SIZES; k++)
        if (sizes >> k & 1)
            ladder_init(&book->groups[k], book->prices, n);
}

static void book_release(struct book *book)
{
    ladder_release(&book->all);
    for (int k = 0; k < MEASURES_SIZES; k++)
        ladder_release(&book->groups[k]);
    mem_free(book->prices);
}

/* Adds (change 1) or takes away (-1) a price by its rank. */
static void book_change(struct book *book, size_t rank, unsigned sizes, int change)
{
    ladder_change(&book->all, rank, change);
    for (unsigned left = book->sizes & sizes; left != 0; left &= left - 1)
        ladder_change(&book->groups[__builtin_ctz(left)], rank, change);
}

static void book_read(const struct book *book, struct measures_prices *prices)
{
    int64_t count = book->all.count;
    if (count == 0)
        return;
    prices->count = count;
    prices->sum = book->all.sum;
    prices->min = ladder_nth(&book->all, 0);
    prices->max = ladder_nth(&book->all, count - 1);
    prices->median_x2 = ladder_nth(&book->all, (count - 1) / 2) + ladder_nth(&book->all, count / 2);
    prices->quarter = ladder_nth(&book->all, (count - 1) / 4);
    for (int k = 0; k < MEASURES_SIZES; k++)
        if ((book->sizes >> k & 1) && book->groups[k].count > 0)
            prices->group_min[k] = ladder_nth(&book->groups[k], 0);
}

/* Which versions come and go at each moment: those of moment m stand at [start[m], start[m + 1]).
 */
struct turns {
    uint32_t *start, *versions;
};

/* The first moment at or after a time; `count` when there is none. A good `guess` spares the search. */
static size_t moment_at(const int64_t *moments, size_t count, int64_t at_ms, size_t guess)
{
    size_t low = 0, high = count;
    if (guess < count && moments[guess] >= at_ms && (guess == 0 || moments[guess - 1] < at_ms))
        return guess;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (moments[middle] < at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A counting sort of versions by the moment of their start, or of their end. */
static void turns_init(struct turns *turns, const struct replay_version *const *versions,
                       size_t count, bool ends, const int64_t *moments, size_t moment_count)
{
    AUTO_FREE uint32_t *at = mem_alloc(count + 1, sizeof *at);
    turns->start = mem_alloc(moment_count + 2, sizeof *turns->start);
    turns->versions = mem_alloc(count + 1, sizeof *turns->versions);
    for (size_t i = 0; i < count; i++) {
        int64_t at_ms = ends ? versions[i]->to_ms : versions[i]->from_ms;
        at[i] = (uint32_t)moment_at(moments, moment_count, at_ms, i > 0 ? at[i - 1] : 0);
        turns->start[at[i] + 1]++;
    }
    for (size_t m = 0; m <= moment_count; m++)
        turns->start[m + 1] += turns->start[m];
    AUTO_FREE uint32_t *next = mem_alloc(moment_count + 1, sizeof *next);
    memcpy(next, turns->start, (moment_count + 1) * sizeof *next);
    for (size_t i = 0; i < count; i++)
        turns->versions[next[at[i]]++] = (uint32_t)i;
}

static void turns_release(struct turns *turns)
{
    mem_free(turns->start);
    mem_free(turns->versions);
}

enum { NO_RANK = UINT32_MAX }; /* of a price that is not known */

/* What a version adds to the market, with the ranks of its prices. */
struct ranked {
    uint32_t rank[MEASURES_BASES];
    int32_t quantity;
    uint8_t sizes;
};

/* What stands at one moment of the replay. */
struct standing {
    struct book books[MEASURES_BASES];
    struct ranked *ranked; /* of each version */
    int64_t tickets, listings;
};

static uint32_t rank_of(const struct book *book, int64_t price)
{
    return price == MEASURES_NONE ? NO_RANK : (uint32_t)ladder_rank(&book->all, price);
}

static void standing_init(struct standing *standing, const struct replay_version *const *versions,
                          size_t count, unsigned sizes)
{
    *standing = (struct standing){.ranked = mem_alloc(count + 1, sizeof(struct ranked))};
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_init(&standing->books[basis], versions, count, basis, sizes);
    for (size_t i = 0; i < count; i++) {
        struct ranked *ranked = &standing->ranked[i];
        ranked->quantity = versions[i]->offer->quantity;
        ranked->sizes = (uint8_t)versions[i]->offer->sizes;
        for (int basis = 0; basis < MEASURES_BASES; basis++)
            ranked->rank[basis] = rank_of(&standing->books[basis], price_of(versions[i], basis));
    }
}

static void standing_release(struct standing *standing)
{
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_release(&standing->books[basis]);
    mem_free(standing->ranked);
}

/* Lets the versions of a moment come (change 1) or go (-1). */
static void standing_turn(struct standing *standing, const struct turns *turns, size_t moment,
                          int change)
{
    for (uint32_t i = turns->start[moment]; i < turns->start[moment + 1]; i++) {
        const struct ranked *ranked = &standing->ranked[turns->versions[i]];
        standing->tickets += change * ranked->quantity;
        standing->listings += change;
        for (int basis = 0; basis < MEASURES_BASES; basis++)
            if (ranked->rank[basis] != NO_RANK)
                book_change(&standing->books[basis], ranked->rank[basis], ranked->sizes, change);
    }
}

static void standing_read(const struct standing *standing, int64_t at_ms, struct measures *measures)
{
    measures_empty(measures, at_ms);
    measures->tickets = standing->tickets;
    measures->lowest_tickets = measures->highest_tickets = standing->tickets;
    measures->listings = standing->listings;
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_read(&standing->books[basis], &measures->prices[basis]);
}

void replay_measure(const struct replay_version *const *versions, size_t count,
                    const int64_t *moments, size_t moment_count, unsigned sizes,
                    struct measures *out)
{
    struct standing standing;
    struct turns starts, ends;
    standing_init(&standing, versions, count, sizes);
    turns_init(&starts, versions, count, false, moments, moment_count);
    turns_init(&ends, versions, count, true, moments, moment_count);
    for (size_t i = 0; i < moment_count; i++) {
        standing_turn(&standing, &starts, i, 1);
        standing_turn(&standing, &ends, i, -1);
        standing_read(&standing, moments[i], &out[i]);
    }
    turns_release(&starts);
    turns_release(&ends);
    standing_release(&standing);
}

bool replay_moments(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
                    int64_t **moments, size_t *count, struct err *err)
{
    *moments = NULL;
    *count = 0;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SNAPSHOT_TIMES, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":from", from_ms);
    stmt_bind_int(&stmt, ":to", to_ms);
    size_t capacity = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        *moments = mem_grow(*moments, *count, &capacity, sizeof **moments);
        (*moments)[(*count)++] = stmt_int(&stmt, 0);
    }
    return step == STEP_DONE;
}
