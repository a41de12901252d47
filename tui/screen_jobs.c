/* What the collector did, will do and has given up, and what its rules found: a list of each. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/jobs_private.h"
#include "tui/wrap.h"

/* The words that lead to the lists, a summary; below the list the row of the cursor, which the table cuts. */
enum { HEADER_ROWS = 2, SENTENCE_ROWS = 2, SECTION_MAX = 32, LINE_MAX_BYTES = 1024 };

static const struct jobs_pane *const panes[] = {&jobs_polls, &jobs_schedule, &jobs_dead,
                                                &jobs_rules, &jobs_fired};

enum { PANES = sizeof panes / sizeof *panes };

struct jobs {
    size_t pane;
    struct list lists[PANES];
};

static size_t find_pane(const char *word)
{
    size_t pane = 0;
    while (pane < PANES && strcmp(panes[pane]->word, word) != 0)
        pane++;
    return pane;
}

static const struct jobs_pane *pane_of(const struct scene *scene)
{
    const struct jobs *jobs = scene->state;
    return panes[jobs->pane];
}

static struct list *list_of(const struct scene *scene)
{
    struct jobs *jobs = scene->state;
    return &jobs->lists[jobs->pane];
}

/* The answer is that of the list before until the next one has come. */
static const struct frame *frame_of(const struct scene *scene)
{
    const struct frame *frame = screen_frame(scene, 0);
    return frame && frame_find(frame, pane_of(scene)->mark) >= 0 ? frame : NULL;
}

/* Where a list's order is remembered. */
static const char *section(char *out, size_t pane)
{
    snprintf(out, SECTION_MAX, "jobs %s", panes[pane]->word);
    return out;
}

static void open(struct scene *scene)
{
    struct jobs *jobs = scene->state;
    const struct state *state = scene->desk->state;
    const char *word = state_get(state, "jobs", "list");
    char name[SECTION_MAX];
    for (size_t pane = 0; pane < PANES; pane++) {
        jobs->lists[pane].form = panes[pane]->form;
        list_load(&jobs->lists[pane], state, section(name, pane));
    }
    if (word && find_pane(word) < PANES)
        jobs->pane = find_pane(word);
}

static void close(struct scene *scene)
{
    struct jobs *jobs = scene->state;
    struct state *state = scene->desk->state;
    char name[SECTION_MAX];
    state_set(state, "jobs", "list", jobs->pane ? pane_of(scene)->word : NULL);
    for (size_t pane = 0; pane < PANES; pane++) {
        list_save(&jobs->lists[pane], state, section(name, pane));
        list_release(&jobs->lists[pane]);
    }
}

/* Of all events; that of the view only says what T-14d means. */
static void ask(const struct scene *scene, size_t part, struct question *question)
{
    (void)part;
    const struct jobs_pane *pane = pane_of(scene);
    const struct view *view = &scene->desk->view;
    memset(&question->view, 0, sizeof question->view);
    if (pane->windowed) {
        question->view.event = view->event;
        memcpy(question->view.from, view->from, sizeof view->from);
        memcpy(question->view.to, view->to, sizeof view->to);
    }
    if (pane->needs_conf)
        question->conf = scene->desk->conf;
    if (!pane->needs_conf || question->conf)
        question->load = pane->load;
}

static struct canvas_area list_area(const struct scene *scene)
{
    struct canvas_area area = scene->area;
    area.y += HEADER_ROWS;
    area.height -= HEADER_ROWS + SENTENCE_ROWS;
    return area;
}

static void settle(struct scene *scene)
{
    list_settle(list_of(scene), scene->desk, frame_of(scene), list_area(scene).height);
}

/* --- what keys do --- */

static bool row_at_cursor(const struct scene *scene, size_t *row)
{
    return frame_of(scene) && list_row(list_of(scene), row);
}

static void show(struct scene *scene, size_t pane)
{
    struct jobs *jobs = scene->state;
    jobs->pane = pane;
    settle(scene);
}

