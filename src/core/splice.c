#include "core/splice.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/replay.h"
#include "io/db.h"

enum { SPAN_OPEN = 63 }; /* as in sql/sqlite/0001_init.sql */

void splice_release(struct splice *splice)
{
    mem_free(splice->quotes);
    mem_free(splice->places);
    *splice = (struct splice){0};
}

/* The poll's listings that are not to be read from it, sorted by id. */
struct unread {
    const char **ids;
    size_t count;
};

/* A listing carried on by a later poll that could not read it. */
struct carried {
    const char *id;
    int64_t at_ms;
};

/* All that the walk over three markets needs. */
struct walk {
    struct store *store;
    struct atlas *atlas;
    const struct splice_gap *gap;
    struct splice *out;
    struct carried *carried; /* by id, then time */
    size_t carried_count;
    struct arena arena;
    struct atlas_sighting sighting;
};

static int span_of(int64_t lasted_ms)
{
    return 63 - __builtin_clzll((unsigned long long)lasted_ms);
}

static bool remove_version(struct walk *walk, const struct replay_version *version, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(walk->store), SQL_VERSION_REMOVE, &stmt, err))
        return false;
    bool open = version->to_ms == REPLAY_OPEN;
    stmt_bind_int(&stmt, ":event", walk->atlas->event_id);
    stmt_bind_int(&stmt, ":span", open ? SPAN_OPEN : span_of(version->to_ms - version->from_ms));
    stmt_bind_int(&stmt, ":from", version->from_ms);
    stmt_bind_int(&stmt, ":offer", version->offer->id);
    if (!stmt_run(&stmt, err))
        return false;
    if (db_changes(store_db(walk->store)) != 1)
        return err_set(err, ERR_STORE, "listing '%s': a version is not where it should be",
                       version->offer->external_id);
    return true;
}

static bool add_version(struct walk *walk, const struct replay_version *version, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(walk->store), SQL_VERSION_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", walk->atlas->event_id);
    stmt_bind_int(&stmt, ":from", version->from_ms);
    stmt_bind_int(&stmt, ":offer", version->offer->id);
    if (version->to_ms == REPLAY_OPEN) {
        stmt_bind_int(&stmt, ":span", SPAN_OPEN);
        stmt_bind_null(&stmt, ":lasted");
    } else {
        stmt_bind_int(&stmt, ":span", span_of(version->to_ms - version->from_ms));
        stmt_bind_int(&stmt, ":lasted", version->to_ms - version->from_ms);
    }
    stmt_bind_int(&stmt, ":price", version->price_minor);
    if (version->all_in_minor == MEASURES_NONE)
        stmt_bind_null(&stmt, ":all_in");
    else
        stmt_bind_int(&stmt, ":all_in", version->all_in_minor);
    return stmt_run(&stmt, err);
}

/* Gives a version other bounds. */
static bool move_version(struct walk *walk, const struct replay_version *version, int64_t from_ms,
                         int64_t to_ms, struct err *err)
{
    struct replay_version moved = *version;
    moved.from_ms = from_ms;
    moved.to_ms = to_ms;
    return remove_version(walk, version, err) && add_version(walk, &moved, err);
}

static bool same_offer(const struct replay_version *version, const struct listing *listing)
{
    const struct replay_offer *offer = version->offer;
    return offer->quantity == listing->quantity && offer->tags == listing->tags &&
           offer->splits_inferred == listing->splits_inferred &&
           strcmp(offer->row, listing->row) == 0 && strcmp(offer->seats, listing->seats) == 0 &&
           strcmp(offer->splits, listing->splits) == 0 &&
           strcmp(offer->place->label, listing->label) == 0 &&
           strcmp(offer->place->section, listing->section) == 0 &&
           strcmp(offer->place->zone, listing->zone) == 0;
}

static int64_t all_in_of(const struct listing *listing)
{
    return listing->all_in_minor == LISTING_NO_PRICE ? MEASURES_NONE : listing->all_in_minor;
}

static bool same_version(const struct replay_version *version, const struct listing *listing)
{
    return version->price_minor == listing->price_minor &&
           version->all_in_minor == all_in_of(listing) && same_offer(version, listing);
}

