#include "core/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/stop.h"
#include "core/har.h"
#include "core/ingest.h"
#include "core/platform.h"
#include "core/saved.h"
#include "io/hash.h"
#include "io/http.h"
#include "io/json.h"

enum { PLACE_MAX = 256 };

/* One file on its way in. */
struct job {
    struct store *store;
    const struct import_options *options;
    import_visit *visit;
    void *context;
    struct import_report *report;
    int64_t file_ms;
    struct err *stopped; /* set when nothing further can be read: the store failed, or a stop was
                            asked for */
    struct err first;    /* of the documents that failed */
};

/* One listings answer. */
struct document {
    const char *place;               /* for errors: "x.har: entry 3" */
    const struct platform *platform; /* NULL: whichever can read it */
    const char *external_id;         /* "" when only the answer says it */
    int64_t at_ms;
    struct platform_answer answer;
    enum outcome outcome; /* once it was read */
    struct market market;
};

static void show(struct job *job, const struct document *document, const char *external_id,
                 const char *outcome, const struct err *err)
{
    char event[EVENT_NAME_MAX + 8] = "";
    const struct platform *platform = document->platform;
    if (external_id && *external_id)
        snprintf(event, sizeof event, "%s:%s", platform ? platform->name : "", external_id);
    if (job->visit)
        job->visit(job->context, event, document->at_ms, outcome, err);
}

/* A document failed: the others are still read. Always true. */
static bool fail(struct job *job, const struct document *document, const char *external_id,
                 const char *outcome, struct err *err)
{
    err_wrap(err, "%s", document->place);
    err->code = ERR_EVENT;
    if (job->report->failed++ == 0)
        job->first = *err;
    show(job, document, external_id, outcome, err);
    return true;
}

/* A failure of the store ends the import, anything else only the document. */
static bool fail_to_store(struct job *job, const struct document *document, const char *external_id,
                          struct err *err)
{
    if (err->code == ERR_EVENT)
        return fail(job, document, external_id, "conflict", err);
    *job->stopped = *err;
    return err_wrap(job->stopped, "%s", document->place);
}

static bool fill(char *known, size_t size, const char *said)
{
    if (known[0] || !said)
        return false;
    snprintf(known, size, "%s", said);
    return true;
}

/* What the answer says goes where nothing is known yet. Whether that was so anywhere. */
static bool fill_event(struct event *event, const struct market *market)
{
    bool name = fill(event->name, sizeof event->name, market->name);
    bool venue = fill(event->venue, sizeof event->venue, market->venue);
    bool zone = fill(event->timezone, sizeof event->timezone, market->timezone);
    return name || venue || zone;
}

static bool open_event(struct job *job, const char *platform, const struct market *market,
                       struct event *event, struct err *err)
{
    bool known = store_find_event(job->store, platform, market->external_id, event, err);
    if (!known && err->code != ERR_NOT_FOUND)
        return false;
    if (!known) {
        event_init(event, platform, market->external_id);
        event->state = EVENT_IMPORTED;
        event->pending = true; /* an answer with listings has no date and no place */
    }
    bool filled = fill_event(event, market);
    return (known && !filled) || store_save_event(job->store, event, err);
}

static void add_up(struct import_report *report, const struct ingest_report *ingested)
{
    report->duplicates += ingested->duplicate;
    report->stored += !ingested->duplicate;
    report->listings += ingested->listings;
    report->changed += ingested->added + ingested->removed + ingested->changed;
    report->rejected += ingested->rejected;
}

static bool ingest(struct job *job, int64_t event_id, const struct document *document,
                   struct ingest_report *ingested, struct err *err)
{
    unsigned char hash[HASH_SIZE];
    bool repeat;
    hash_bytes(hash, document->answer.body, document->answer.length);
    struct ingest_poll poll = {document->at_ms, document->outcome, hash, -1, -1};
    if (!ingest_is_repeat(job->store, event_id, document->at_ms, hash, &repeat, err))
        return false;
    return repeat ? ingest_repeat(job->store, event_id, &poll, ingested, err)
                  : ingest_market(job->store, event_id, &poll, &document->market, ingested, err);
}

