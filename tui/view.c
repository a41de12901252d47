#include "tui/view.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/when.h"
#include "tui/item.h"

static const char *const steps[] = {"snapshot", "hour", "day"};
static const char *const bases[] = {"base", "all-in"};

/* The ranges that end now, from short to long; the last is the whole history. */
static const char *const ranges[] = {"1d", "3d", "7d", "14d", "30d", "90d", ""};
enum { RANGES = sizeof ranges / sizeof *ranges, USUAL_RANGE = 2 };

void view_init(struct view *view)
{
    *view = (struct view){.by = QUERY_HOUR, .event.date_ms = EVENT_NO_DATE};
    snprintf(view->from, sizeof view->from, "%s", ranges[USUAL_RANGE]);
}

static bool is_nothing(const char *typed)
{
    return !*typed || strcmp(typed, "none") == 0;
}

static bool set_zones(struct view *view, const char *typed, struct err *err)
{
    /* zeroed: views are compared byte by byte */
    char zones[QUERY_ZONES_MAX][LISTING_NAME_MAX] = {0}, zone[LISTING_NAME_MAX];
    size_t count = 0;
    for (const char *at = is_nothing(typed) ? "" : typed; *at;) {
        if (!item_next(&at, zone, sizeof zone))
            return err_set(err, ERR_USAGE, "a name longer than %zu bytes", sizeof zone - 1);
        if (zone[0] && count == QUERY_ZONES_MAX)
            return err_set(err, ERR_USAGE, "more than %d zones", QUERY_ZONES_MAX);
        if (zone[0])
            memcpy(zones[count++], zone, strlen(zone));
    }
    memcpy(view->zones, zones, sizeof zones);
    view->zone_count = count;
    return true;
}

/* Relative times are resolved when the question is asked; here it is only seen whether they can be. */
static bool resolve(const struct view *view, const char *typed, int64_t *at_ms, struct err *err)
{
    struct when_anchor anchor = {.now_ms = clock_now_ms(), .event_ms = -1};
    if (view->event.external_id[0] && view->event.date_ms != EVENT_NO_DATE)
        anchor.event_ms = view->event.date_ms;
    return when_parse(typed, &anchor, at_ms, err);
}

static bool check_order(const struct view *view, struct err *err)
{
    int64_t from_ms, to_ms;
    if (!view->from[0] || !view->to[0])
        return true;
    if (!resolve(view, view->from, &from_ms, err) || !resolve(view, view->to, &to_ms, err))
        return false;
    return from_ms <= to_ms ||
           err_set(err, ERR_USAGE, "'%s' is before '%s', where the window begins", view->to,
                   view->from);
}

static bool set_time(struct view *view, char *field, const char *typed, struct err *err)
{
    int64_t at_ms;
    char before[VIEW_TIME_MAX];
    const char *text = is_nothing(typed) ? "" : typed;
    if (*text && !resolve(view, text, &at_ms, err))
        return false;
    if (strlen(text) >= VIEW_TIME_MAX)
        return err_set(err, ERR_USAGE, "a time longer than %d characters", VIEW_TIME_MAX - 1);
    memcpy(before, field, sizeof before);
    memset(field, 0, VIEW_TIME_MAX);
    memcpy(field, text, strlen(text));
    if (check_order(view, err))
        return true;
    memcpy(field, before, sizeof before);
    return false;
}

static bool set_word(const char *const *words, size_t count, const char *typed, size_t fallback,
                     size_t *index, struct err *err)
{
    *index = fallback;
    if (is_nothing(typed))
        return true;
    for (*index = 0; *index < count; ++*index)
        if (strcmp(words[*index], typed) == 0)
            return true;
    err_set(err, ERR_USAGE, "'%.60s' is none of %s, %s%s%s", typed, words[0], words[1],
            count > 2 ? ", " : "", count > 2 ? words[2] : "");
    return false;
}

#define X(name, bit, word, sentence) " " word
static const char tag_words[] =
#include "core/tag.def"
    ;
#undef X

static bool set_tags(unsigned *tags, const char *typed, struct err *err)
{
    unsigned all = 0;
    char word[LISTING_NAME_MAX];
    for (const char *at = is_nothing(typed) ? "" : typed; *at;) {
        bool fits = item_next(&at, word, sizeof word);
        unsigned tag = listing_tag_find(word);
        if (!fits || (word[0] && !tag))
            return err_set(err, ERR_USAGE, "'%.60s' is none of%s", word, tag_words);
        all |= tag;
    }
    *tags = all;
    return true;
}

