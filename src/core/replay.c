#include "core/replay.h"

#include <stdlib.h>
#include <string.h>

#include "core/ladder.h"
#include "core/listing.h"
#include "io/db.h"

void replay_release(struct replay_set *set)
{
    mem_free(set->versions);
    arena_release(&set->arena);
    *set = (struct replay_set){0};
}

static bool load_versions(struct store *store, int64_t event_id, int64_t from_ms, int64_t to_ms,
                          struct replay_set *set, struct err *err)
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
        int64_t from = stmt_int(&stmt, 1);
        set->versions[set->count++] = (struct replay_version){
            .offer_id = stmt_int(&stmt, 0),
            .from_ms = from,
            .to_ms = stmt_is_null(&stmt, 2) ? REPLAY_OPEN : from + stmt_int(&stmt, 2),
            .price_minor = stmt_int(&stmt, 3),
            .all_in_minor = stmt_is_null(&stmt, 4) ? MEASURES_NONE : stmt_int(&stmt, 4),
        };
    }
    return step == STEP_DONE;
}

static bool load_offer(struct stmt *stmt, const struct atlas *atlas, struct replay_version *version,
                       struct arena *arena, struct err *err)
{
    stmt_bind_int(stmt, ":id", version->offer_id);
    switch (stmt_step(stmt, err)) {
    case STEP_ROW:
        break;
    case STEP_DONE:
        return err_set(err, ERR_STORE, "version of offer %lld that is not there",
                       (long long)version->offer_id);
    case STEP_ERROR:
        return false;
    }
    const char *splits = stmt_text(stmt, 4);
    version->splits_inferred = splits[0] == '~';
    version->external_id = arena_strdup(arena, stmt_text(stmt, 0));
    version->place = atlas_place_by_id(atlas, stmt_int(stmt, 1));
    version->row = arena_strdup(arena, stmt_text(stmt, 2));
    version->seats = arena_strdup(arena, stmt_text(stmt, 3));
    version->splits = arena_strdup(arena, splits + version->splits_inferred);
    version->quantity = (int)stmt_int(stmt, 5);
    version->tags = (unsigned)stmt_int(stmt, 6);
    version->first_ms = stmt_int(stmt, 7);
    if (version->place == NULL)
        return err_set(err, ERR_STORE, "offer %lld in a place that is not there",
                       (long long)version->offer_id);
    return stmt_step(stmt, err) == STEP_DONE;
}

/* Takes over what the offer says from another version of the same offer. */
static void copy_offer(struct replay_version *version, const struct replay_version *from)
{
    struct replay_version copy = *from;
    copy.from_ms = version->from_ms;
    copy.to_ms = version->to_ms;
    copy.price_minor = version->price_minor;
    copy.all_in_minor = version->all_in_minor;
    *version = copy;
}

/* Fills the versions from their offers, each of which is read once: a listing has many versions. */
static bool load_offers(struct store *store, const struct atlas *atlas, struct replay_set *set,
                        struct err *err)
{
    size_t slots = 64;
    while (slots < 2 * set->count)
        slots *= 2;
    AUTO_FREE struct replay_version **seen = mem_alloc(slots, sizeof *seen);
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_OFFER_GET, &stmt, err))
        return false;
    for (size_t i = 0; i < set->count; i++) {
        struct replay_version *version = &set->versions[i];
        size_t slot = (uint64_t)version->offer_id * UINT64_C(0x9E3779B97F4A7C15) >> 20 & (slots - 1);
        while (seen[slot] != NULL && seen[slot]->offer_id != version->offer_id)
            slot = (slot + 1) & (slots - 1);
        if (seen[slot] != NULL) {
            copy_offer(version, seen[slot]);
            continue;
        }
        if (!load_offer(&stmt, atlas, version, &set->arena, err))
            return false;
        seen[slot] = version;
    }
    return true;
}

