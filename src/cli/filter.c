#include "cli/filter.h"

#include "base/clock.h"
#include "base/when.h"
#include "core/listing.h"

#define X(name, bit, word, sentence) word "|"
static const char tag_words[] =
#include "core/tag.def"
    ;
#undef X

const struct opt filter_options[] = {
    {.name = "zone",
     .letter = 'z',
     .kind = OPT_LIST,
     .value = "NAME",
     .help = "only this zone; several give a series each",
     .complete = OPT_COMPLETE_ZONE},
    {.name = "section",
     .letter = 's',
     .kind = OPT_TEXT,
     .value = "NAME",
     .help = "only this section, by the map's name or the seller's",
     .complete = OPT_COMPLETE_SECTION},
    {.name = "from",
     .kind = OPT_TEXT,
     .value = "TIME",
     .help = "from this time on: 2026-02-09, 2026-02-09T18:00:00Z, 7d, 36h, T-14d",
     .complete = OPT_COMPLETE_TIME},
    {.name = "to",
     .kind = OPT_TEXT,
     .value = "TIME",
     .help = "up to, not including, this time",
     .complete = OPT_COMPLETE_TIME},
    {.name = "at",
     .kind = OPT_TEXT,
     .value = "TIME",
     .help = "the market as it stood at this time, itself included",
     .complete = OPT_COMPLETE_TIME},
    {.name = "by",
     .letter = 'b',
     .kind = OPT_WORD,
     .value = "STEP",
     .help = "a row for each (default hour)",
     .words = "snapshot|hour|day"},
    {.name = "size",
     .letter = 'k',
     .kind = OPT_LIST,
     .value = "K",
     .help = "people who sit together, 1 to 8"},
    {.name = "price",
     .letter = 'p',
     .kind = OPT_WORD,
     .value = "BASIS",
     .help = "before fees, or as the buyer pays (default base)",
     .words = "base|all-in"},
    {.name = "only",
     .kind = OPT_WORDS,
     .value = "TAG",
     .help = "only listings that have this tag",
     .words = tag_words},
    {.name = "exclude",
     .letter = 'x',
     .kind = OPT_WORDS,
     .value = "TAG",
     .help = "no listings that have this tag",
     .words = tag_words},
    {.name = NULL},
};

static bool read_zones(const struct opt_values *options, struct query_filter *filter,
                       struct err *err)
{
    const char *name;
    for (size_t i = 0; (name = opt_nth(options, "zone", i)); i++) {
        if (i == QUERY_ZONES_MAX)
            return err_set(err, ERR_USAGE, "option '--zone': more than %d zones", QUERY_ZONES_MAX);
        filter->zones[filter->zone_count++] = name;
    }
    return true;
}

/* `--size 2,4` and `--size 2 --size 4` are the same. */
static bool read_sizes(const struct opt_values *options, struct query_filter *filter,
                       struct err *err)
{
    const char *typed;
    unsigned sizes;
    for (size_t i = 0; (typed = opt_nth(options, "size", i)); i++) {
        if (!listing_read_sizes(typed, &sizes, err))
            return err_wrap(err, "option '--size'");
        filter->sizes |= sizes;
    }
    return true;
}

static unsigned read_tags(const struct opt_values *options, const char *name)
{
    unsigned tags = 0;
    const char *word;
    for (size_t i = 0; (word = opt_nth(options, name, i)); i++)
        tags |= listing_tag_find(word);
    return tags;
}

static bool read_time(const struct opt_values *options, const char *name,
                      const struct when_anchor *anchor, int64_t *at_ms, struct err *err)
{
    const char *typed = opt_text(options, name);
    return when_parse(typed, anchor, at_ms, err) || err_wrap(err, "option '--%s'", name);
}

static bool read_window(const struct opt_values *options, const struct event *event,
                        struct query_filter *filter, struct err *err)
{
    struct when_anchor anchor = {.now_ms = clock_now_ms(), .event_ms = -1};
    if (event && event->date_ms != EVENT_NO_DATE)
        anchor.event_ms = event->date_ms;
    filter->has_from = opt_has(options, "from");
    filter->has_to = opt_has(options, "to");
    filter->has_at = opt_has(options, "at");
    if (filter->has_from && !read_time(options, "from", &anchor, &filter->from_ms, err))
        return false;
    if (filter->has_to && !read_time(options, "to", &anchor, &filter->to_ms, err))
        return false;
    if (filter->has_at && !read_time(options, "at", &anchor, &filter->at_ms, err))
        return false;
    if (filter->has_from && filter->has_to && filter->to_ms < filter->from_ms)
        return err_set(err, ERR_USAGE, "option '--to': '%.60s' is before --from '%.60s'",
                       opt_text(options, "to"), opt_text(options, "from"));
    return true;
}

bool filter_read(const struct opt_values *options, const struct event *event,
                 struct query_filter *filter, struct err *err)
{
    static const enum query_by steps[] = {QUERY_SNAPSHOT, QUERY_HOUR, QUERY_DAY};
    query_init(filter);
    filter->section = opt_text(options, "section");
    if (opt_has(options, "by"))
        filter->by = steps[opt_word(options, "by")];
    if (opt_has(options, "price"))
        filter->basis = opt_word(options, "price") == 1 ? MEASURES_ALL_IN : MEASURES_BASE;
    filter->only_tags = read_tags(options, "only");
    filter->exclude_tags = read_tags(options, "exclude");
    return read_zones(options, filter, err) && read_sizes(options, filter, err) &&
           read_window(options, event, filter, err);
}

void filter_as_series(struct query_filter *filter)
{
    if (!filter->has_at || filter->has_to)
        return;
    filter->has_to = true;
    filter->to_ms = filter->at_ms + 1;
}

void filter_as_market(struct query_filter *filter)
{
    if (!filter->has_to || filter->has_at)
        return;
    filter->has_at = true;
    filter->at_ms = filter->to_ms - 1;
}