static bool set_section(struct view *view, const char *typed, struct err *err)
{
    const char *text = is_nothing(typed) ? "" : typed;
    if (strlen(text) >= sizeof view->section)
        return err_set(err, ERR_USAGE, "a name longer than %zu bytes", sizeof view->section - 1);
    memset(view->section, 0, sizeof view->section);
    memcpy(view->section, text, strlen(text));
    return true;
}

static bool set_sizes(struct view *view, const char *typed, struct err *err)
{
    unsigned sizes = 0;
    if (!is_nothing(typed) && !listing_read_sizes(typed, &sizes, err))
        return false;
    view->sizes = sizes;
    return true;
}

static bool set_from(struct view *view, const char *typed, struct err *err)
{
    return set_time(view, view->from, typed, err);
}

static bool set_to(struct view *view, const char *typed, struct err *err)
{
    return set_time(view, view->to, typed, err);
}

static bool set_at(struct view *view, const char *typed, struct err *err)
{
    return set_time(view, view->at, typed, err);
}

static bool set_only(struct view *view, const char *typed, struct err *err)
{
    return set_tags(&view->only_tags, typed, err);
}

static bool set_exclude(struct view *view, const char *typed, struct err *err)
{
    return set_tags(&view->exclude_tags, typed, err);
}

static bool set_by(struct view *view, const char *typed, struct err *err)
{
    size_t index;
    if (!set_word(steps, 3, typed, QUERY_HOUR, &index, err))
        return false;
    view->by = (enum query_by)index;
    return true;
}

static bool set_price(struct view *view, const char *typed, struct err *err)
{
    size_t index;
    if (!set_word(bases, 2, typed, MEASURES_BASE, &index, err))
        return false;
    view->basis = (enum measures_basis)index;
    return true;
}

static void put_tags(char *out, unsigned tags)
{
    for (unsigned bit = 1; bit != 0 && bit <= tags; bit <<= 1)
        if (tags & bit)
            item_add(out, VIEW_TEXT_MAX, listing_tag_word(bit));
}

static void put_text(char *out, const char *text)
{
    snprintf(out, VIEW_TEXT_MAX, "%s", text);
}

static void put_event(char *out, const struct view *view)
{
    put_text(out, view->event.name[0] ? view->event.name : view->event.external_id);
}

static void put_zones(char *out, const struct view *view)
{
    for (size_t i = 0; i < view->zone_count; i++)
        item_add(out, VIEW_TEXT_MAX, view->zones[i]);
}

static void put_section(char *out, const struct view *view)
{
    put_text(out, view->section);
}

static void put_from(char *out, const struct view *view)
{
    put_text(out, view->from);
}

static void put_to(char *out, const struct view *view)
{
    put_text(out, view->to);
}

static void put_at(char *out, const struct view *view)
{
    put_text(out, view->at);
}

static void put_sizes(char *out, const struct view *view)
{
    size_t used = 0;
    for (unsigned k = 1; k <= MEASURES_SIZES; k++)
        if (view->sizes >> (k - 1) & 1)
            used += (size_t)snprintf(out + used, VIEW_TEXT_MAX - used, "%s%u", used ? "," : "", k);
}

static void put_by(char *out, const struct view *view)
{
    put_text(out, steps[view->by]);
}

static void put_price(char *out, const struct view *view)
{
    put_text(out, bases[view->basis]);
}

static void put_only(char *out, const struct view *view)
{
    put_tags(out, view->only_tags);
}

static void put_exclude(char *out, const struct view *view)
{
    put_tags(out, view->exclude_tags);
}

/* The filter bar from left to right. The event is set by whoever finds it in the store. */
static const struct field {
    enum action action;
    bool (*set)(struct view *view, const char *typed, struct err *err);
    void (*put)(char *out, const struct view *view);
} fields[VIEW_FIELD_COUNT] = {
    {ACTION_EVENT, NULL, put_event},
    {ACTION_ZONE, set_zones, put_zones},
    {ACTION_SECTION, set_section, put_section},
    {ACTION_FROM, set_from, put_from},
    {ACTION_TO, set_to, put_to},
    {ACTION_AT, set_at, put_at},
    {ACTION_SIZE, set_sizes, put_sizes},
    {ACTION_BY, set_by, put_by},
    {ACTION_PRICE, set_price, put_price},
    {ACTION_ONLY, set_only, put_only},
    {ACTION_EXCLUDE, set_exclude, put_exclude},
};

