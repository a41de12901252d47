#include "core/tape.h"

#include <string.h>

#include "base/ordinals.h"
#include "base/sort.h"
#include "base/text.h"
#include "core/standing.h"
#include "io/db.h"

#define SIGN (UINT64_C(1) << 63) /* flipped, it puts negative numbers before the others */

void tape_close(struct tape *tape)
{
    if (!tape)
        return;
    mem_free(tape->moments);
    mem_free(tape->prices);
    mem_free(tape->versions);
    atlas_release(&tape->atlas);
    arena_release(&tape->arena);
    mem_free(tape);
}

uint32_t tape_moment(const struct tape *tape, int64_t at_ms)
{
    return (uint32_t)sort_place(tape->moments, tape->moment_count, at_ms, 0);
}

int64_t tape_price(const struct tape *tape, const struct tape_version *version,
                   enum measures_basis basis)
{
    uint32_t rank = version->rank[basis];
    return rank == STANDING_NO_RANK ? MEASURES_NONE : tape->prices[rank];
}

/* ---- which window it is ---- */

/* The good poll before a time, or after it; false in *any when there is none. */
static bool neighbour(struct store *store, int64_t event_id, enum sql_id query, int64_t at_ms,
                      bool *any, int64_t *neighbour_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), query, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":at", at_ms);
    enum step step = stmt_step(&stmt, err);
    *any = step == STEP_ROW;
    *neighbour_ms = *any ? stmt_int(&stmt, 0) : 0;
    return step != STEP_ERROR;
}

/* From the poll before, so that what stood there already is not taken for new; windows that end before the next poll are
   all the same. */
static bool load_moments(struct store *store, int64_t from_ms, int64_t to_ms, struct tape *tape,
                         struct err *err)
{
    int64_t event_id = tape->atlas.event_id, before_ms, after_ms;
    bool any_before, any_after;
    if (!neighbour(store, event_id, SQL_SNAPSHOT_BEFORE, from_ms, &any_before, &before_ms, err) ||
        !neighbour(store, event_id, SQL_SNAPSHOT_AFTER, to_ms - 1, &any_after, &after_ms, err))
        return false;
    tape->from_ms = any_before ? before_ms + 1 : INT64_MIN;
    tape->to_ms = any_after ? after_ms : INT64_MAX;
    return replay_moments(store, SQL_SNAPSHOT_TIMES, event_id, any_before ? before_ms : from_ms,
                          to_ms, &tape->moments, &tape->moment_count, err);
}

/* ---- loading ---- */

/* What is met while versions are read. They name offers and prices by these numbers, until both are sorted. */
struct reel {
    struct ordinals offers, prices;
    size_t from, end; /* moments of the version before: mostly the next one's, too */
};

static uint32_t find_moment(const struct tape *tape, int64_t at_ms, size_t *last)
{
    *last = sort_place(tape->moments, tape->moment_count, at_ms, *last);
    return (uint32_t)*last;
}

static void read_version(const struct stmt *stmt, struct reel *reel, struct tape *tape)
{
    struct tape_version *version = &tape->versions[tape->version_count++];
    int64_t from_ms = stmt_int(stmt, 1);
    *version = (struct tape_version){
        .offer = ordinals_meet(&reel->offers, stmt_int(stmt, 0)),
        .from = find_moment(tape, from_ms, &reel->from),
        .end = (uint32_t)tape->moment_count,
        .rank = {ordinals_meet(&reel->prices, stmt_int(stmt, 3)), STANDING_NO_RANK},
    };
    if (!stmt_is_null(stmt, 2))
        version->end = find_moment(tape, from_ms + stmt_int(stmt, 2), &reel->end);
    if (!stmt_is_null(stmt, 4))
        version->rank[MEASURES_ALL_IN] = ordinals_meet(&reel->prices, stmt_int(stmt, 4));
}

static bool load_versions(struct store *store, struct reel *reel, struct tape *tape,
                          struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_VERSION_WINDOW, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", tape->atlas.event_id);
    stmt_bind_int(&stmt, ":from", tape->moments[0]);
    stmt_bind_int(&stmt, ":to", tape->moments[tape->moment_count - 1] + 1);
    size_t capacity = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        tape->versions =
            mem_grow(tape->versions, tape->version_count, &capacity, sizeof *tape->versions);
        read_version(&stmt, reel, tape);
    }
    return step == STEP_DONE;
}

/* ---- order ---- */

/* Sorts the prices, and puts ranks in place of the numbers by which they were met. */
static void rank_prices(struct reel *reel, struct tape *tape)
{
    size_t count = reel->prices.count;
    const int64_t *met = reel->prices.values;
    AUTO_FREE struct sort_item *items = mem_alloc(count + 1, sizeof *items);
    AUTO_FREE uint32_t *ranks = mem_alloc(count + 1, sizeof *ranks);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct sort_item){(uint64_t)met[i] ^ SIGN, &met[i]};
    sort_by_key(items, count, NULL);
    tape->prices = mem_alloc(count + 1, sizeof *tape->prices);
    tape->price_count = count;
    for (size_t i = 0; i < count; i++) {
        const int64_t *price = items[i].thing;
        tape->prices[i] = *price;
        ranks[price - met] = (uint32_t)i;
    }
    for (size_t i = 0; i < tape->version_count; i++)
        for (int basis = 0; basis < MEASURES_BASES; basis++) {
            uint32_t *rank = &tape->versions[i].rank[basis];
            *rank = *rank == STANDING_NO_RANK ? STANDING_NO_RANK : ranks[*rank];
        }
}

