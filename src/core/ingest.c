#include "core/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/atlas.h"
#include "core/fold.h"
#include "core/measures.h"
#include "core/measures_db.h"
#include "core/replay.h"
#include "core/splice.h"
#include "io/db.h"
#include "io/hash.h"

/* A good poll that is in the store, as the polls beside it see it. */
struct neighbour {
    bool found;
    int64_t at_ms, metric_ms;
    enum outcome outcome;
    bool has_hash;
    unsigned char hash[HASH_SIZE];
    int64_t rejected;
};

static bool find_neighbour(struct store *store, enum sql_id id, int64_t event_id, int64_t at_ms,
                           struct neighbour *neighbour, struct err *err)
{
    *neighbour = (struct neighbour){0};
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), id, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":at", at_ms);
    enum step step = stmt_step(&stmt, err);
    if (step != STEP_ROW)
        return step == STEP_DONE;
    neighbour->found = true;
    neighbour->at_ms = stmt_int(&stmt, 0);
    neighbour->outcome = (enum outcome)stmt_int(&stmt, 1);
    neighbour->metric_ms = stmt_is_null(&stmt, 2) ? neighbour->at_ms : stmt_int(&stmt, 2);
    size_t length;
    const void *hash = stmt_blob(&stmt, 3, &length);
    neighbour->has_hash = length == HASH_SIZE;
    if (neighbour->has_hash)
        memcpy(neighbour->hash, hash, HASH_SIZE);
    neighbour->rejected = stmt_int(&stmt, 4);
    return true;
}

static bool same_body(const struct neighbour *neighbour, const unsigned char *hash)
{
    return neighbour->has_hash && hash != NULL && memcmp(neighbour->hash, hash, HASH_SIZE) == 0;
}

bool ingest_is_repeat(struct store *store, int64_t event_id, int64_t at_ms,
                      const unsigned char *body_hash, bool *repeat, struct err *err)
{
    struct neighbour before, after;
    *repeat = false;
    if (!find_neighbour(store, SQL_SNAPSHOT_AFTER, event_id, at_ms - 1, &after, err) ||
        !find_neighbour(store, SQL_SNAPSHOT_BEFORE, event_id, at_ms, &before, err))
        return false;
    /* listings that could not be read are written down poll by poll, so such a body is parsed again */
    *repeat = before.found && !after.found && before.rejected == 0 && same_body(&before, body_hash);
    return true;
}

/* Writes the poll's row. Its measures stand at `metric_ms`. */
static bool save_snapshot(struct store *store, int64_t event_id, const struct ingest_poll *poll,
                          int64_t metric_ms, int64_t rejected, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_SNAPSHOT_ADD, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":at", poll->at_ms);
    stmt_bind_int(&stmt, ":outcome", poll->outcome);
    if (metric_ms != poll->at_ms)
        stmt_bind_int(&stmt, ":metric", metric_ms);
    if (poll->body_hash != NULL)
        stmt_bind_blob(&stmt, ":hash", poll->body_hash, HASH_SIZE);
    stmt_bind_int(&stmt, ":rejected", rejected);
    if (poll->took_ms >= 0)
        stmt_bind_int(&stmt, ":took", poll->took_ms);
    if (poll->bytes >= 0)
        stmt_bind_int(&stmt, ":bytes", poll->bytes);
    return stmt_run(&stmt, err);
}

/* The event's own measures of a snapshot, for the report of a repeat. */
static bool report_level(struct store *store, int64_t event_id, int64_t metric_ms,
                         struct ingest_report *report, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), SQL_METRIC_AT, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    stmt_bind_int(&stmt, ":at", metric_ms);
    if (stmt_step(&stmt, err) != STEP_ROW)
        return err_set(err, ERR_STORE, "a snapshot without measures");
    report->tickets = stmt_int(&stmt, 1);
    report->listings = stmt_int(&stmt, 2);
    return true;
}

static bool repeat(struct store *store, int64_t event_id, const struct ingest_poll *poll,
                   struct ingest_report *report, struct err *err)
{
    struct neighbour before;
    if (!find_neighbour(store, SQL_SNAPSHOT_BEFORE, event_id, poll->at_ms, &before, err))
        return false;
    if (!before.found || !same_body(&before, poll->body_hash))
        return err_set(err, ERR_STORE, "the store changed during the poll");
    struct ingest_poll again = *poll;
    again.outcome = before.outcome; /* nobody has read the body this time */
    return save_snapshot(store, event_id, &again, before.metric_ms, 0, err) &&
           report_level(store, event_id, before.metric_ms, report, err) &&
           fold_note(store, event_id, poll->at_ms, NULL, err);
}

bool ingest_repeat(struct store *store, int64_t event_id, const struct ingest_poll *poll,
                   struct ingest_report *report, struct err *err)
{
    *report = (struct ingest_report){0};
    if (!db_begin(store_db(store), err))
        return false;
    if (!repeat(store, event_id, poll, report, err)) {
        db_rollback(store_db(store));
        return false;
    }
    return db_commit(store_db(store), err);
}

