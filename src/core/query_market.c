/* The market as it stood at one moment: zones and listings. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "core/listing.h"
#include "core/query_scope.h"
#include "io/db.h"

/* The moment that is asked about. */
static int64_t moment_of(const struct query_filter *filter)
{
    return filter->has_at ? filter->at_ms : CLOCK_MAX_MS - 1;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the sections that the map puts into a zone, and of those where its listings lie. */
static struct frame_cell section_list(const struct query_scope *scope,
                                      const struct atlas_zone *zone, struct frame *frame)
{
    const struct atlas *atlas = &scope->atlas;
    size_t count = 0, kept = 0;
    const char **names =
        arena_array(&frame->arena, atlas->section_count + atlas->place_count + 1, sizeof *names);
    for (size_t i = 0; i < atlas->section_count; i++)
        if (atlas->sections[i].zone_id == zone->id)
            names[count++] = atlas->sections[i].name;
    for (size_t i = 0; i < atlas->place_count; i++)
        if (atlas->places[i]->zone_id == zone->id)
            names[count++] = atlas->places[i]->section;
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(names[kept - 1], names[i]) != 0)
            names[kept++] = names[i];
    for (size_t i = 0; i < kept; i++)
        names[i] = arena_strdup(&frame->arena, names[i]);
    return (struct frame_cell){.known = true, .list = {.count = kept, .texts = names}};
}

static void add_zone(const struct query_scope *scope, size_t index, const struct measures *measures,
                     struct frame *frame)
{
    const struct atlas_zone *zone = &scope->atlas.zones[index];
    const struct measures_prices *prices = &measures->prices[scope->filter->basis];
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_text(frame, zone->name);
    cells[1] = section_list(scope, zone, frame);
    cells[2] = frame_number((int64_t)index);
    cells[3] = query_scope_price(prices->min);
    cells[4] = query_scope_price(prices->max);
    cells[5] = query_scope_price(measures_avg(prices));
    cells[6] = query_scope_price(measures_median(prices));
    cells[7] = query_scope_price(prices->group_min[2 - 1]);
    cells[8] = query_scope_price(prices->group_min[4 - 1]);
    cells[9] = frame_number(measures->tickets);
    cells[10] = frame_number(measures->listings);
}

static int32_t zone_index(const struct atlas *atlas, int64_t id)
{
    for (size_t i = 0; i < atlas->zone_count; i++)
        if (atlas->zones[i].id == id)
            return (int32_t)i;
    BUG("zone %lld is not in the atlas", (long long)id);
}

