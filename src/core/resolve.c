#include "core/resolve.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "core/platform.h"
#include "io/http.h"

enum { WORDS_MAX = 16, TYPED_MAX = 200, MATCHES_SHOWN = 4, ORIGIN_MAX = 300 };

static bool refuse(const char *text, struct err *err)
{
    err_set(err, ERR_USAGE, "'%.*s' is no event", TYPED_MAX, text);
    return err_hint(err, "an event is platform:id, an id, or the address of its page, such as "
                         "vividseats:6501519");
}

/* The host of an origin "scheme://host:port", without "www.", since people leave that out. */
static void host_of(const char *origin, char *out, size_t size)
{
    const char *host = strstr(origin, "://");
    host = host ? host + 3 : origin;
    host += strncmp(host, "www.", 4) == 0 ? 4 : 0;
    size_t length = host[0] == '[' ? strcspn(host, "]") : strcspn(host, ":");
    snprintf(out, size, "%.*s", (int)length, host);
}

static bool same_host(const char *origin, const char *url)
{
    char other[ORIGIN_MAX], host[ORIGIN_MAX], wanted[ORIGIN_MAX];
    if (!http_origin(url, other, sizeof other))
        return false;
    host_of(origin, host, sizeof host);
    host_of(other, wanted, sizeof wanted);
    return strcmp(host, wanted) == 0;
}

static bool is_on_platform(const struct conf *conf, const struct platform *platform,
                           const char *origin)
{
    enum conf_key key;
    return same_host(origin, platform->default_url) ||
           (conf_find(platform->url_setting, &key) && same_host(origin, conf_text(conf, key)));
}

/* Takes the id of a page; an address without its scheme is https. */
static bool resolve_url(const struct conf *conf, const char *text, struct event *event,
                        struct err *err)
{
    char url[1024], origin[ORIGIN_MAX], id[EVENT_ID_MAX];
    int length = snprintf(url, sizeof url, "%s%s", strstr(text, "://") ? "" : "https://", text);
    if ((size_t)length >= sizeof url || !http_origin(url, origin, sizeof origin))
        return refuse(text, err);
    for (const struct platform *const *p = platform_list(); *p; p++) {
        if (!is_on_platform(conf, *p, origin))
            continue;
        if (!(*p)->read_id(url, id, sizeof id))
            return err_set(err, ERR_USAGE, "'%.*s' is no event's page of %s", TYPED_MAX, text,
                           (*p)->title);
        event_init(event, (*p)->name, id);
        return true;
    }
    err_set(err, ERR_USAGE, "'%.*s' is on no platform that is known", TYPED_MAX, text);
    return err_hint(err, "known is %s", platform_list()[0]->default_url);
}

static bool resolve_named(const struct platform *platform, const char *id, struct event *event,
                          struct err *err)
{
    char external_id[EVENT_ID_MAX];
    if (strchr(id, '/') || !platform->read_id(id, external_id, sizeof external_id))
        return err_set(err, ERR_USAGE, "'%.*s' is no event id of %s", TYPED_MAX, id,
                       platform->title);
    event_init(event, platform->name, external_id);
    return true;
}

/* The platform before the colon; NULL when no platform has that name. */
static const struct platform *named_platform(const char *text)
{
    char name[EVENT_ID_MAX];
    size_t length = strcspn(text, ":");
    if (text[length] != ':' || length >= sizeof name)
        return NULL;
    memcpy(name, text, length);
    name[length] = '\0';
    return platform_find(name);
}

bool resolve_id(const struct conf *conf, const char *text, struct event *event, struct err *err)
{
    char id[EVENT_ID_MAX];
    const struct platform *platform = named_platform(text);
    if (platform)
        return resolve_named(platform, strchr(text, ':') + 1, event, err);
    if (strchr(text, '/'))
        return resolve_url(conf, text, event, err);
    for (const struct platform *const *p = platform_list(); *p; p++) {
        if ((*p)->read_id(text, id, sizeof id)) {
            event_init(event, (*p)->name, id);
            return true;
        }
    }
    return refuse(text, err);
}