static void show_by(struct scene *scene, const struct act *act)
{
    const struct jobs *jobs = scene->state;
    size_t back = act->action == ACTION_LEFT ? PANES - 1 : 1;
    size_t pane = act->text ? find_pane(act->text) : (jobs->pane + back) % PANES;
    if (pane < PANES) {
        show(scene, pane);
        return;
    }
    struct err err = {0};
    err_set(&err, ERR_USAGE, "'%.60s' is none of polls, schedule, dead, rules, fired", act->text);
    screen_complain(scene->desk, &err);
}

/* From a rule to what it found; else to the event. */
static void enter(struct scene *scene)
{
    size_t row;
    if (!row_at_cursor(scene, &row))
        return;
    const struct frame *frame = frame_of(scene);
    if (pane_of(scene) == &jobs_rules) {
        struct jobs *jobs = scene->state;
        const struct act by_name = {.action = ACTION_SEARCH,
                                    .text = frame_get_text(frame, row, "name")};
        show(scene, find_pane(jobs_fired.word));
        list_act(&jobs->lists[jobs->pane], scene->desk, NULL, &by_name, list_area(scene).height);
        return;
    }
    const char *event = frame_get_text(frame, row, "event");
    if (!*event)
        return;
    screen_choose(scene->desk, event);
    scene->desk->go = SCREEN_TREND;
}

static void toggle_failures(struct scene *scene)
{
    bool only = !jobs_only_failures(scene->desk);
    state_set(scene->desk->state, "jobs", "failures", only ? "yes" : NULL);
    screen_note(scene->desk, only ? "only polls that failed; ! shows all" : "all polls");
    show(scene, find_pane(jobs_polls.word));
}

static void copy(struct scene *scene)
{
    AUTO_BUF struct buf text;
    size_t row;
    buf_init(&text, JOBS_TEXT_MAX);
    if (!row_at_cursor(scene, &row))
        return;
    pane_of(scene)->word_row(scene->desk, frame_of(scene), row, &text);
    snprintf(scene->desk->copy, sizeof scene->desk->copy, "%s", buf_text(&text));
    screen_note(scene->desk, "copied: %s", scene->desk->copy);
}

static void act(struct scene *scene, const struct act *act)
{
    bool moves = act->action == ACTION_LEFT || act->action == ACTION_RIGHT;
    if (act->action == ACTION_SHOW || moves)
        show_by(scene, act);
    else if (list_act(list_of(scene), scene->desk, frame_of(scene), act, list_area(scene).height))
        ;
    else if (act->action == ACTION_ENTER)
        enter(scene);
    else if (act->action == ACTION_FAILURES)
        toggle_failures(scene);
    else if (act->action == ACTION_COPY)
        copy(scene);
}

/* Where the words of the header stand. */
static int word_width(size_t pane)
{
    return text_width(panes[pane]->word) + 2;
}

static void click_header(struct scene *scene, int x)
{
    int right = scene->area.x;
    for (size_t pane = 0; pane < PANES; pane++) {
        int left = right;
        right += word_width(pane);
        if (x >= left && x < right)
            show(scene, pane);
    }
}

static void click(struct scene *scene, const struct key *key)
{
    if (key->y == scene->area.y && key->code == KEY_CODE_CLICK)
        click_header(scene, key->x);
    else if (list_click(list_of(scene), scene->desk, frame_of(scene), list_area(scene), key))
        enter(scene);
}

/* --- how it looks --- */

static void put_line(const struct scene *scene, struct canvas *canvas, int x, int y,
                     const char *text, enum theme_style style)
{
    char clipped[LINE_MAX_BYTES];
    text_clip(clipped, sizeof clipped, text, scene->area.x + scene->area.width - x - 1,
              canvas->ascii);
    canvas_text(canvas, x, y, clipped, style);
}