enum action view_field(size_t index)
{
    return index < VIEW_FIELD_COUNT ? fields[index].action : ACTION_NONE;
}

bool view_has(enum action field)
{
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++)
        if (fields[i].action == field)
            return true;
    return false;
}

static const struct field *find_field(enum action action)
{
    for (size_t i = 0; i < VIEW_FIELD_COUNT; i++)
        if (fields[i].action == action)
            return &fields[i];
    BUG("'%s' is no filter", action_info(action)->word);
}

bool view_set(struct view *view, enum action field, const char *typed, struct err *err)
{
    if (field == ACTION_EVENT)
        BUG("an event is looked for in the store");
    return find_field(field)->set(view, typed, err);
}

void view_cycle(struct view *view, enum action field)
{
    static const unsigned sizes[] = {0, 1 << 1, 1 << 3, 1 << 0};
    if (field == ACTION_BY) /* from coarse to fine */
        view->by = view->by == QUERY_HOUR       ? QUERY_SNAPSHOT
                   : view->by == QUERY_SNAPSHOT ? QUERY_DAY
                                                : QUERY_HOUR;
    else if (field == ACTION_PRICE)
        view->basis = view->basis == MEASURES_BASE ? MEASURES_ALL_IN : MEASURES_BASE;
    else if (field == ACTION_SIZE) {
        size_t at = 0;
        while (at < 4 && sizes[at] != view->sizes)
            at++;
        view->sizes = sizes[at < 4 ? (at + 1) % 4 : 0];
    } else
        BUG("'%s' has no choices to go through", action_info(field)->word);
}

char *view_text(char *out, const struct view *view, enum action field)
{
    out[0] = '\0';
    find_field(field)->put(out, view);
    return out;
}

bool view_is_set(const struct view *view, enum action field)
{
    char now[VIEW_TEXT_MAX], at_first[VIEW_TEXT_MAX];
    struct view fresh;
    view_init(&fresh);
    return strcmp(view_text(now, view, field), view_text(at_first, &fresh, field)) != 0;
}

bool view_filter(const struct view *view, struct query_filter *filter, struct err *err)
{
    query_init(filter);
    for (size_t i = 0; i < view->zone_count; i++)
        filter->zones[filter->zone_count++] = view->zones[i];
    filter->section = view->section[0] ? view->section : NULL;
    filter->has_from = view->from[0];
    filter->has_to = view->to[0];
    filter->has_at = view->at[0];
    filter->sizes = view->sizes;
    filter->by = view->by;
    filter->basis = view->basis;
    filter->only_tags = view->only_tags;
    filter->exclude_tags = view->exclude_tags;
    return (!filter->has_from || resolve(view, view->from, &filter->from_ms, err)) &&
           (!filter->has_to || resolve(view, view->to, &filter->to_ms, err)) &&
           (!filter->has_at || resolve(view, view->at, &filter->at_ms, err));
}

void view_clear(struct view *view)
{
    struct event event = view->event;
    view_init(view);
    view->event = event;
}

void view_leave_event(struct view *view)
{
    memset(view->zones, 0, sizeof view->zones);
    view->zone_count = 0;
    memset(view->section, 0, sizeof view->section);
    memset(view->at, 0, sizeof view->at);
}

void view_step_range(struct view *view, int direction)
{
    int at = 0;
    while (at < RANGES && (strcmp(ranges[at], view->from) != 0 || view->to[0]))
        at++;
    if (at == RANGES) /* none of them: the usual one is a place to start from */
        at = USUAL_RANGE;
    else
        at = at + direction < 0 ? 0 : at + direction >= RANGES ? RANGES - 1 : at + direction;
    memset(view->from, 0, sizeof view->from);
    memset(view->to, 0, sizeof view->to);
    memcpy(view->from, ranges[at], strlen(ranges[at]));
}

void view_set_window(struct view *view, int64_t from_ms, int64_t to_ms)
{
    memset(view->from, 0, sizeof view->from);
    memset(view->to, 0, sizeof view->to);
    clock_format(view->from, from_ms);
    clock_format(view->to, to_ms);
}
