#include "core/vividseats_production.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "core/vividseats.h"
#include "io/json.h"

enum {
    ITEMS_MAX = 1000,  /* of one page; 50 are asked for */
    PAGES_MAX = 10000, /* of one search; seen: 60 */
};

static void copy_text(char *out, size_t size, const struct json *value)
{
    const char *text = json_string(value);
    if (text)
        text_sanitise(out, size, text);
    else
        out[0] = '\0';
}

static bool take_id(const struct json *value, char *external_id, size_t size)
{
    int64_t number;
    if (json_int(value, &number) && number > 0) {
        snprintf(external_id, size, "%" PRId64, number);
        return true;
    }
    const char *text = json_string(value);
    return text && !strchr(text, '/') && vividseats_platform()->read_id(text, external_id, size);
}

/* The start of the day in which `at_ms` lies at the venue. */
static int64_t local_midnight(int64_t at_ms, const char *zone, const char *local_date)
{
    struct civil civil, later;
    char day[sizeof "2026-02-09"];
    int64_t midnight;
    if (clock_civil_zone(at_ms, zone, &civil)) {
        civil.hour = civil.minute = civil.second = civil.millisecond = 0;
        /* the offset of midnight, not that of the hour: summer time may begin between them */
        if (clock_civil_zone(clock_from_civil(&civil), zone, &later))
            civil.offset_s = later.offset_s;
        return clock_from_civil(&civil);
    }
    snprintf(day, sizeof day, "%.10s", local_date ? local_date : "");
    return clock_parse(day, &midnight) ? midnight : clock_floor(at_ms, CLOCK_DAY_MS);
}

static void read_date(const struct json *item, struct event *event)
{
    const char *utc = json_string(json_get(item, "utcDate"));
    const char *local = json_string(json_get(item, "localDate"));
    int64_t at_ms;
    event->date_ms = EVENT_NO_DATE;
    event->time_tbd = false;
    if (json_bool(json_get(item, "dateTbd"), false))
        return;
    if (!(utc && clock_parse(utc, &at_ms)) && !(local && clock_parse(local, &at_ms)))
        return;
    event->time_tbd = json_bool(json_get(item, "timeTbd"), false);
    event->date_ms = event->time_tbd ? local_midnight(at_ms, event->timezone, local) : at_ms;
}

/* Only what can stand in a terminal and in a browser's address line as it is. */
static bool is_safe_path(const char *path)
{
    static const char *const safe =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~%";
    return path && path[0] == '/' && path[1] != '/' && path[strspn(path, safe)] == '\0';
}

static void read_url(const struct json *item, struct event *event)
{
    const char *path = json_string(json_get(item, "webPath"));
    const char *origin = vividseats_platform()->default_url;
    int length =
        is_safe_path(path) ? snprintf(event->url, sizeof event->url, "%s%s", origin, path) : -1;
    if (length < 0 || (size_t)length >= sizeof event->url)
        snprintf(event->url, sizeof event->url, "%s/production/%s", origin, event->external_id);
}

/* The master is the home team, or the act; whoever comes first where none is called so. */
static void read_performer(const struct json *item, struct event *event)
{
    const struct json *performers = json_get(item, "performers");
    const struct json *chosen = json_first(performers);
    for (const struct json *one = chosen; one; one = json_next(one))
        if (json_bool(json_get(one, "master"), false)) {
            chosen = one;
            break;
        }
    if (!take_id(json_get(chosen, "id"), event->performer_id, sizeof event->performer_id))
        event->performer_id[0] = '\0';
}

static void read_category(const struct json *item, struct event *event)
{
    static const struct {
        int64_t id;
        const char *name;
    } categories[] = {{2, "Concerts"}, {3, "Sports"}, {4, "Theater"}};
    const struct json *performer = json_first(json_get(item, "performers"));
    int64_t id;
    copy_text(event->category, sizeof event->category,
              json_get(json_get(performer, "category"), "name"));
    if (event->category[0] || !json_int(json_get(item, "categoryId"), &id))
        return;
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++)
        if (categories[i].id == id)
            snprintf(event->category, sizeof event->category, "%s", categories[i].name);
}

