#include "core/export.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/money.h"
#include "core/atlas.h"
#include "core/listing.h"
#include "core/outcome.h"
#include "core/rollup.h"
#include "io/db.h"
#include "io/json.h"

enum field {
#define X(name) F_##name,
#include "core/export_field.def"
#undef X
    FIELD_COUNT
};

static const char *const field_names[] = {
#define X(name) #name,
#include "core/export_field.def"
#undef X
};

/* One line on its way out. */
struct line {
    enum export_format format;
    export_sink *sink;
    void *context;
    struct arena arena;
    struct buf text;
    struct {
        enum { ABSENT, UNKNOWN, BARE, QUOTED } how;
        const char *text;
    } values[FIELD_COUNT];
};

enum { LINE_MAX_BYTES = 1 << 20 };

static void set_text(struct line *line, enum field field, const char *text)
{
    line->values[field].how = text && text[0] ? QUOTED : UNKNOWN;
    line->values[field].text = arena_strdup(&line->arena, text);
}

static void set_int(struct line *line, enum field field, int64_t value)
{
    line->values[field].how = BARE;
    line->values[field].text = arena_printf(&line->arena, "%lld", (long long)value);
}

static void set_money(struct line *line, enum field field, int64_t minor)
{
    char text[MONEY_TEXT_MAX];
    line->values[field].how = minor == MEASURES_NONE ? UNKNOWN : BARE;
    if (minor != MEASURES_NONE)
        line->values[field].text = arena_strdup(&line->arena, money_format(text, minor));
}

static void set_time(struct line *line, enum field field, int64_t at_ms)
{
    char text[CLOCK_TEXT_MAX];
    set_text(line, field, clock_format(text, at_ms));
}

static void put_csv_text(struct buf *out, const char *text)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        buf_puts(out, text);
        return;
    }
    buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            buf_putc(out, '"');
        buf_putc(out, *text);
    }
    buf_putc(out, '"');
}

static void write_csv(struct line *line)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (i > 0)
            buf_putc(&line->text, ',');
        if (line->values[i].how == BARE || line->values[i].how == QUOTED)
            put_csv_text(&line->text, line->values[i].text);
    }
}

static void write_json(struct line *line)
{
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (line->values[i].how == ABSENT)
            continue;
        buf_printf(&line->text, "%s\"%s\":", i ? "," : "{", field_names[i]);
        if (line->values[i].how == QUOTED)
            json_put_string(&line->text, line->values[i].text);
        else
            buf_puts(&line->text, line->values[i].how == BARE ? line->values[i].text : "null");
    }
    buf_putc(&line->text, '}');
}

/* Ends the line, hands it to the sink and begins an empty one. */
static bool flush(struct line *line, struct err *err)
{
    if (line->format == EXPORT_CSV)
        write_csv(line);
    else
        write_json(line);
    buf_putc(&line->text, '\n');
    bool ok = line->sink(line->context, buf_text(&line->text), line->text.length);
    buf_reset(&line->text);
    arena_reset(&line->arena);
    memset(line->values, 0, sizeof line->values);
    return ok ? true : err_set(err, ERR_FAILURE, "cannot write the export");
}

static bool write_header(struct line *line, struct err *err)
{
    if (line->format != EXPORT_CSV)
        return true;
    for (int i = 0; i < FIELD_COUNT; i++)
        set_text(line, (enum field)i, field_names[i]);
    return flush(line, err);
}

static bool write_event(struct line *line, const struct event *event, const char *name,
                        struct err *err)
{
    set_text(line, F_kind, "event");
    set_text(line, F_event, name);
    set_text(line, F_name, event->name);
    set_text(line, F_venue, event->venue);
    set_text(line, F_city, event->city);
    set_text(line, F_state, event->region);
    set_text(line, F_timezone, event->timezone);
    set_text(line, F_currency, event->currency);
    if (event->date_ms == EVENT_NO_DATE)
        set_text(line, F_date, NULL);
    else
        set_time(line, F_date, event->date_ms);
    return flush(line, err);
}