struct words {
    char room[TYPED_MAX];
    const char *list[WORDS_MAX];
    size_t count;
};

static bool split_words(const char *text, struct words *words)
{
    words->count = 0;
    if (strlen(text) >= sizeof words->room)
        return false;
    snprintf(words->room, sizeof words->room, "%s", text);
    for (char *at = words->room; *at;) {
        at += strspn(at, " \t");
        if (!*at)
            break;
        if (words->count == WORDS_MAX)
            return false;
        words->list[words->count++] = at;
        at += strcspn(at, " \t");
        if (*at)
            *at++ = '\0';
    }
    return words->count > 0;
}

static bool has_words(const struct event *event, const struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        if (!text_contains_folded(event->name, words->list[i]) &&
            !text_contains_folded(event->venue, words->list[i]) &&
            !text_contains_folded(event->city, words->list[i]))
            return false;
    return true;
}

/* Keeps the matching events at the front; of several, tracked ones count alone when there are any.
 */
static size_t keep_matches(struct event *events, size_t count, const struct words *words)
{
    size_t matches = 0, tracked = 0;
    for (size_t i = 0; i < count; i++)
        if (has_words(&events[i], words))
            events[matches++] = events[i];
    for (size_t i = 0; i < matches; i++)
        if (events[i].state == EVENT_TRACKED)
            events[tracked++] = events[i];
    return tracked > 0 ? tracked : matches;
}

static bool refuse_several(const char *text, const struct event *events, size_t count,
                           struct err *err)
{
    char list[ERR_HINT_MAX] = "", name[EVENT_NAME_MAX + 8];
    size_t used = 0;
    for (size_t i = 0; i < count && i < MATCHES_SHOWN && used < sizeof list; i++)
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s %.40s", i > 0 ? "; " : "",
                                 event_name(name, &events[i]), events[i].name);
    if (count > MATCHES_SHOWN && used < sizeof list)
        snprintf(list + used, sizeof list - used, "; and %zu more", count - MATCHES_SHOWN);
    err_set(err, ERR_NOT_FOUND, "'%.*s' matches %zu events", TYPED_MAX, text, count);
    return err_hint(err, "%s", list);
}

static bool resolve_words(struct store *store, const char *text, struct event *event,
                          struct err *err)
{
    AUTO_FREE struct event *events = NULL;
    struct words words;
    size_t count = 0;
    if (!store_events(store, true, &events, &count, err))
        return false;
    size_t matches = split_words(text, &words) ? keep_matches(events, count, &words) : 0;
    if (matches > 1)
        return refuse_several(text, events, matches, err);
    if (matches == 0) {
        err_set(err, ERR_NOT_FOUND, "no event matches '%.*s'", TYPED_MAX, text);
        return err_hint(err, "'tws events --all' lists those that are stored");
    }
    *event = events[0];
    return true;
}

bool resolve_event(struct store *store, const struct conf *conf, const char *text,
                   struct event *event, struct err *err)
{
    struct event wanted;
    if (!resolve_id(conf, text, &wanted, err)) {
        if (strstr(text, "://") || named_platform(text))
            return false;
        return resolve_words(store, text, event, err);
    }
    if (store_find_event(store, wanted.platform, wanted.external_id, event, err))
        return true;
    if (err->code != ERR_NOT_FOUND)
        return false;
    /* a number can be a word of a name, too: "1989" */
    if (text_same_folded(text, wanted.external_id) && resolve_words(store, text, event, err))
        return true;
    if (err->code != ERR_NOT_FOUND)
        return false;
    char name[EVENT_NAME_MAX + 8];
    err_set(err, ERR_NOT_FOUND, "event '%s' is not stored", event_name(name, &wanted));
    return err_hint(err, "'tws track %s' begins to follow it", event_name(name, &wanted));
}
