/* What came, went and got another price. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/query_scope.h"
#include "core/standing.h"

struct change {
    enum query_change kind;
    uint32_t moment;
    const struct tape_version *version; /* as it became; as it was when it went */
    const struct tape_version *before;  /* NULL: new */
};

struct changes {
    const struct tape *tape;
    enum measures_basis basis;
    bool *passes;        /* of each offer */
    uint32_t first, end; /* moments of the window */
    size_t *counts;      /* of each kind */
    size_t *at;          /* how many there are at each moment */
    uint32_t oldest;     /* from this moment on they are listed */
    struct change *list;
    size_t count, capacity;
};

static const struct replay_offer *offer_of(const struct changes *changes,
                                           const struct change *change)
{
    return changes->tape->offers[change->version->offer];
}

static int newest_first(const void *a, const void *b, void *context)
{
    const struct change *left = a, *right = b;
    const struct changes *changes = context;
    if (left->moment != right->moment)
        return left->moment > right->moment ? -1 : 1;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return strcmp(offer_of(changes, left)->external_id, offer_of(changes, right)->external_id);
}

/* Whether one version takes over from another without a gap. */
static bool follows(const struct tape *tape, const struct tape_version *version,
                    const struct tape_version *before)
{
    return version != NULL && before != NULL && version->from == before->end &&
           (version->offer == before->offer ||
            strcmp(tape->offers[version->offer]->external_id,
                   tape->offers[before->offer]->external_id) == 0);
}

/* What a version's beginning or end means: a change that the window and the filter let through. */
typedef void note_change(struct changes *changes, const struct change *change);

static void count_change(struct changes *changes, const struct change *change)
{
    changes->counts[change->kind]++;
    changes->at[change->moment]++;
}

static void list_change(struct changes *changes, const struct change *change)
{
    if (change->moment < changes->oldest)
        return;
    changes->list = mem_grow(changes->list, changes->count, &changes->capacity, sizeof *change);
    changes->list[changes->count++] = *change;
}

static bool is_wanted(const struct changes *changes, uint32_t moment,
                      const struct tape_version *version)
{
    return moment >= changes->first && moment < changes->end && changes->passes[version->offer];
}

/* What the beginning of a version means, after the one before it by id and time. */
static void note_begin(struct changes *changes, const struct tape_version *before,
                       const struct tape_version *version, note_change *note)
{
    struct change change = {QUERY_NEW, version->from, version, NULL};
    if (!is_wanted(changes, version->from, version))
        return;
    if (follows(changes->tape, version, before)) {
        uint32_t rank = version->rank[changes->basis], rank_before = before->rank[changes->basis];
        if (rank == rank_before || rank == STANDING_NO_RANK || rank_before == STANDING_NO_RANK)
            return;
        change.kind = QUERY_REPRICED;
        change.before = before;
    }
    note(changes, &change);
}

/* What the end of a version means, before the one after it. */
static void note_end(struct changes *changes, const struct tape_version *version,
                     const struct tape_version *after, note_change *note)
{
    struct change change = {QUERY_GONE, version->end, version, version};
    if (is_wanted(changes, version->end, version) && !follows(changes->tape, after, version))
        note(changes, &change);
}

static void find_changes(struct changes *changes, note_change *note)
{
    const struct tape_version *versions = changes->tape->versions;
    size_t count = changes->tape->version_count;
    for (size_t i = 0; i < count; i++) {
        note_begin(changes, i > 0 ? &versions[i - 1] : NULL, &versions[i], note);
        note_end(changes, &versions[i], i + 1 < count ? &versions[i + 1] : NULL, note);
    }
}

/* Counts all, but lists and sorts only those of the newest moments that have `most`: a week has a hundred thousand. */
static void list_newest(struct changes *changes, size_t most)
{
    changes->at = mem_alloc(changes->tape->moment_count + 1, sizeof *changes->at);
    find_changes(changes, count_change);
    size_t listed = 0;
    changes->oldest = changes->end;
    while (changes->oldest > changes->first && listed < most)
        listed += changes->at[--changes->oldest];
    find_changes(changes, list_change);
    if (changes->count > 1)
        qsort_r(changes->list, changes->count, sizeof *changes->list, newest_first, changes);
}

static void changes_release(struct changes *changes)
{
    mem_free(changes->passes);
    mem_free(changes->at);
    mem_free(changes->list);
}

static struct frame_cell price_cell(const struct changes *changes,
                                    const struct tape_version *version)
{
    return query_scope_price(tape_price(changes->tape, version, changes->basis));
}

static void add_change(const struct changes *changes, const struct change *change,
                       struct frame *frame)
{
    static const char *const words[] = {"new", "gone", "repriced"};
    const struct replay_offer *offer = offer_of(changes, change);
    struct frame_cell *cells = frame_add_row(frame);
    cells[0] = (struct frame_cell){.known = true, .text = words[change->kind]};
    cells[1] = frame_number(changes->tape->moments[change->moment]);
    cells[2] = frame_text(frame, offer->external_id);
    cells[3] = frame_text(frame, offer->place->zone);
    cells[4] = frame_text(frame, offer->place->section);
    cells[5] = frame_text(frame, offer->row[0] ? offer->row : NULL);
    cells[6] = frame_number(offer->quantity);
    cells[7] = price_cell(changes, change->version);
    cells[8] = change->before ? price_cell(changes, change->before) : frame_null();
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
    struct changes changes = {.basis = filter->basis, .counts = counts};
    struct query_filter exact = *filter;
    exact.by = QUERY_SNAPSHOT; /* a window of moments, not of buckets */
    *frame = (struct frame){0};
    memset(counts, 0, QUERY_CHANGE_KINDS * sizeof *counts);
    if (!query_scope_open(store, event, &exact, &scope, err) ||
        !query_scope_play(&scope, &changes.tape, err))
        return false;
    init_frame(&scope, frame);
    changes.first = tape_moment(changes.tape, scope.from_ms);
    changes.end = tape_moment(changes.tape, scope.to_ms);
    changes.passes = query_scope_let(&scope, changes.tape, filter->sizes, true);
    list_newest(&changes, most);
    for (size_t i = 0; i < changes.count && i < most; i++)
        add_change(&changes, &changes.list[i], frame);
    changes_release(&changes);
    return true;
}