static bool store_document(struct job *job, const struct document *document)
{
    struct err err = {0};
    struct event event;
    struct ingest_report ingested = {0};
    const char *external_id = document->market.external_id;
    if (!open_event(job, document->platform->name, &document->market, &event, &err) ||
        !ingest(job, event.id, document, &ingested, &err))
        return fail_to_store(job, document, external_id, &err);
    add_up(job->report, &ingested);
    show(job, document, external_id,
         ingested.duplicate ? "duplicate" : outcome_word(document->outcome), NULL);
    return true;
}

/* Reads with the document's platform, or with each until one can. */
static bool read_market(struct document *document, struct err *err)
{
    const char *asked = document->external_id[0] ? document->external_id : NULL;
    const struct platform *const own[] = {document->platform, NULL};
    const struct platform *const *platforms = document->platform ? own : platform_list();
    for (; *platforms; platforms++) {
        document->platform = *platforms;
        document->outcome =
            (*platforms)->read_listings(&document->answer, asked, &document->market, err);
        if (outcome_is_good(document->outcome))
            return true;
    }
    return false;
}

/* False when the import must stop. */
static bool import_document(struct job *job, struct document *document)
{
    struct err err = {0};
    if (stop_requested())
        return err_set(job->stopped, stop_error(), "stopped before %s", document->place);
    job->report->documents++;
    if (document->answer.length > HTTP_BODY_MAX) {
        err_set(&err, ERR_EVENT, "larger than %d MiB", HTTP_BODY_MAX >> 20);
        return fail(job, document, document->external_id, outcome_word(OUTCOME_BAD_PAYLOAD), &err);
    }
    market_init(&document->market);
    bool going_on = read_market(document, &err) ? store_document(job, document)
                                                : fail(job, document, document->external_id,
                                                       outcome_word(document->outcome), &err);
    market_release(&document->market);
    return going_on;
}

/* Whether an entry is a listings answer of a platform; then platform and id are set. */
static bool is_listings_entry(const struct har_entry *entry, struct document *document, char *id)
{
    for (const struct platform *const *p = platform_list(); *p; p++) {
        if ((*p)->is_listings_url(entry->url, id, EVENT_ID_MAX)) {
            document->platform = *p;
            document->external_id = id;
            return true;
        }
    }
    return false;
}

static bool import_entry(struct job *job, const struct har_entry *entry, struct document *document,
                         struct buf *body)
{
    struct err err = {0};
    document->at_ms = job->options->at_ms;
    if (!job->options->has_at && !clock_parse(entry->started, &document->at_ms)) {
        document->at_ms = job->file_ms;
        err_set(&err, ERR_EVENT, "startedDateTime '%s' is not a time", entry->started);
    }
    if (err.code == ERR_NONE && har_body(entry, body, &err)) {
        document->answer = (struct platform_answer){entry->status, entry->content_type,
                                                    buf_text(body), body->length};
        return import_document(job, document);
    }
    job->report->documents++;
    return fail(job, document, document->external_id, outcome_word(OUTCOME_BAD_PAYLOAD), &err);
}

static bool import_har(struct job *job, const char *place, const struct json *entries)
{
    AUTO_BUF struct buf body;
    int number = 0;
    buf_init(&body, HTTP_BODY_MAX);
    for (const struct json *item = json_first(entries); item; item = json_next(item)) {
        char id[EVENT_ID_MAX], name[PLACE_MAX];
        struct har_entry entry;
        struct document document = {.place = name};
        snprintf(name, sizeof name, "%s: entry %d", place, ++number);
        if (har_read(item, &entry) && is_listings_entry(&entry, &document, id) &&
            !import_entry(job, &entry, &document, &body))
            return false;
    }
    return true;
}

