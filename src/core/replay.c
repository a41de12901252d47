#include "core/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/ordinals.h"
#include "base/sort.h"
#include "base/text.h"
#include "core/ladder.h"
#include "core/listing.h"
#include "core/standing.h"

void replay_release(struct replay_set *set)
{
    mem_free(set->versions);
    arena_release(&set->arena);
    *set = (struct replay_set){0};
}

/* Offers met while versions are read, each once. */
struct offers {
    struct ordinals ids;
    struct replay_offer **list; /* by the number of their id */
    size_t count, capacity;
};

/* The offer of an id, made when it was not met before. */
static struct replay_offer *offers_meet(struct offers *offers, int64_t id, struct arena *arena)
{
    uint32_t number = ordinals_meet(&offers->ids, id);
    if (number == offers->count) {
        offers->list = mem_grow(offers->list, number, &offers->capacity, sizeof(void *));
        offers->list[offers->count] = arena_array(arena, 1, sizeof *offers->list[0]);
        offers->list[offers->count++]->id = id;
    }
    return offers->list[number];
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

static bool load_versions(struct store *store, enum sql_id sql, int64_t event_id, int64_t from_ms,
                          int64_t to_ms, struct replay_set *set, struct offers *offers,
                          struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), sql, &stmt, err))
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

/* Neighbours in the table lie on one page, and the next row is found without a search. */
static struct sort_item *sort_by_id(struct replay_offer *const *offers, size_t count)
{
    struct sort_item *items = mem_alloc(count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct sort_item){(uint64_t)offers[i]->id, &offers[i]};
    sort_by_key(items, count, NULL);
    return items;
}

static bool read_offers(struct stmt *stmt, const struct atlas *atlas, const struct sort_item *items,
                        size_t count, struct arena *arena, struct err *err)
{
    size_t i = 0;
    enum step step;
    while ((step = stmt_step(stmt, err)) == STEP_ROW) {
        struct replay_offer *offer = *(struct replay_offer *const *)items[i].thing;
        if (stmt_int(stmt, 0) != offer->id)
            break;
        if (!read_offer(stmt, 0, atlas, offer, arena, err))
            return false;
        i++;
    }
    if (step == STEP_ERROR)
        return false;
    return i == count || fail_offer((int64_t)items[i].key, err);
}

/* One statement for all: a statement for each costs as much again as the reading. */
bool replay_read_offers(struct store *store, const struct atlas *atlas,
                        struct replay_offer *const *offers, size_t count, struct arena *arena,
                        struct err *err)
{
    AUTO_BUF struct buf ids;
    AUTO_FREE struct sort_item *items = sort_by_id(offers, count);
    buf_init(&ids, SIZE_MAX);
    for (size_t i = 0; i < count; i++)
        put_id(&ids, (int64_t)items[i].key);
    buf_puts(&ids, count > 0 ? "]" : "[]");
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OFFER_LIST, &stmt, err))
        return false;
    stmt_bind_text(&stmt, ":ids", buf_text(&ids));
    return read_offers(&stmt, atlas, items, count, arena, err);
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

static bool load_window(struct store *store, enum sql_id sql, const struct atlas *atlas,
                        int64_t from_ms, int64_t to_ms, struct replay_set *set, struct err *err)
{
    struct offers offers = {0};
    bool ok = load_versions(store, sql, atlas->event_id, from_ms, to_ms, set, &offers, err) &&
              replay_read_offers(store, atlas, offers.list, offers.count, &set->arena, err);
    ordinals_release(&offers.ids);
    mem_free(offers.list);
    return ok;
}

bool replay_load(struct store *store, const struct atlas *atlas, int64_t from_ms, int64_t to_ms,
                 struct replay_set *set, struct err *err)
{
    *set = (struct replay_set){.at_ms = REPLAY_OPEN};
    arena_init(&set->arena, 0);
    if (to_ms > from_ms + 1)
        return load_window(store, SQL_VERSION_WINDOW, atlas, from_ms, to_ms, set, err);
    set->at_ms = from_ms;
    return load_moment(store, atlas, from_ms, set, err);
}

bool replay_load_ended(struct store *store, const struct atlas *atlas, int64_t from_ms,
                       int64_t to_ms, struct replay_set *set, struct err *err)
{
    *set = (struct replay_set){.at_ms = REPLAY_OPEN};
    arena_init(&set->arena, 0);
    return load_window(store, SQL_VERSION_ENDED, atlas, from_ms, to_ms, set, err);
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

static int64_t price_of(const struct replay_version *version, enum measures_basis basis)
{
    return basis == MEASURES_BASE ? version->price_minor : version->all_in_minor;
}

/* All different prices, ascending; mem_alloc()ed. */
static int64_t *list_prices(const struct replay_version *const *versions, size_t count,
                            size_t *price_count)
{
    int64_t *prices = mem_alloc(MEASURES_BASES * count + 1, sizeof *prices);
    size_t n = 0;
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        for (size_t i = 0; i < count; i++)
            if (price_of(versions[i], basis) != MEASURES_NONE)
                prices[n++] = price_of(versions[i], basis);
    *price_count = ladder_distinct(prices, n);
    return prices;
}

static uint32_t rank_of(const int64_t *prices, size_t count, int64_t price)
{
    return price == MEASURES_NONE ? STANDING_NO_RANK
                                  : (uint32_t)sort_place(prices, count, price, 0);
}

void replay_measure(const struct replay_version *const *versions, size_t count,
                    const int64_t *moments, size_t moment_count, unsigned sizes,
                    struct measures *out)
{
    size_t price_count;
    AUTO_FREE int64_t *prices = list_prices(versions, count, &price_count);
    AUTO_FREE struct standing_span *spans = mem_alloc(count + 1, sizeof *spans);
    for (size_t i = 0; i < count; i++) {
        const struct standing_span *before = &spans[i > 0 ? i - 1 : 0];
        uint32_t from = before->from, end = before->end;
        spans[i] = (struct standing_span){
            .from = (uint32_t)sort_place(moments, moment_count, versions[i]->from_ms, from),
            .end = (uint32_t)sort_place(moments, moment_count, versions[i]->to_ms, end),
            .quantity = versions[i]->offer->quantity,
            .sizes = (uint8_t)versions[i]->offer->sizes,
        };
        for (int basis = 0; basis < MEASURES_BASES; basis++)
            spans[i].rank[basis] = rank_of(prices, price_count, price_of(versions[i], basis));
    }
    struct standing standing = {prices, price_count, spans, count};
    standing_measure(&standing, moments, moment_count, sizes, out);
}

bool replay_moments(struct store *store, enum sql_id query, int64_t event_id, int64_t from_ms,
                    int64_t to_ms, int64_t **moments, size_t *count, struct err *err)
{
    *moments = NULL;
    *count = 0;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), query, &stmt, err))
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
