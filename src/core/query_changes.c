/* What came, went and got another price. */
#include <string.h>

#include "base/mem.h"
#include "base/sort.h"
#include "base/text.h"
#include "core/query_scope.h"

struct change {
    enum query_change kind;
    int64_t at_ms;
    const struct replay_version *version; /* as it became; as it was when it went */
    const struct replay_version *before;  /* NULL: new */
};

struct changes {
    struct change *changes;
    size_t count, capacity;
};

static int by_id_and_time(const void *a, const void *b)
{
    const struct replay_version *left = a, *right = b;
    int order = strcmp(left->offer->external_id, right->offer->external_id);
    return order ? order : (left->from_ms > right->from_ms) - (left->from_ms < right->from_ms);
}

static int by_kind_and_id(const void *a, const void *b)
{
    const struct change *left = a, *right = b;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return strcmp(left->version->offer->external_id, right->version->offer->external_id);
}

static int64_t price_of(const struct query_scope *scope, const struct replay_version *version)
{
    return replay_quote(version).price[scope->filter->basis];
}

/* Whether one version takes over from another without a gap. */
static bool follows(const struct replay_version *version, const struct replay_version *before)
{
    return version != NULL && before != NULL && version->from_ms == before->to_ms &&
           strcmp(version->offer->external_id, before->offer->external_id) == 0;
}

static void note(const struct query_scope *scope, struct change change, struct changes *changes)
{
    if (change.at_ms < scope->from_ms || change.at_ms >= scope->to_ms ||
        !query_scope_wants(scope, change.version->offer->place->zone_id) ||
        !query_scope_lets(scope, change.version, scope->filter->sizes))
        return;
    changes->changes =
        mem_grow(changes->changes, changes->count, &changes->capacity, sizeof change);
    changes->changes[changes->count++] = change;
}

/* What the beginning and the end of a version mean, between the versions before and after it by id and time. */
static void note_version(const struct query_scope *scope, const struct replay_version *before,
                         const struct replay_version *version, const struct replay_version *after,
                         struct changes *changes)
{
    int64_t price = price_of(scope, version);
    if (!follows(version, before)) {
        note(scope, (struct change){QUERY_NEW, version->from_ms, version, NULL}, changes);
    } else {
        int64_t price_before = price_of(scope, before);
        if (price != MEASURES_NONE && price_before != MEASURES_NONE && price != price_before)
            note(scope, (struct change){QUERY_REPRICED, version->from_ms, version, before},
                 changes);
    }
    if (!follows(after, version))
        note(scope, (struct change){QUERY_GONE, version->to_ms, version, version}, changes);
}

static void find_changes(const struct query_scope *scope, const struct replay_set *set,
                         struct changes *changes)
{
    AUTO_FREE struct sort_item *items = mem_alloc(set->count + 1, sizeof *items);
    for (size_t i = 0; i < set->count; i++)
        items[i] =
            (struct sort_item){text_prefix(set->versions[i].offer->external_id), &set->versions[i]};
    sort_by_key(items, set->count, by_id_and_time);
    for (size_t i = 0; i < set->count; i++)
        note_version(scope, i > 0 ? items[i - 1].thing : NULL, items[i].thing,
                     i + 1 < set->count ? items[i + 1].thing : NULL, changes);
}

/* Newest first, those of one moment in order as far as `most` are concerned; mem_alloc()ed. */
static struct sort_item *order_changes(const struct changes *changes, size_t most)
{
    struct sort_item *items = mem_alloc(changes->count + 1, sizeof *items);
    size_t shown = most;
    for (size_t i = 0; i < changes->count; i++)
        items[i] = (struct sort_item){~(uint64_t)changes->changes[i].at_ms, &changes->changes[i]};
    sort_by_key(items, changes->count, NULL);
    while (shown < changes->count && shown > 0 && items[shown].key == items[shown - 1].key)
        shown++;
    sort_by_key(items, shown < changes->count ? shown : changes->count, by_kind_and_id);
    return items;
}

static void add_change(const struct query_scope *scope, const struct change *change,
                       struct frame *frame)
{
    static const char *const words[] = {"new", "gone", "repriced"};
    const struct replay_offer *offer = change->version->offer;
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = (struct frame_cell){.known = true, .text = words[change->kind]};
    cells[1] = frame_number(change->at_ms);
    cells[2] = frame_text(frame, offer->external_id);
    cells[3] = frame_text(frame, offer->place->zone);
    cells[4] = frame_text(frame, offer->place->section);
    cells[5] = frame_text(frame, offer->row[0] ? offer->row : NULL);
    cells[6] = frame_number(offer->quantity);
    cells[7] = query_scope_price(price_of(scope, change->version));
    cells[8] = change->before ? query_scope_price(price_of(scope, change->before)) : frame_null();
}

static void init_frame(const struct query_scope *scope, struct frame *frame)
{
    static const struct frame_column columns[] = {
        {"change", FRAME_TEXT},  {"timestamp", FRAME_TIME}, {"listing_id", FRAME_TEXT},
        {"zone", FRAME_TEXT},    {"section", FRAME_TEXT},   {"row", FRAME_TEXT},
        {"quantity", FRAME_INT}, {"price", FRAME_MONEY},    {"price_before", FRAME_MONEY},
    };
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    query_scope_meta(scope, false, frame);
}

bool query_changes(struct store *store, const struct event *event,
                   const struct query_filter *filter, size_t most,
                   size_t counts[QUERY_CHANGE_KINDS], struct frame *frame, struct err *err)
{
    AUTO_SCOPE struct query_scope scope = {0};
    AUTO_REPLAY struct replay_set set = {0};
    struct changes changes = {0};
    struct query_filter exact = *filter;
    exact.by = QUERY_SNAPSHOT; /* a window of moments, not of buckets */
    *frame = (struct frame){0};
    memset(counts, 0, QUERY_CHANGE_KINDS * sizeof *counts);
    /* what stood just before the window belongs to what changed with its first moment */
    if (!query_scope_open(store, event, &exact, &scope, err) ||
        !replay_load(store, &scope.atlas, scope.from_ms - 1, scope.to_ms, &set, err))
        return false;
    init_frame(&scope, frame);
    find_changes(&scope, &set, &changes);
    AUTO_FREE struct sort_item *newest = order_changes(&changes, most);
    for (size_t i = 0; i < changes.count; i++) {
        counts[changes.changes[i].kind]++;
        if (i < most)
            add_change(&scope, newest[i].thing, frame);
    }
    mem_free(changes.changes);
    return true;
}