/* What a text turned out to be. */
enum kind { KIND_BROKEN, KIND_OTHER, KIND_READ, KIND_STOPPED };

/* Reads a HAR or a listings answer. BROKEN (no JSON) and OTHER set `err`. */
static enum kind import_text(struct job *job, const char *place, const char *text, size_t length,
                             struct err *err)
{
    AUTO_JSON struct json_doc doc = {0};
    struct document document = {.place = place, .external_id = ""};
    document.answer = (struct platform_answer){200, "", text, length};
    document.at_ms = job->options->has_at ? job->options->at_ms : job->file_ms;
    enum outcome outcome;
    if (platform_refused(&document.answer, &outcome, err) || !json_parse(&doc, text, length, err))
        return KIND_BROKEN;
    const struct json *entries = har_entries(doc.root);
    if (entries)
        return import_har(job, place, entries) ? KIND_READ : KIND_STOPPED;
    bool listings = json_get(doc.root, "global") || json_get(doc.root, "tickets");
    json_release(&doc); /* the adapter parses again, in the same memory */
    if (listings)
        return import_document(job, &document) ? KIND_READ : KIND_STOPPED;
    err_set(err, ERR_USAGE, "neither a listings answer nor a HAR file");
    return KIND_OTHER;
}

static bool import_lines(struct job *job, const char *path, const char *text, size_t length)
{
    const char *at = text, *line;
    size_t line_length;
    int number = 0;
    while ((line = saved_next_line(&at, text + length, &line_length, &number))) {
        char place[PLACE_MAX];
        struct err err = {0};
        struct document document = {.place = place, .at_ms = job->file_ms};
        snprintf(place, sizeof place, "%s:%d", path, number);
        enum kind kind = import_text(job, place, line, line_length, &err);
        if (kind == KIND_STOPPED)
            return false;
        if (kind != KIND_READ)
            fail(job, &document, "", outcome_word(OUTCOME_BAD_PAYLOAD), &err);
    }
    return true;
}

/* One text or many lines; false when nothing came of it, with the reason. */
static bool import_bytes(struct job *job, const char *path, const struct buf *bytes,
                         struct err *err)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t skip = strncmp(buf_text(bytes), mark, sizeof mark - 1) == 0 ? sizeof mark - 1 : 0;
    const char *text = buf_text(bytes) + skip;
    size_t length = bytes->length - skip;
    job->stopped = err;
    if (saved_is_lines(text, length))
        return import_lines(job, path, text, length);
    enum kind kind = import_text(job, path, text, length, err);
    if (kind == KIND_READ || kind == KIND_STOPPED)
        return kind == KIND_READ;
    err->code = ERR_USAGE;
    return err_wrap(err, "%s", path);
}

bool import_file(struct store *store, const char *path, const struct import_options *options,
                 import_visit *visit, void *context, struct import_report *report, struct err *err)
{
    const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
    struct job job = {
        .store = store, .options = options, .visit = visit, .context = context, .report = report};
    AUTO_BUF struct buf bytes;
    *report = (struct import_report){0};
    if (!saved_read(path, &bytes, &job.file_ms, err))
        return err_wrap(err, "%s", name);
    if (!options->has_at && (job.file_ms < 0 || job.file_ms >= CLOCK_MAX_MS))
        return err_set(err, ERR_USAGE, "%s: the file's time is out of range", name);
    if (!import_bytes(&job, name, &bytes, err))
        return false;
    if (report->failed > 0) {
        *err = job.first;
        if (report->failed > 1)
            err_set(err, ERR_EVENT, "%s (and %" PRId64 " more)", job.first.text,
                    report->failed - 1);
        return false;
    }
    if (report->documents > 0)
        return true;
    err_set(err, ERR_USAGE, "%s: no listings answer in it", name);
    return err_hint(err, "answers to filtered requests (quantity, page, ...) are left out");
}
