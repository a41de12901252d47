/* What is looked at: the content of the filter bar, as plain data. The same on every screen. */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "core/event.h"
#include "core/listing.h"
#include "core/query.h"
#include "tui/action.h"

enum {
    VIEW_TIME_MAX = 41,                    /* a time as it was typed */
    VIEW_TEXT_MAX = LISTING_NAME_MAX * 12, /* a filter as text; zones may be many */
    VIEW_FIELD_COUNT = 11,
};

struct view {
    struct event event; /* external_id "": none is chosen; its id is not known here */
    char zones[QUERY_ZONES_MAX][LISTING_NAME_MAX];
    size_t zone_count;
    char section[LISTING_NAME_MAX];
    char from[VIEW_TIME_MAX], to[VIEW_TIME_MAX], at[VIEW_TIME_MAX]; /* "": not given */
    unsigned sizes;                                                 /* bits k - 1 */
    enum query_by by;
    enum measures_basis basis;
    unsigned only_tags, exclude_tags;
};

/* By hour, base prices, the last seven days. */
void view_init(struct view *view);

/* The fields in the order of the bar: actions EVENT, ZONE, SECTION, FROM, TO, AT, SIZE, BY, PRICE, ONLY, EXCLUDE. */
enum action view_field(size_t index);

/* Whether an action is one of them. */
bool view_has(enum action field);

/* Sets a field other than EVENT from what was typed; "" or "none" forgets it. ERR_USAGE says what is allowed; the view
   then stays as it was. */
bool view_set(struct view *view, enum action field, const char *typed, struct err *err);

/* The next choice of SIZE, BY or PRICE. */
void view_cycle(struct view *view, enum action field);

/* A field as it could be typed, "" when it is not set; EVENT as its name. Into `out` of VIEW_TEXT_MAX, returned. */
char *view_text(char *out, const struct view *view, enum action field);

/* Whether a field differs from view_init(). */
bool view_is_set(const struct view *view, enum action field);

/* The filter for the query module; its texts are those of the view. Relative times are resolved against the clock and
   the event now. ERR_USAGE when one cannot be. */
bool view_filter(const struct view *view, struct query_filter *filter, struct err *err);

/* Forgets every field but the event. */
void view_clear(struct view *view);

/* Forgets what another event does not have: zones, section, moment. */
void view_leave_event(struct view *view);

/* The next longer (direction 1) or shorter (-1) of the ranges that end now: a day, 3, 7, 14, 30, 90 days, all. */
void view_step_range(struct view *view, int direction);

/* Sets the window to [from_ms, to_ms), in RFC 3339. */
void view_set_window(struct view *view, int64_t from_ms, int64_t to_ms);

#endif