bool query_zones(struct store *store, const struct event *event, const struct query_filter *filter,
                 struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"zone_name", FRAME_TEXT},
        {"sections", FRAME_TEXTS, .detail = true},
        {"display_order", FRAME_INT, .detail = true},
        {"current_min_price", FRAME_MONEY},
        {"current_max_price", FRAME_MONEY},
        {"current_avg_price", FRAME_MONEY},
        {"current_median_price", FRAME_MONEY},
        {"current_min_price_2", FRAME_MONEY},
        {"current_min_price_4", FRAME_MONEY},
        {"current_total_tickets", FRAME_INT},
        {"current_total_listings", FRAME_INT},
    };
    AUTO_SCOPE struct query_scope scope = {0};
    AUTO_REPLAY struct replay_set set = {0};
    bool any;
    int64_t at_ms;
    *frame = (struct frame){0};
    if (!query_scope_open(store, event, filter, &scope, err) ||
        !query_scope_market(&scope, moment_of(filter), &any, &at_ms, &set, err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    query_scope_meta(&scope, false, frame);
    const struct atlas *atlas = &scope.atlas;
    AUTO_FREE struct quote *quotes = mem_alloc(set.count + 1, sizeof *quotes);
    AUTO_FREE struct measures *zones = mem_alloc(atlas->zone_count + 1, sizeof *zones);
    for (size_t i = 0; i < set.count; i++) {
        quotes[i] = replay_quote(&set.versions[i]);
        quotes[i].scope = zone_index(atlas, set.versions[i].offer->place->zone_id);
    }
    struct measures all;
    measures_compute(quotes, set.count, at_ms, &all, zones, atlas->zone_count);
    for (size_t i = 0; any && i < atlas->zone_count; i++)
        if (query_scope_wants(&scope, atlas->zones[i].id) && atlas->zones[i].first_ms <= at_ms)
            add_zone(&scope, i, &zones[i], frame);
    return true;
}

static int64_t shown_price(const struct replay_version *version, enum measures_basis basis)
{
    bool all_in = basis == MEASURES_ALL_IN && version->all_in_minor != MEASURES_NONE;
    return all_in ? version->all_in_minor : version->price_minor;
}

static int compare_listings(const struct replay_version *left, const struct replay_version *right,
                            enum measures_basis basis)
{
    int64_t a = shown_price(left, basis), b = shown_price(right, basis);
    if (a != b)
        return a < b ? -1 : 1;
    int order = strcmp(left->offer->place->zone, right->offer->place->zone);
    if (order == 0)
        order = strcmp(left->offer->place->section, right->offer->place->section);
    if (order == 0)
        order = strcmp(left->offer->row, right->offer->row);
    return order ? order : strcmp(left->offer->external_id, right->offer->external_id);
}

static int by_base_price(const void *a, const void *b)
{
    return compare_listings(a, b, MEASURES_BASE);
}

static int by_all_in_price(const void *a, const void *b)
{
    return compare_listings(a, b, MEASURES_ALL_IN);
}

static struct frame_cell splits_list(struct frame *frame, const char *splits)
{
    size_t most = strlen(splits) / 2 + 1, count = 0;
    int64_t *sizes = arena_array(&frame->arena, most, sizeof *sizes);
    for (const char *at = splits; *at; at += *at == ',') {
        int64_t size = 0;
        for (; *at >= '0' && *at <= '9'; at++)
            size = size * 10 + (*at - '0');
        sizes[count++] = size;
    }
    return (struct frame_cell){.known = true, .list = {.count = count, .ints = sizes}};
}

static struct frame_cell tags_list(struct frame *frame, unsigned tags)
{
    size_t count = 0;
    const char **words = arena_array(&frame->arena, 32, sizeof *words);
    for (unsigned bit = 1; bit != 0 && bit <= tags; bit <<= 1)
        if (tags & bit)
            words[count++] = listing_tag_word(bit);
    return (struct frame_cell){.known = true, .list = {.count = count, .texts = words}};
}

/* A listing may have had other shapes before this one, and may have been away between. */
static bool first_seen(struct stmt *stmt, const struct replay_version *version, int64_t *first_ms,
                       struct err *err)
{
    stmt_bind_text(stmt, ":external_id", version->offer->external_id);
    if (stmt_step(stmt, err) != STEP_ROW)
        return false;
    *first_ms = stmt_int(stmt, 0);
    return stmt_step(stmt, err) == STEP_DONE;
}

static void add_listing(const struct replay_version *version, int64_t first_ms, int64_t last_ms,
                        struct frame *frame)
{
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = frame_text(frame, version->offer->external_id);
    cells[1] = frame_text(frame, version->offer->place->zone);
    cells[2] = frame_text(frame, version->offer->place->section);
    cells[3] = frame_text(frame, version->offer->row[0] ? version->offer->row : NULL);
    cells[4] = frame_number(version->offer->quantity);
    cells[5] = splits_list(frame, version->offer->splits);
    cells[6] = frame_number(version->price_minor);
    cells[7] = query_scope_price(version->all_in_minor);
    cells[8] = tags_list(frame, version->offer->tags);
    cells[9] = frame_number(first_ms);
    cells[10] = frame_number(last_ms);
}

static bool add_listings(const struct query_scope *scope, const struct replay_set *set,
                         int64_t at_ms, struct frame *frame, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(scope->store), SQL_OFFER_FIRST_SEEN, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", scope->event->id);
    for (size_t i = 0; i < set->count; i++) {
        int64_t first_ms;
        if (!query_scope_wants(scope, set->versions[i].offer->place->zone_id))
            continue;
        if (!first_seen(&stmt, &set->versions[i], &first_ms, err))
            return false;
        add_listing(&set->versions[i], first_ms, at_ms, frame);
    }
    return true;
}

bool query_listings(struct store *store, const struct event *event,
                    const struct query_filter *filter, struct frame *frame, struct err *err)
{
    static const struct frame_column columns[] = {
        {"listing_id", FRAME_TEXT},
        {"zone", FRAME_TEXT},
        {"section", FRAME_TEXT},
        {"row", FRAME_TEXT},
        {"quantity", FRAME_INT},
        {"splits", FRAME_INTS},
        {"price", FRAME_MONEY},
        {"all_in_price", FRAME_MONEY},
        {"tags", FRAME_TEXTS},
        {"first_seen", FRAME_TIME, .detail = true},
        {"last_seen", FRAME_TIME, .detail = true},
    };
    AUTO_SCOPE struct query_scope scope = {0};
    AUTO_REPLAY struct replay_set set = {0};
    bool any;
    int64_t at_ms;
    *frame = (struct frame){0};
    if (!query_scope_open(store, event, filter, &scope, err) ||
        !query_scope_market(&scope, moment_of(filter), &any, &at_ms, &set, err))
        return false;
    frame_init(frame, columns, sizeof columns / sizeof *columns);
    query_scope_meta(&scope, false, frame);
    if (set.count > 1)
        qsort(set.versions, set.count, sizeof *set.versions,
              filter->basis == MEASURES_ALL_IN ? by_all_in_price : by_base_price);
    return add_listings(&scope, &set, at_ms, frame, err);
}

bool query_names(struct store *store, const struct event *event, bool sections, struct frame *frame,
                 struct err *err)
{
    static const struct frame_column columns[] = {{"name", FRAME_TEXT}};
    AUTO_ATLAS struct atlas atlas = {0};
    *frame = (struct frame){0};
    if (!atlas_load(store, event->id, &atlas, err))
        return false;
    frame_init(frame, columns, 1);
    for (size_t i = 0; !sections && i < atlas.zone_count; i++)
        frame_add_row(frame)[0] = frame_text(frame, atlas.zones[i].name);
    for (size_t i = 0; sections && i < atlas.section_count; i++)
        frame_add_row(frame)[0] = frame_text(frame, atlas.sections[i].name);
    return true;
}