static void set_column(struct line *line, enum field field, const struct stmt *stmt, int column)
{
    if (stmt_is_null(stmt, column))
        line->values[field].how = UNKNOWN;
    else
        set_int(line, field, stmt_int(stmt, column));
}

static void set_snapshot(struct line *line, const struct stmt *stmt)
{
    set_text(line, F_kind, "snapshot");
    set_time(line, F_timestamp, stmt_int(stmt, 0));
    set_text(line, F_outcome, outcome_word((enum outcome)stmt_int(stmt, 1)));
    set_int(line, F_rejected, stmt_int(stmt, 2));
    set_column(line, F_took_ms, stmt, 3);
    set_column(line, F_bytes, stmt, 4);
    set_text(line, F_reason, stmt_text(stmt, 5));
}

static void set_tags(struct line *line, unsigned tags)
{
    const char *words = "";
    for (unsigned bit = 1; bit != 0 && bit <= tags; bit <<= 1)
        if (tags & bit)
            words = arena_printf(&line->arena, "%s%s%s", words, words[0] ? " " : "",
                                 listing_tag_word(bit));
    set_text(line, F_tags, words);
}

static void set_version(struct line *line, const struct stmt *stmt)
{
    set_text(line, F_kind, "version");
    set_text(line, F_listing_id, stmt_text(stmt, 0));
    set_time(line, F_valid_from, stmt_int(stmt, 1));
    if (stmt_is_null(stmt, 2))
        set_text(line, F_valid_to, NULL);
    else
        set_time(line, F_valid_to, stmt_int(stmt, 2));
    static const enum field texts[] = {F_zone, F_section, F_label, F_row, F_seats, F_splits};
    for (int i = 0; i < 6; i++)
        set_text(line, texts[i], stmt_text(stmt, 3 + i));
    set_int(line, F_quantity, stmt_int(stmt, 9));
    set_tags(line, (unsigned)stmt_int(stmt, 10));
    set_money(line, F_price, stmt_int(stmt, 11));
    set_money(line, F_all_in_price, stmt_is_null(stmt, 12) ? MEASURES_NONE : stmt_int(stmt, 12));
}

static bool write_rows(struct store *store, struct line *line, int64_t event_id, const char *name,
                       enum sql_id id, void (*set)(struct line *, const struct stmt *),
                       struct err *err)
{
    AUTO_STMT struct stmt stmt = {0};
    if (!db_prepare(store_db(store), id, &stmt, err))
        return false;
    stmt_bind_int(&stmt, ":event", event_id);
    enum step step;
    while ((step = stmt_step(&stmt, err)) == STEP_ROW) {
        set_text(line, F_event, name);
        set(line, &stmt);
        if (!flush(line, err))
            return false;
    }
    return step == STEP_DONE;
}

static void set_prices(struct line *line, enum field first, const struct measures_prices *prices)
{
    set_int(line, first, prices->count);
    set_money(line, first + 1, prices->count ? prices->sum : MEASURES_NONE);
    set_money(line, first + 2, prices->min);
    set_money(line, first + 3, prices->max);
    set_money(line, first + 4, prices->median_x2);
    set_money(line, first + 5, prices->quarter);
    set_money(line, first + 6, prices->group_min[0]);
    set_money(line, first + 7, prices->group_min[1]);
    set_money(line, first + 8, prices->group_min[3]);
}

static void set_rollup(struct line *line, const struct rollup_row *row)
{
    const struct measures *measures = &row->measures;
    set_text(line, F_kind, "rollup");
    set_time(line, F_timestamp, row->at_ms);
    set_int(line, F_snapshots, measures->snapshots);
    set_int(line, F_total_tickets, measures->tickets);
    set_int(line, F_total_listings, measures->listings);
    set_int(line, F_lowest_tickets, measures->lowest_tickets);
    set_int(line, F_highest_tickets, measures->highest_tickets);
    set_prices(line, F_observations, &measures->prices[MEASURES_BASE]);
    set_prices(line, F_all_in_observations, &measures->prices[MEASURES_ALL_IN]);
}