/* Everything that one poll needs on its way in. */
struct intake {
    struct store *store;
    int64_t event_id;
    const struct ingest_poll *poll;
    const struct market *market;
    struct atlas atlas;
    struct neighbour before, after;
    struct replay_set known; /* the market of the poll before */
    struct splice splice;
};

/* Notes the zones and sections of the map, those without stock too. */
static bool see_map(struct intake *intake, struct err *err)
{
    const struct market *market = intake->market;
    struct atlas_sighting sighting = {intake->poll->at_ms, !intake->after.found};
    for (size_t i = 0; i < market->zone_count; i++)
        if (!atlas_see_zone(intake->store, &intake->atlas, market->zones[i].name,
                            market->zones[i].display_order, &sighting, err))
            return false;
    for (size_t i = 0; i < market->section_count; i++) {
        const struct listing_section *section = &market->sections[i];
        int64_t zone =
            atlas_see_zone(intake->store, &intake->atlas, section->zone, -1, &sighting, err);
        if (zone == 0 ||
            !atlas_see_section(intake->store, &intake->atlas, section->name, zone, &sighting, err))
            return false;
    }
    return !sighting.newest ||
           atlas_close_map(intake->store, &intake->atlas, intake->before.at_ms, err);
}

static int compare_id(const void *id, const void *listing)
{
    return strcmp(id, ((const struct listing *)listing)->id);
}

/* The id of a listing that stays as it was; NULL when none is known, or when the market has that listing: a further one
   under an id that was read leaves nothing unread, and only its reason is kept. */
static const char *unread_id(const struct market *market, size_t reject)
{
    const char *id = market->rejects[reject].id;
    bool was_read = id != NULL && market->listing_count > 0 &&
                    bsearch(id, market->listings, market->listing_count, sizeof *market->listings,
                            compare_id) != NULL;
    return was_read ? NULL : id;
}

static bool save_rejects(struct intake *intake, struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(intake->store), SQL_REJECT_ADD, &stmt, err))
        return false;
    for (size_t i = 0; i < intake->market->reject_count; i++) {
        stmt_bind_int(&stmt, ":event", intake->event_id);
        stmt_bind_int(&stmt, ":at", intake->poll->at_ms);
        stmt_bind_int(&stmt, ":number", (int64_t)i);
        stmt_bind_text(&stmt, ":external_id", unread_id(intake->market, i));
        stmt_bind_text(&stmt, ":reason", intake->market->rejects[i].reason);
        if (!stmt_run(&stmt, err))
            return false;
    }
    return true;
}

/* Index of a zone in the atlas by its row. */
static int32_t zone_index(const struct atlas *atlas, int64_t id)
{
    for (size_t i = 0; i < atlas->zone_count; i++)
        if (atlas->zones[i].id == id)
            return (int32_t)i;
    BUG("zone %lld is not in the atlas", (long long)id);
}

static bool save_metrics(struct intake *intake, struct ingest_report *report, struct err *err)
{
    const struct atlas *atlas = &intake->atlas;
    struct splice *splice = &intake->splice;
    int64_t at_ms = intake->poll->at_ms;
    for (size_t i = 0; i < splice->quote_count; i++)
        splice->quotes[i].scope = zone_index(atlas, splice->places[i]->zone_id);
    AUTO_FREE struct measures *zones = mem_alloc(atlas->zone_count + 1, sizeof *zones);
    struct measures all;
    measures_compute(splice->quotes, splice->quote_count, at_ms, &all, zones, atlas->zone_count);
    report->tickets = all.tickets;
    report->listings = all.listings;
    if (intake->before.found && !splice->differs)
        return true;
    struct db *db = store_db(intake->store);
    struct measures_db_key key = {intake->event_id, at_ms, 0};
    if (!measures_db_save_metric(db, &key, &all, err))
        return false;
    for (size_t i = 0; i < atlas->zone_count; i++) {
        key.zone_id = atlas->zones[i].id;
        if (zones[i].listings > 0 && !measures_db_save_metric(db, &key, &zones[i], err))
            return false;
    }
    return true;
}

static bool load_before(struct intake *intake, struct err *err)
{
    int64_t at_ms = intake->before.at_ms;
    if (!intake->before.found)
        return true;
    if (!replay_load(intake->store, &intake->atlas, at_ms, at_ms + 1, &intake->known, err))
        return false;
    replay_sort(&intake->known);
    return true;
}

