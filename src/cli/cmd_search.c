#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "cli/cmd.h"
#include "cli/follow.h"
#include "core/collector.h"

enum { LIMIT = 25, WORDS_MAX = 1024 };

static const struct opt options[] = {
    {.name = "track", .letter = 't', .kind = OPT_FLAG, .help = "follow everything that is shown"},
    {.name = "limit",
     .letter = 'n',
     .kind = OPT_COUNT,
     .value = "N",
     .help = "show at most so many events (default 25)",
     .min = 1,
     .max = 10000},
    {.name = NULL},
};

enum column { EVENT, NAME, VENUE, CITY, STATE, DATE, URL, COLUMNS };

static const struct frame_column columns[COLUMNS] = {
    [EVENT] = {"event", FRAME_TEXT}, [NAME] = {"name", FRAME_TEXT},
    [VENUE] = {"venue", FRAME_TEXT}, [CITY] = {"city", FRAME_TEXT},
    [STATE] = {"state", FRAME_TEXT}, [DATE] = {"date", FRAME_TIME},
    [URL] = {"url", FRAME_TEXT},
};

struct search {
    struct cmd_call *call;
    struct store *store; /* NULL unless what is found is to be tracked */
    struct frame frame;
    size_t limit;
    struct err *err;
    bool failed;
};

static struct frame_cell text_or_null(struct frame *frame, const char *text)
{
    return *text ? frame_text(frame, text) : frame_null();
}

static void add_row(struct frame *frame, const struct event *event)
{
    char name[EVENT_NAME_MAX + 8];
    struct frame_cell *cells = frame_add_row(frame);
    cells[EVENT] = frame_text(frame, event_name(name, event));
    cells[NAME] = text_or_null(frame, event->name);
    cells[VENUE] = text_or_null(frame, event->venue);
    cells[CITY] = text_or_null(frame, event->city);
    cells[STATE] = text_or_null(frame, event->region);
    if (event->date_ms != EVENT_NO_DATE)
        cells[DATE] = frame_number(event->date_ms);
    cells[URL] = text_or_null(frame, event->url);
}

static bool visit(void *context, const struct platform_page *page)
{
    struct search *search = context;
    for (size_t i = 0; i < page->count && search->frame.row_count < search->limit; i++) {
        struct event event = page->events[i];
        add_row(&search->frame, &event);
        if (search->store && !follow_event(search->call, search->store, &event, search->err)) {
            search->failed = true;
            return false;
        }
    }
    return search->frame.row_count < search->limit;
}

static bool ask(struct search *search, const char *words)
{
    struct fetch *fetch = fetch_open(search->call->conf, search->err);
    bool ok = fetch != NULL;
    for (const struct platform *const *at = platform_list(); ok && *at; at++)
        ok = collector_search(fetch, *at, words, search->limit, visit, search, search->err) &&
             !search->failed;
    fetch_close(fetch);
    return ok;
}

static bool run(struct cmd_call *call, struct err *err)
{
    AUTO_STORE struct store *store = NULL;
    AUTO_BUF struct buf words;
    buf_init(&words, WORDS_MAX);
    for (size_t i = 0; i < call->argument_count; i++)
        buf_printf(&words, "%s%s", i ? " " : "", call->arguments[i]);
    if (words.overflow)
        return err_set(err, ERR_USAGE, "more than %d bytes of words", WORDS_MAX);
    if (opt_has(call->options, "track") &&
        !(store = store_open(conf_text(call->conf, CONF_DB), err)))
        return false;
    struct search search = {.call = call,
                            .store = store,
                            .limit = (size_t)opt_count(call->options, "limit", LIMIT),
                            .err = err};
    frame_init(&search.frame, columns, COLUMNS);
    bool ok = ask(&search, buf_text(&words));
    if (ok && search.frame.row_count == 0)
        log_say("no event matches '%s'", buf_text(&words));
    if (ok && !store)
        emit_frame(&call->emit, &search.frame);
    frame_release(&search.frame);
    return ok;
}

const struct cmd cmd_search = {
    .name = "search",
    .group = CMD_COLLECT,
    .summary = "find events at the platforms",
    .arguments = "WORDS...",
    .needs = NEEDS_CONF,
    .options = {options, emit_options},
    .examples =
        {
            {"tws search hamilton new york", "events to choose from"},
            {"tws search hamilton --limit 5 --track", "follow the first five"},
        },
    .keys = "event, name, venue, city, state, date, url",
    .run = run,
};
