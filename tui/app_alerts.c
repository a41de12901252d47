/* Alerts that fire while somebody looks at something else. Their texts come from outside: what is noted and told holds no
   control characters, and begins with a word, since terminals take OSC 9 with a number for other things. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "core/query.h"
#include "tui/app_private.h"

enum { ALERTS_MOST = 1000, PART_COLUMNS = 40, PART_MAX = 4 * PART_COLUMNS, TEXT_MAX = 1024 };

bool app_alerts_load(struct store *store, const struct question *question, struct frame *frame,
                     struct err *err)
{
    (void)question;
    return query_alerts_holding(store, ALERTS_MOST, frame, err);
}

/* What is new among those that hold. */
struct news {
    size_t fired, told;               /* how many */
    size_t newest_fired, newest_told; /* rows */
    int64_t last_fired, last_told_ms;
};

static struct news find_news(const struct app *app, const struct frame *frame)
{
    struct news news = {.last_fired = app->alert_seen, .last_told_ms = app->alert_told_ms};
    for (size_t row = frame->row_count; row-- > 0;) { /* the newest stands first */
        int64_t alert = frame_get(frame, row, "alert")->number;
        const struct frame_cell *told = frame_get(frame, row, "told");
        bool fresh = alert > app->alert_seen;
        if (fresh) {
            news.fired++;
            news.newest_fired = row;
            news.last_fired = alert;
        }
        if (told->known && (fresh || told->number > app->alert_told_ms)) {
            news.told++;
            news.newest_told = row;
            if (told->number > news.last_told_ms)
                news.last_told_ms = told->number;
        }
    }
    return news;
}

/* "alert cheap: $142.00 (price < 150 for 2), Ruby Hollow; and 2 more". */
static void word(struct buf *out, const struct frame *frame, size_t row, size_t count)
{
    const char *event = frame_get_text(frame, row, "event_name");
    char rule[PART_MAX], subject[PART_MAX];
    if (!*event)
        event = frame_get_text(frame, row, "event");
    text_clip(rule, sizeof rule, frame_get_text(frame, row, "rule"), PART_COLUMNS, true);
    text_clip(subject, sizeof subject, event, PART_COLUMNS, true);
    buf_reset(out);
    buf_printf(out, "alert %s: %s (%s)%s%s", frame_get_text(frame, row, "name"),
               frame_get_text(frame, row, "value"), rule, *subject ? ", " : "", subject);
    if (count > 1)
        buf_printf(out, "; and %zu more", count - 1);
}

/* The first answer of a store is no news: the board shows what holds. */
void app_alerts_take(struct app *app)
{
    const struct answer *answer = app->alerts.shown;
    const struct frame *frame = app->desk.alerts = answer->ok ? &answer->frame : NULL;
    AUTO_BUF struct buf text;
    buf_init(&text, TEXT_MAX);
    if (!frame)
        return;
    bool first = !app->alerts_known;
    if (first)
        app->alert_seen = app->alert_told_ms = 0;
    app->alerts_known = true;
    struct news news = find_news(app, frame);
    app->alert_seen = news.last_fired;
    app->alert_told_ms = news.last_told_ms;
    if (first || news.fired + news.told == 0)
        return;
    /* one that was held back when it fired is said again */
    bool again = news.fired == 0;
    word(&text, frame, again ? news.newest_told : news.newest_fired,
         again ? news.told : news.fired);
    screen_note(&app->desk, "%s", buf_text(&text));
    app->desk.note_is_error = true;
    if (news.told == 0)
        return;
    word(&text, frame, news.newest_told, news.told);
    text_printable(app->tell, sizeof app->tell, buf_text(&text));
}