static bool store_market(struct intake *intake, struct ingest_report *report, struct err *err)
{
    const struct ingest_poll *poll = intake->poll;
    struct splice_gap gap = {
        .at_ms = poll->at_ms,
        .before_ms = intake->before.found ? intake->before.at_ms : SPLICE_NOTHING,
        .after_ms = intake->after.found ? intake->after.at_ms : SPLICE_NOTHING,
    };
    if (!see_map(intake, err) || !save_rejects(intake, err) || !load_before(intake, err) ||
        !splice_market(intake->store, &intake->atlas, &gap, &intake->known, intake->market,
                       &intake->splice, err) ||
        !save_metrics(intake, report, err))
        return false;
    report->added = intake->splice.added;
    report->removed = intake->splice.removed;
    report->changed = intake->splice.changed;
    report->rejected = (int64_t)intake->market->reject_count;
    bool own = !intake->before.found || intake->splice.differs;
    int64_t metric_ms = own ? poll->at_ms : intake->before.metric_ms;
    if (!save_snapshot(intake->store, intake->event_id, poll, metric_ms, report->rejected, err) ||
        !fold_note(intake->store, intake->event_id, poll->at_ms, &intake->known, err))
        return false;
    for (size_t i = 0; i < intake->atlas.moved_count; i++)
        if (!fold_note(intake->store, intake->event_id, intake->atlas.moved[i], &intake->known,
                       err))
            return false;
    /* listings that later polls could not read were carried on from what is now another state */
    if (intake->splice.carried_until_ms > poll->at_ms)
        return fold_remeasure(intake->store, intake->event_id, poll->at_ms + 1,
                              intake->splice.carried_until_ms, err);
    return true;
}

/* Whether the poll that is there could not read the same listings. */
static bool compare_rejects(struct intake *intake, bool *same, struct err *err)
{
    const struct market *market = intake->market;
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(intake->store), SQL_REJECT_AT, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", intake->event_id);
    stmt_bind_int(&stmt, ":at", intake->poll->at_ms);
    size_t count = 0;
    enum step step;
    *same = true;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        const char *there = stmt_string(&stmt, 0);
        const char *here = count < market->reject_count ? unread_id(market, count) : NULL;
        *same = *same && (there ? here && strcmp(there, here) == 0 : !here);
        count++;
    }
    *same = *same && count == market->reject_count;
    return step == STEP_DONE;
}

/* Whether the good poll that is there at this time says the same. */
static bool check_duplicate(struct intake *intake, const struct neighbour *there, struct err *err)
{
    if (same_body(there, intake->poll->body_hash))
        return true;
    bool same, same_rejects;
    if (!splice_compare(intake->store, &intake->atlas, intake->poll->at_ms, intake->market, &same,
                        err) ||
        !compare_rejects(intake, &same_rejects, err))
        return false;
    if (!same || !same_rejects)
        return err_set(err, ERR_EVENT, "another snapshot of that very time is stored");
    return true;
}

/* `priced`: prices are stored already, so their currency stands. */
static bool check_currency(struct intake *intake, bool priced, struct err *err)
{
    AUTO_STMT struct stmt get = {0};
    if (!db_prepare(store_db(intake->store), SQL_EVENT_CURRENCY, &get, err))
        return false;
    stmt_bind_int(&get, ":event", intake->event_id);
    if (stmt_step(&get, err) != STEP_ROW)
        return err_set(err, ERR_STORE, "no event %lld in the store", (long long)intake->event_id);
    const char *currency = intake->market->currency;
    if (strcmp(stmt_string(&get, 0), currency) == 0)
        return true;
    if (priced)
        return err_set(err, ERR_EVENT, "prices are in %s, those stored in %s", currency,
                       stmt_string(&get, 0));
    AUTO_STMT struct stmt set = {0};
    if (!db_prepare(store_db(intake->store), SQL_EVENT_SET_CURRENCY, &set, err))
        return false;
    stmt_bind_int(&set, ":event", intake->event_id);
    stmt_bind_text(&set, ":currency", currency);
    return stmt_run(&set, err);
}

static bool take_in(struct intake *intake, struct ingest_report *report, struct err *err)
{
    struct store *store = intake->store;
    int64_t event_id = intake->event_id, at_ms = intake->poll->at_ms;
    struct neighbour there;
    if (!atlas_load(store, event_id, &intake->atlas, err) ||
        !find_neighbour(store, SQL_SNAPSHOT_AT, event_id, at_ms, &there, err) ||
        !find_neighbour(store, SQL_SNAPSHOT_BEFORE, event_id, at_ms, &intake->before, err) ||
        !find_neighbour(store, SQL_SNAPSHOT_AFTER, event_id, at_ms, &intake->after, err))
        return false;
    bool duplicate = there.found && outcome_is_good(there.outcome);
    bool priced = duplicate || intake->before.found || intake->after.found;
    if (!check_currency(intake, priced, err))
        return false;
    if (!duplicate)
        return store_market(intake, report, err);
    report->duplicate = true;
    return check_duplicate(intake, &there, err);
}

bool ingest_market(struct store *store, int64_t event_id, const struct ingest_poll *poll,
                   const struct market *market, struct ingest_report *report, struct err *err)
{
    *report = (struct ingest_report){0};
    struct intake intake = {.store = store, .event_id = event_id, .poll = poll, .market = market};
    intake.known.at_ms = REPLAY_OPEN; /* of no moment; 0 would be one */
    if (!db_begin(store_db(store), err))
        return false;
    bool ok = take_in(&intake, report, err);
    if (!ok || report->duplicate)
        db_rollback(store_db(store));
    else
        ok = db_commit(store_db(store), err);
    splice_release(&intake.splice);
    replay_release(&intake.known);
    atlas_release(&intake.atlas);
    return ok;
}