static void read_venue(const struct json *venue, struct event *event)
{
    copy_text(event->venue, sizeof event->venue, json_get(venue, "name"));
    copy_text(event->city, sizeof event->city, json_get(venue, "city"));
    copy_text(event->region, sizeof event->region, json_get(venue, "state"));
    copy_text(event->country, sizeof event->country, json_get(venue, "countryCode"));
    copy_text(event->timezone, sizeof event->timezone, json_get(venue, "timezone"));
}

static void read_item(const struct json *item, struct event *event)
{
    copy_text(event->name, sizeof event->name, json_get(item, "name"));
    read_venue(json_get(item, "venue"), event);
    read_date(item, event);
    read_category(item, event);
    read_performer(item, event);
    read_url(item, event);
    event->pending = false;
}

/* What both readers begin with: true when the body is an object, held by `doc`. */
static bool open_object(const struct platform_answer *answer, struct json_doc *doc,
                        enum outcome *outcome, struct err *err)
{
    if (platform_refused(answer, outcome, err))
        return false;
    *outcome = OUTCOME_BAD_PAYLOAD;
    if (!json_parse(doc, answer->body, answer->length, err)) {
        err->code = ERR_EVENT;
        return err_wrap(err, "not JSON");
    }
    if (json_type(doc->root) != JSON_OBJECT)
        return err_set(err, ERR_EVENT, "the answer is no object");
    return true;
}

enum outcome vividseats_production_read(const struct platform_answer *answer,
                                        const char *external_id, struct event *event,
                                        struct err *err)
{
    AUTO_JSON struct json_doc doc = {0};
    enum outcome outcome;
    char id[EVENT_ID_MAX];
    if (!open_object(answer, &doc, &outcome, err))
        return outcome;
    if (!take_id(json_get(doc.root, "id"), id, sizeof id)) {
        err_set(err, ERR_EVENT, "the production has no id");
        return OUTCOME_BAD_PAYLOAD;
    }
    if (strcmp(id, external_id) != 0) {
        err_set(err, ERR_EVENT, "the answer is about production '%s', not '%s'", id, external_id);
        return OUTCOME_WRONG_EVENT;
    }
    struct event read = *event;
    read_item(doc.root, &read);
    if (!read.name[0]) {
        err_set(err, ERR_EVENT, "the production has no name");
        return OUTCOME_BAD_PAYLOAD;
    }
    *event = read;
    return OUTCOME_OK;
}

static int read_count(const struct json *value, int most)
{
    int64_t number;
    const char *text = json_string(value);
    if (!json_int(value, &number) && !(text && text_to_int(text, &number)))
        return 1;
    return number < 1 ? 1 : number > most ? most : (int)number;
}

enum outcome vividseats_production_read_page(const struct platform_answer *answer,
                                             struct platform_page *page, struct err *err)
{
    AUTO_JSON struct json_doc doc = {0};
    enum outcome outcome;
    char id[EVENT_ID_MAX];
    *page = (struct platform_page){0};
    if (!open_object(answer, &doc, &outcome, err))
        return outcome;
    const struct json *items = json_get(doc.root, "items");
    if (json_type(items) != JSON_ARRAY || json_count(items) > ITEMS_MAX) {
        err_set(err, ERR_EVENT, "the answer has no 'items' that can be a page of a search");
        return OUTCOME_BAD_PAYLOAD;
    }
    page->page = read_count(json_get(doc.root, "page"), PAGES_MAX);
    page->page_count = read_count(json_get(doc.root, "numberOfPages"), PAGES_MAX);
    page->events = mem_alloc(json_count(items) + 1, sizeof *page->events);
    for (const struct json *item = json_first(items); item; item = json_next(item)) {
        struct event *event = &page->events[page->count];
        if (!take_id(json_get(item, "id"), id, sizeof id))
            continue;
        event_init(event, vividseats_platform()->name, id);
        read_item(item, event);
        page->count += event->name[0] != '\0';
    }
    return json_count(items) > 0 ? OUTCOME_OK : OUTCOME_EMPTY;
}