static bool insert_offer(struct walk *walk, const struct listing *listing,
                         const struct atlas_place *place, int64_t *offer_id, struct err *err)
{
    char splits[LISTING_SPLITS_MAX + 1] = "~";
    memcpy(splits + listing->splits_inferred, listing->splits, strlen(listing->splits) + 1);
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(walk->store), SQL_OFFER_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", walk->atlas->event_id);
    stmt_bind_text(&stmt, ":external_id", listing->id);
    stmt_bind_int(&stmt, ":place", place->id);
    stmt_bind_text(&stmt, ":row", listing->row);
    stmt_bind_text(&stmt, ":seats", listing->seats);
    stmt_bind_text(&stmt, ":splits", splits);
    stmt_bind_int(&stmt, ":quantity", listing->quantity);
    stmt_bind_int(&stmt, ":tags", listing->tags);
    stmt_bind_int(&stmt, ":first", walk->gap->at_ms);
    if (!stmt_run(&stmt, err))
        return false;
    *offer_id = db_last_id(store_db(walk->store));
    return true;
}

static bool set_first(struct walk *walk, int64_t offer_id, int64_t first_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(walk->store), SQL_OFFER_SET_FIRST, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":id", offer_id);
    stmt_bind_int(&stmt, ":first", first_ms);
    return stmt_run(&stmt, err);
}

/* One listing's state in the poll before, in this one, and in the first after that could read it; NULL:
   not there. */
struct states {
    const struct replay_version *before;
    const struct listing *now;
    const struct replay_version *after;
    int64_t after_ms; /* REPLAY_OPEN when no later poll read it */
};

/* The offer for what the poll says: that of a neighbour if it has the same shape, else a new one. */
static bool offer_for(struct walk *walk, const struct states *states, int64_t *offer_id,
                      const struct atlas_place **place, struct err *err)
{
    if (states->before && same_offer(states->before, states->now)) {
        *place = states->before->offer->place;
        *offer_id = states->before->offer->id;
        return true;
    }
    *place = atlas_see_place(walk->store, walk->atlas, states->now->label, states->now->section,
                             states->now->zone, &walk->sighting, err);
    if (*place == NULL)
        return false;
    if (states->after && same_offer(states->after, states->now)) {
        *offer_id = states->after->offer->id;
        return states->after->offer->first_ms <= walk->gap->at_ms ||
               set_first(walk, *offer_id, walk->gap->at_ms, err);
    }
    return insert_offer(walk, states->now, *place, offer_id, err);
}

/* Puts the poll's own state between its neighbours, where it is not that of the poll before. */
static bool put_now(struct walk *walk, const struct states *states,
                    const struct atlas_place **place, struct err *err)
{
    struct replay_offer offer = {0};
    struct replay_version version = {
        .offer = &offer,
        .from_ms = walk->gap->at_ms,
        .to_ms = states->after_ms,
        .price_minor = states->now->price_minor,
        .all_in_minor = all_in_of(states->now),
    };
    if (!offer_for(walk, states, &offer.id, place, err))
        return false;
    bool starts_after = states->after && states->after->from_ms == states->after_ms;
    if (starts_after && same_version(states->after, states->now))
        return move_version(walk, states->after, walk->gap->at_ms, states->after->to_ms, err);
    return add_version(walk, &version, err);
}

/* Ends what held before, and lets it go on after the poll if it did. */
static bool cut_before(struct walk *walk, const struct states *states, struct err *err)
{
    const struct replay_version *before = states->before;
    if (!move_version(walk, before, before->from_ms, walk->gap->at_ms, err))
        return false;
    if (before->to_ms <= states->after_ms || states->after_ms == REPLAY_OPEN)
        return true;
    struct replay_version rest = *before;
    rest.from_ms = states->after_ms;
    return add_version(walk, &rest, err);
}

static void take_quote(struct walk *walk, struct quote quote, const struct atlas_place *place)
{
    struct splice *out = walk->out;
    out->quotes[out->quote_count] = quote;
    out->places[out->quote_count++] = place;
}

static struct quote quote_of(const struct listing *listing)
{
    return (struct quote){
        .price = {listing->price_minor, all_in_of(listing)},
        .quantity = listing->quantity,
        .sizes = (uint8_t)listing_size_mask(listing->splits),
        .tags = (uint8_t)listing->tags,
    };
}