/* A row under the name of its zone or section, so that the order does not hang on row ids. */
struct named {
    const char *name;
    const struct rollup_row *row;
};

static int by_time_and_name(const void *a, const void *b)
{
    const struct named *left = a, *right = b;
    if (left->row->at_ms != right->row->at_ms)
        return left->row->at_ms < right->row->at_ms ? -1 : 1;
    return strcmp(left->name, right->name);
}

static const char *scope_name(const struct atlas *atlas, enum rollup_kind kind, int64_t id)
{
    for (size_t i = 0; kind == ROLLUP_ZONE && i < atlas->zone_count; i++)
        if (atlas->zones[i].id == id)
            return atlas->zones[i].name;
    for (size_t i = 0; kind == ROLLUP_SECTION && i < atlas->section_count; i++)
        if (atlas->sections[i].id == id)
            return atlas->sections[i].name;
    return "*";
}

static bool write_rollups(struct store *store, struct line *line, const struct atlas *atlas,
                          const char *event, enum rollup_grain grain, enum rollup_kind kind,
                          struct err *err)
{
    AUTO_ROWS struct rollup_rows rows = {0};
    if (!rollup_read(store, atlas->event_id, grain, kind, 0, 0, CLOCK_MAX_MS, &rows, err))
        return false;
    AUTO_FREE struct named *named = mem_alloc(rows.count + 1, sizeof *named);
    for (size_t i = 0; i < rows.count; i++)
        named[i] = (struct named){scope_name(atlas, kind, rows.rows[i].scope_id), &rows.rows[i]};
    qsort(named, rows.count, sizeof *named, by_time_and_name);
    for (size_t i = 0; i < rows.count; i++) {
        set_text(line, F_event, event);
        set_text(line, F_granularity, grain == ROLLUP_HOUR ? "hour" : "day");
        set_text(line, F_zone, kind == ROLLUP_SECTION ? NULL : named[i].name);
        set_text(line, F_section, kind == ROLLUP_SECTION ? named[i].name : NULL);
        set_rollup(line, named[i].row);
        if (!flush(line, err))
            return false;
    }
    return true;
}

static bool write_all(struct store *store, struct line *line, const struct event *event,
                      struct err *err)
{
    char name[EVENT_NAME_MAX + 8];
    event_name(name, event);
    AUTO_ATLAS struct atlas atlas = {0};
    if (!atlas_load(store, event->id, &atlas, err) || !write_header(line, err) ||
        !write_event(line, event, name, err) ||
        !write_rows(store, line, event->id, name, SQL_EXPORT_SNAPSHOTS, set_snapshot, err) ||
        !write_rows(store, line, event->id, name, SQL_EXPORT_VERSIONS, set_version, err))
        return false;
    for (int grain = ROLLUP_HOUR; grain <= ROLLUP_DAY; grain++)
        for (int kind = ROLLUP_EVENT; kind <= ROLLUP_SECTION; kind++)
            if (!write_rollups(store, line, &atlas, name, grain, kind, err))
                return false;
    return true;
}

bool export_event(struct store *store, const struct event *event, enum export_format format,
                  export_sink *sink, void *context, struct err *err)
{
    struct line line = {.format = format, .sink = sink, .context = context};
    arena_init(&line.arena, 0);
    buf_init(&line.text, LINE_MAX_BYTES);
    bool ok = db_begin_read(store_db(store), err);
    if (ok) {
        ok = write_all(store, &line, event, err);
        db_rollback(store_db(store));
    }
    buf_release(&line.text);
    arena_release(&line.arena);
    return ok;
}