static void draw_header(const struct scene *scene, struct canvas *canvas)
{
    int x = scene->area.x, y = scene->area.y;
    for (size_t pane = 0; pane < PANES; pane++) {
        bool here = panes[pane] == pane_of(scene);
        canvas_text(canvas, x + 1, y, panes[pane]->word, here ? THEME_ACTIVE : THEME_TEXT);
        for (int column = 0; here && column < word_width(pane); column++)
            canvas_ground(canvas, x + column, y, THEME_SELECTED);
        x += word_width(pane);
    }
    put_line(scene, canvas, x + 1, y, pane_of(scene)->title, THEME_NOTE);
}

/* The whole of the row under the cursor. */
static void draw_sentence(const struct scene *scene, struct canvas *canvas)
{
    AUTO_BUF struct buf text;
    char rows[SENTENCE_ROWS][WRAP_ROW_MAX];
    size_t row;
    buf_init(&text, JOBS_TEXT_MAX);
    if (!row_at_cursor(scene, &row))
        return;
    pane_of(scene)->word_row(scene->desk, frame_of(scene), row, &text);
    enum theme_style style = pane_of(scene)->style(frame_of(scene), row);
    int count =
        wrap_rows(rows, SENTENCE_ROWS, buf_text(&text), scene->area.width - 2, canvas->ascii);
    for (int i = 0; i < count; i++)
        canvas_text(canvas, scene->area.x + 1,
                    scene->area.y + scene->area.height - SENTENCE_ROWS + i, rows[i],
                    style == THEME_TEXT ? THEME_NOTE : style);
}

static void draw(const struct scene *scene, struct canvas *canvas)
{
    const struct frame *frame = frame_of(scene);
    AUTO_BUF struct buf text;
    buf_init(&text, JOBS_TEXT_MAX);
    draw_header(scene, canvas);
    if (!frame)
        return;
    bool bad = pane_of(scene)->sum_up(scene->desk, frame, &text);
    put_line(scene, canvas, scene->area.x + 1, scene->area.y + 1, buf_text(&text),
             bad ? THEME_WARN : THEME_TITLE);
    list_draw(list_of(scene), scene->desk, frame, canvas, list_area(scene));
    draw_sentence(scene, canvas);
}

enum { DESCRIBED_ROWS = 20 };

/* From the cursor on, as many as one can listen to. */
static void describe(const struct scene *scene, struct buf *out)
{
    const struct list *list = list_of(scene);
    const struct frame *frame = frame_of(scene);
    if (!frame)
        return;
    buf_printf(out, "%s: ", pane_of(scene)->word);
    pane_of(scene)->sum_up(scene->desk, frame, out);
    buf_puts(out, ".\n");
    size_t end = list->cursor + DESCRIBED_ROWS;
    for (size_t i = list->cursor; i < list->count && i < end; i++) {
        buf_printf(out, "%zu: ", i + 1);
        pane_of(scene)->word_row(scene->desk, frame, list->order[i], out);
        buf_puts(out, ".\n");
    }
    if (end < list->count)
        buf_printf(out, "%zu more.\n", list->count - end);
}

static const struct frame *shown(const struct scene *scene)
{
    return frame_of(scene);
}

static const struct list *shown_list(const struct scene *scene)
{
    return list_of(scene);
}

static const char *choice(const struct scene *scene, enum action action, size_t nth)
{
    if (action == ACTION_SHOW)
        return nth < PANES ? panes[nth]->word : NULL;
    return action == ACTION_SORT ? list_choice(pane_of(scene)->form, nth) : NULL;
}

const struct screen screen_jobs = {
    .name = "jobs",
    .title = "Jobs",
    .place = ACTION_IN_JOBS,
    .size = sizeof(struct jobs),
    .parts = 1,
    .open = open,
    .close = close,
    .ask = ask,
    .settle = settle,
    .act = act,
    .click = click,
    .draw = draw,
    .describe = describe,
    .shown = shown,
    .list = shown_list,
    .choice = choice,
};