static int by_external_id(const void *a, const void *b)
{
    return strcmp((*(struct replay_offer *const *)a)->external_id,
                  (*(struct replay_offer *const *)b)->external_id);
}

/* Sorts the offers, and renames them in the versions. Returns the number of its listing for each; mem_alloc()ed. */
static uint32_t *order_offers(struct tape *tape)
{
    size_t count = tape->offer_count;
    AUTO_FREE struct sort_item *items = mem_alloc(count + 1, sizeof *items);
    AUTO_FREE uint32_t *places = mem_alloc(count + 1, sizeof *places);
    uint32_t *listings = mem_alloc(count + 1, sizeof *listings);
    struct replay_offer **sorted = arena_array(&tape->arena, count + 1, sizeof(void *));
    for (size_t i = 0; i < count; i++)
        items[i] = (struct sort_item){text_prefix(tape->offers[i]->external_id), &tape->offers[i]};
    sort_by_key(items, count, by_external_id);
    for (size_t i = 0; i < count; i++) {
        struct replay_offer *const *offer = items[i].thing;
        sorted[i] = *offer;
        places[offer - tape->offers] = (uint32_t)i;
        bool other = i > 0 && strcmp(sorted[i - 1]->external_id, sorted[i]->external_id) != 0;
        listings[i] = i > 0 ? listings[i - 1] + other : 0;
    }
    for (size_t i = 0; i < tape->version_count; i++)
        tape->versions[i].offer = places[tape->versions[i].offer];
    tape->offers = sorted;
    return listings;
}

/* A counting sort of versions by the listing of their offer; by their start when `listings` is NULL. Both are below `keys`. */
static void sort_versions(const struct tape_version *from, size_t count, const uint32_t *listings,
                          size_t keys, struct tape_version *to)
{
    AUTO_FREE uint32_t *start = mem_alloc(keys + 2, sizeof *start);
    for (size_t i = 0; i < count; i++)
        start[(listings ? listings[from[i].offer] : from[i].from) + 1]++;
    for (size_t key = 0; key < keys; key++)
        start[key + 1] += start[key];
    for (size_t i = 0; i < count; i++)
        to[start[listings ? listings[from[i].offer] : from[i].from]++] = from[i];
}

/* By listing, and those of one by time. The array gets the size that it needs. */
static void order_versions(struct tape *tape, const uint32_t *listings)
{
    size_t count = tape->version_count;
    AUTO_FREE struct tape_version *by_time = mem_alloc(count + 1, sizeof *by_time);
    sort_versions(tape->versions, count, NULL, tape->moment_count, by_time);
    tape->versions = mem_resize(tape->versions, count, sizeof *tape->versions);
    sort_versions(by_time, count, listings, tape->offer_count, tape->versions);
}

static bool load_offers(struct store *store, const struct reel *reel, struct tape *tape,
                        struct err *err)
{
    size_t count = tape->offer_count = reel->offers.count;
    struct replay_offer *offers = arena_array(&tape->arena, count + 1, sizeof *offers);
    tape->offers = arena_array(&tape->arena, count + 1, sizeof(void *));
    for (size_t i = 0; i < count; i++) {
        offers[i].id = reel->offers.values[i];
        tape->offers[i] = &offers[i];
    }
    return replay_read_offers(store, &tape->atlas, tape->offers, count, &tape->arena, err);
}

static bool load_market(struct store *store, struct tape *tape, struct err *err)
{
    struct reel reel = {0};
    bool ok = load_versions(store, &reel, tape, err);
    if (ok)
        rank_prices(&reel, tape);
    ok = ok && load_offers(store, &reel, tape, err);
    ordinals_release(&reel.offers);
    ordinals_release(&reel.prices);
    db_forget_pages(store_db(store));
    if (!ok)
        return false;
    AUTO_FREE uint32_t *listings = order_offers(tape);
    order_versions(tape, listings);
    return true;
}

static struct tape *load(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
                         struct err *err)
{
    struct tape *tape = mem_alloc(1, sizeof *tape);
    arena_init(&tape->arena, 0);
    if (store_changes(store, &tape->version, err) &&
        atlas_load(store, event_id, &tape->atlas, err) &&
        load_moments(store, from_ms, to_ms, tape, err) &&
        (tape->moment_count == 0 || load_market(store, tape, err)))
        return tape;
    tape_close(tape);
    return NULL;
}

/* ---- keeping ---- */

bool tape_find(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
               const struct tape **tape, struct err *err)
{
    const struct tape *kept = *store_tape(store);
    int64_t version;
    *tape = NULL;
    if (!kept)
        return true;
    if (!store_changes(store, &version, err))
        return false;
    if (kept->version == version && kept->atlas.event_id == event_id && kept->from_ms <= from_ms &&
        kept->to_ms >= to_ms)
        *tape = kept;
    return true;
}

bool tape_take(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
               const struct tape **tape, struct err *err)
{
    if (!tape_find(store, event_id, from_ms, to_ms, tape, err))
        return false;
    if (*tape)
        return true;
    struct tape **kept = store_tape(store);
    tape_close(*kept);
    *kept = load(store, event_id, from_ms, to_ms, err);
    *tape = *kept;
    return *tape != NULL;
}

static size_t bytes_of(const struct tape *tape)
{
    return tape->arena.total + tape->atlas.arena.total +
           (tape->moment_count + tape->price_count) * sizeof(int64_t) +
           tape->version_count * sizeof *tape->versions;
}

void tape_settle(struct store *store)
{
    struct tape **kept = store_tape(store);
    if (*kept && (!store_is_readonly(store) || bytes_of(*kept) > TAPE_KEPT_BYTES_MAX)) {
        tape_close(*kept);
        *kept = NULL;
    }
}