static bool splice_listing(struct walk *walk, const struct states *states, struct err *err)
{
    const struct replay_version *before = states->before;
    if (before && states->now && same_version(before, states->now)) {
        take_quote(walk, replay_quote(before), before->offer->place);
        return true;
    }
    if (!before && !states->now)
        return true;
    struct splice *out = walk->out;
    out->differs = true;
    out->added += !before;
    out->removed += !states->now;
    out->changed += before && states->now;
    const struct atlas_place *place = NULL;
    if (before && !cut_before(walk, states, err))
        return false;
    if (!states->now)
        return true;
    /* the version that held before may be the one that goes on after: it has been cut, so it starts
       there */
    struct replay_version rest;
    struct states now = *states;
    if (before && states->after == before) {
        rest = *before;
        rest.from_ms = states->after_ms;
        now.after = &rest;
    }
    if (!put_now(walk, &now, &place, err))
        return false;
    take_quote(walk, quote_of(states->now), place);
    return true;
}

static int by_carried(const void *a, const void *b)
{
    const struct carried *left = a, *right = b;
    int order = strcmp(left->id, right->id);
    return order ? order : (left->at_ms > right->at_ms) - (left->at_ms < right->at_ms);
}

/* Which listings later polls could not read; nearly always none. */
static bool load_carried(struct walk *walk, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(walk->store), SQL_REJECT_LATER, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", walk->atlas->event_id);
    stmt_bind_int(&stmt, ":at", walk->gap->at_ms);
    size_t capacity = 0;
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        walk->carried =
            mem_grow(walk->carried, walk->carried_count, &capacity, sizeof(struct carried));
        walk->carried[walk->carried_count++] =
            (struct carried){arena_strdup(&walk->arena, stmt_string(&stmt, 0)), stmt_int(&stmt, 1)};
    }
    if (walk->carried_count > 1)
        qsort(walk->carried, walk->carried_count, sizeof *walk->carried, by_carried);
    return step == STEP_DONE;
}

static bool is_carried(const struct walk *walk, const char *id, int64_t at_ms)
{
    struct carried key = {id, at_ms};
    return walk->carried_count > 0 && bsearch(&key, walk->carried, walk->carried_count,
                                              sizeof *walk->carried, by_carried) != NULL;
}

/* The first good poll after `at_ms`, REPLAY_OPEN when there is none. */
static bool next_good(struct walk *walk, int64_t at_ms, int64_t *next_ms, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(walk->store), SQL_SNAPSHOT_AFTER, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", walk->atlas->event_id);
    stmt_bind_int(&stmt, ":at", at_ms);
    enum step step = stmt_step(&stmt, err);
    *next_ms = step == STEP_ROW ? stmt_int(&stmt, 0) : REPLAY_OPEN;
    return step != STEP_ERROR;
}

static const struct replay_version *find_version(const struct replay_set *set, const char *id)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->versions[i].offer->external_id, id) == 0)
            return &set->versions[i];
    return NULL;
}

/* The poll after could not read this listing: looks on to the first that could. `set` keeps what
   `states` points to. */
static bool look_past_carried(struct walk *walk, const char *id, struct states *states,
                              struct replay_set *set, struct err *err)
{
    while (states->after_ms != REPLAY_OPEN && is_carried(walk, id, states->after_ms))
        if (!next_good(walk, states->after_ms, &states->after_ms, err))
            return false;
    if (states->after_ms > walk->out->carried_until_ms)
        walk->out->carried_until_ms = states->after_ms;
    states->after = NULL;
    if (states->after_ms == REPLAY_OPEN)
        return true;
    if (!replay_load(walk->store, walk->atlas, states->after_ms, states->after_ms + 1, set, err))
        return false;
    states->after = find_version(set, id);
    return true;
}

static bool same_row(const struct replay_version *a, const struct replay_version *b)
{
    return a && b && a->offer->id == b->offer->id && a->from_ms == b->from_ms;
}