bool replay_load(struct store *store, const struct atlas *atlas, int64_t from_ms, int64_t to_ms,
                 struct replay_set *set, struct err *err)
{
    *set = (struct replay_set){0};
    arena_init(&set->arena, 0);
    return load_versions(store, atlas->event_id, from_ms, to_ms, set, err) &&
           load_offers(store, atlas, set, err);
}

static int by_external_id(const void *a, const void *b)
{
    return strcmp(((const struct replay_version *)a)->external_id,
                  ((const struct replay_version *)b)->external_id);
}

void replay_sort(struct replay_set *set)
{
    if (set->count > 1)
        qsort(set->versions, set->count, sizeof *set->versions, by_external_id);
}

struct quote replay_quote(const struct replay_version *version)
{
    return (struct quote){
        .price = {version->price_minor, version->all_in_minor},
        .quantity = version->quantity,
        .sizes = (uint8_t)listing_size_mask(version->splits),
        .tags = (uint8_t)version->tags,
    };
}

/* The ladders of one basis: all prices, and those where k may be bought for each size that is asked for. */
struct book {
    int64_t *prices;
    struct ladder all, groups[MEASURES_SIZES];
    unsigned sizes;
};

static void book_init(struct book *book, const struct quote *quotes, size_t count,
                      enum measures_basis basis, unsigned sizes)
{
    *book = (struct book){.sizes = sizes, .prices = mem_alloc(count + 1, sizeof(int64_t))};
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (quotes[i].price[basis] != MEASURES_NONE)
            book->prices[n++] = quotes[i].price[basis];
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

static void book_change(struct book *book, int64_t price, unsigned sizes, int change)
{
    if (price == MEASURES_NONE)
        return;
    size_t rank = ladder_rank(&book->all, price);
    ladder_change(&book->all, rank, change);
    for (int k = 0; k < MEASURES_SIZES; k++)
        if (book->sizes & sizes & 1u << k)
            ladder_change(&book->groups[k], rank, change);
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
    for (int k = 0; k < MEASURES_SIZES; k++)
        if ((book->sizes >> k & 1) && book->groups[k].count > 0)
            prices->group_min[k] = ladder_nth(&book->groups[k], 0);
}

/* A version comes or goes. */
struct turn {
    int64_t at_ms;
    size_t version;
    int change;
};

static int by_time(const void *a, const void *b)
{
    int64_t left = ((const struct turn *)a)->at_ms, right = ((const struct turn *)b)->at_ms;
    return (left > right) - (left < right);
}

static struct turn *turns_of(const struct replay_version *const *versions, size_t count)
{
    struct turn *turns = mem_alloc(2 * count + 1, sizeof *turns);
    for (size_t i = 0; i < count; i++) {
        turns[2 * i] = (struct turn){versions[i]->from_ms, i, 1};
        turns[2 * i + 1] = (struct turn){versions[i]->to_ms, i, -1};
    }
    qsort(turns, 2 * count, sizeof *turns, by_time);
    return turns;
}

/* What stands at one moment of the replay. */
struct standing {
    struct book books[MEASURES_BASES];
    int64_t tickets, listings;
};

static void standing_turn(struct standing *standing, const struct quote *quote, int change)
{
    standing->tickets += change * quote->quantity;
    standing->listings += change;
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_change(&standing->books[basis], quote->price[basis], quote->sizes, change);
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
    AUTO_FREE struct quote *quotes = mem_alloc(count + 1, sizeof *quotes);
    for (size_t i = 0; i < count; i++)
        quotes[i] = replay_quote(versions[i]);
    AUTO_FREE struct turn *turns = turns_of(versions, count);
    struct standing standing = {0};
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_init(&standing.books[basis], quotes, count, basis, sizes);
    size_t next = 0;
    for (size_t i = 0; i < moment_count; i++) {
        for (; next < 2 * count && turns[next].at_ms <= moments[i]; next++)
            standing_turn(&standing, &quotes[turns[next].version], turns[next].change);
        standing_read(&standing, moments[i], &out[i]);
    }
    for (int basis = 0; basis < MEASURES_BASES; basis++)
        book_release(&standing.books[basis]);
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