/* Splices what the three markets say of one listing id. */
static bool splice_id(struct walk *walk, const char *id, struct states *states, struct err *err)
{
    AUTO_REPLAY struct replay_set later = {0};
    if (walk->carried_count > 0 && is_carried(walk, id, states->after_ms) &&
        !look_past_carried(walk, id, states, &later, err))
        return false;
    if (same_row(states->before, states->after))
        states->after = states->before;
    return splice_listing(walk, states, err);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void unread_of(const struct market *market, struct unread *unread)
{
    unread->count = 0;
    unread->ids = mem_alloc(market->reject_count + 1, sizeof *unread->ids);
    for (size_t i = 0; i < market->reject_count; i++)
        if (market->rejects[i].id != NULL)
            unread->ids[unread->count++] = market->rejects[i].id;
    qsort(unread->ids, unread->count, sizeof *unread->ids, by_text);
}

static bool is_unread(const struct unread *unread, const char *id)
{
    return unread->count > 0 &&
           bsearch(&id, unread->ids, unread->count, sizeof *unread->ids, by_text) != NULL;
}

static const char *lesser(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return a ? a : b;
    return strcmp(a, b) <= 0 ? a : b;
}

/* Walks three markets in order of listing id: before, the poll, after. */
static bool walk_markets(struct walk *walk, const struct replay_set *before,
                         const struct market *market, const struct replay_set *after,
                         const struct unread *unread, struct err *err)
{
    size_t b = 0, n = 0, a = 0;
    for (;;) {
        const char *b_id = b < before->count ? before->versions[b].offer->external_id : NULL;
        const char *n_id = n < market->listing_count ? market->listings[n].id : NULL;
        const char *a_id = a < after->count ? after->versions[a].offer->external_id : NULL;
        const char *id = lesser(lesser(b_id, n_id), a_id);
        if (id == NULL)
            return true;
        struct states states = {
            .after_ms = walk->gap->after_ms == SPLICE_NOTHING ? REPLAY_OPEN : walk->gap->after_ms};
        if (b_id && strcmp(b_id, id) == 0)
            states.before = &before->versions[b++];
        if (n_id && strcmp(n_id, id) == 0)
            states.now = &market->listings[n++];
        if (a_id && strcmp(a_id, id) == 0)
            states.after = &after->versions[a++];
        if (states.now == NULL && is_unread(unread, id)) {
            if (states.before)
                take_quote(walk, replay_quote(states.before), states.before->offer->place);
            continue;
        }
        if (!splice_id(walk, id, &states, err))
            return false;
    }
}

static bool load_at(struct store *store, const struct atlas *atlas, int64_t at_ms,
                    struct replay_set *set, struct err *err)
{
    if (at_ms == SPLICE_NOTHING)
        return true;
    if (!replay_load(store, atlas, at_ms, at_ms + 1, set, err))
        return false;
    replay_sort(set);
    return true;
}

bool splice_market(struct store *store, struct atlas *atlas, const struct splice_gap *gap,
                   const struct replay_set *before, const struct market *market,
                   struct splice *splice, struct err *err)
{
    *splice = (struct splice){.carried_until_ms = SPLICE_NOTHING};
    struct walk walk = {.store = store, .atlas = atlas, .gap = gap, .out = splice};
    walk.sighting = (struct atlas_sighting){gap->at_ms, gap->after_ms == SPLICE_NOTHING};
    AUTO_REPLAY struct replay_set after = {0};
    arena_init(&walk.arena, 0);
    struct unread unread;
    unread_of(market, &unread);
    bool ok = load_at(store, atlas, gap->after_ms, &after, err) &&
              (gap->after_ms == SPLICE_NOTHING || load_carried(&walk, err));
    size_t most = before->count + market->listing_count + 1;
    splice->quotes = mem_alloc(most, sizeof *splice->quotes);
    splice->places = mem_alloc(most, sizeof *splice->places);
    ok = ok && walk_markets(&walk, before, market, &after, &unread, err);
    mem_free(unread.ids);
    mem_free(walk.carried);
    arena_release(&walk.arena);
    return ok;
}

bool splice_compare(struct store *store, const struct atlas *atlas, int64_t at_ms,
                    const struct market *market, bool *same, struct err *err)
{
    AUTO_REPLAY struct replay_set there = {0};
    if (!load_at(store, atlas, at_ms, &there, err))
        return false;
    struct unread unread;
    unread_of(market, &unread);
    size_t n = 0;
    *same = true;
    for (size_t i = 0; i < there.count; i++) {
        const struct replay_version *version = &there.versions[i];
        if (n < market->listing_count && same_version(version, &market->listings[n]) &&
            strcmp(version->offer->external_id, market->listings[n].id) == 0)
            n++;
        else if (!is_unread(&unread, version->offer->external_id))
            *same = false;
    }
    *same = *same && n == market->listing_count;
    mem_free(unread.ids);
    return true;
}
