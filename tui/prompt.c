#include "tui/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "tui/fuzzy.h"
#include "tui/item.h"

/* Actions whose argument is a list with commas. */
static const enum action lists[] = {ACTION_ZONE, ACTION_SIZE, ACTION_ONLY, ACTION_EXCLUDE,
                                    ACTION_NONE};

/* Actions whose argument is one of the choices and nothing else: the best is marked while it is typed. */
static const enum action picks[] = {ACTION_COMMAND, ACTION_EVENT,  ACTION_ADD,
                                    ACTION_VIEW,    ACTION_FORGET, ACTION_NONE};

static bool is_among(const enum action *actions, enum action action)
{
    while (*actions != ACTION_NONE && *actions != action)
        actions++;
    return *actions != ACTION_NONE;
}

void prompt_open(struct prompt *prompt, enum action action, const char *text)
{
    prompt_close(prompt);
    prompt->open = true;
    prompt->action = action;
    text_sanitise(prompt->text, sizeof prompt->text, text);
    prompt->cursor = strlen(prompt->text);
}

void prompt_close(struct prompt *prompt)
{
    arena_release(&prompt->arena);
    mem_free(prompt->choices);
    mem_free(prompt->order);
    *prompt = (struct prompt){0};
}

void prompt_clear_choices(struct prompt *prompt)
{
    arena_reset(&prompt->arena);
    prompt->count = prompt->order_count = prompt->chosen = 0;
}

void prompt_offer(struct prompt *prompt, const char *text, const char *note)
{
    prompt->choices =
        mem_grow(prompt->choices, prompt->count, &prompt->capacity, sizeof *prompt->choices);
    prompt->choices[prompt->count++] = (struct prompt_choice){
        .text = arena_strdup(&prompt->arena, text), .note = arena_strdup(&prompt->arena, note)};
}

/* Where the palette's word ends; NULL while it is typed, and where no word is. */
static const char *word_end(const struct prompt *prompt)
{
    return prompt->action == ACTION_COMMAND ? strchr(prompt->text, ' ') : NULL;
}

/* What is being typed: the palette's word, or the argument of this action. */
static enum action typed_action(const struct prompt *prompt)
{
    char word[PROMPT_TEXT_MAX];
    const char *end = word_end(prompt);
    if (!end)
        return prompt->action;
    snprintf(word, sizeof word, "%.*s", (int)(end - prompt->text), prompt->text);
    return action_find(word);
}

static const char *item_start(const struct prompt *prompt)
{
    const char *end = word_end(prompt), *text = end ? end + strspn(end, " ") : prompt->text;
    return is_among(lists, typed_action(prompt)) ? item_last(text) : text;
}

const char *prompt_item(const struct prompt *prompt)
{
    const char *item = item_start(prompt);
    return item + (*item == '"');
}

/* A choice on its way into the order. */
struct match {
    size_t index;
    int score;
};

static int by_score(const void *a, const void *b)
{
    const struct match *left = a, *right = b;
    if (left->score != right->score)
        return left->score < right->score ? 1 : -1;
    return left->index < right->index ? -1 : 1;
}

/* Names are looked for in what is typed and, behind all of those, in what it stands for. */
static int score(const struct prompt_choice *choice, const char *item)
{
    enum { BY_TEXT = 1 << 16, AT_START = 1 << 17 };
    int by_text = fuzzy_score(choice->text, item), by_note = fuzzy_score(choice->note, item);
    if (text_same_folded(choice->text, item))
        return INT32_MAX;
    if (by_text < 0)
        return by_note;
    return by_text + BY_TEXT + (text_starts_folded(choice->text, item) ? AT_START : 0);
}

void prompt_match(struct prompt *prompt)
{
    const char *item = prompt_item(prompt);
    AUTO_FREE struct match *matches = mem_alloc(prompt->count + 1, sizeof *matches);
    size_t count = 0;
    for (size_t i = 0; i < prompt->count; i++) {
        matches[count] = (struct match){i, score(&prompt->choices[i], item)};
        count += matches[count].score >= 0;
    }
    qsort(matches, count, sizeof *matches, by_score);
    if (count > prompt->order_capacity) {
        prompt->order = mem_resize(prompt->order, count, sizeof *prompt->order);
        prompt->order_capacity = count;
    }
    for (size_t i = 0; i < count; i++)
        prompt->order[i] = matches[i].index;
    prompt->order_count = count;
    prompt->chosen = *item && is_among(picks, typed_action(prompt)) ? 0 : count;
}

/* Puts bytes in place of those from `from` to `to`. False, and nothing done, when there is no room. */
static bool replace(struct prompt *prompt, size_t from, size_t to, const char *text)
{
    size_t length = strlen(prompt->text), added = strlen(text);
    if (length - (to - from) + added >= PROMPT_TEXT_MAX)
        return false;
    memmove(prompt->text + from + added, prompt->text + to, length - to + 1);
    memcpy(prompt->text + from, text, added);
    prompt->cursor = from + added;
    return true;
}

/* Puts a choice in place of the item that is typed, and `behind` behind it when it is no item of a list. */
static bool take(struct prompt *prompt, size_t position, const char *behind)
{
    char text[PROMPT_TEXT_MAX] = "";
    const char *choice = prompt->choices[prompt->order[position]].text;
    size_t from = (size_t)(item_start(prompt) - prompt->text);
    if (is_among(lists, typed_action(prompt)))
        item_add(text, sizeof text, choice);
    else
        snprintf(text, sizeof text, "%s%s", choice, behind);
    return replace(prompt, from, strlen(prompt->text), text);
}

static enum prompt_result accept(struct prompt *prompt)
{
    if (prompt->chosen < prompt->order_count)
        take(prompt, prompt->chosen, "");
    return PROMPT_ACCEPTED;
}

static enum prompt_result cancel(struct prompt *prompt)
{
    (void)prompt;
    return PROMPT_CANCELLED;
}

static enum prompt_result changed_if(bool changed)
{
    return changed ? PROMPT_CHANGED : PROMPT_STAYS;
}

/* Behind a word that takes an argument a blank stands, so that the next choices can be shown. */
static enum prompt_result complete(struct prompt *prompt)
{
    if (prompt->order_count == 0)
        return PROMPT_STAYS;
    size_t position = prompt->chosen < prompt->order_count ? prompt->chosen : 0;
    enum action word = typed_action(prompt) == ACTION_COMMAND
                           ? action_find(prompt->choices[prompt->order[position]].text)
                           : ACTION_NONE;
    bool more = word != ACTION_NONE && action_info(word)->argument[0];
    return changed_if(take(prompt, position, more ? " " : ""));
}

/* Goes through the choices and, between the last and the first, none. */
static enum prompt_result choose(struct prompt *prompt, size_t steps)
{
    prompt->chosen = (prompt->chosen + steps) % (prompt->order_count + 1);
    return PROMPT_STAYS;
}

static enum prompt_result choice_up(struct prompt *prompt)
{
    return choose(prompt, prompt->order_count);
}

static enum prompt_result choice_down(struct prompt *prompt)
{
    return choose(prompt, 1);
}

static enum prompt_result choice_page_up(struct prompt *prompt)
{
    prompt->chosen =
        prompt->chosen > PROMPT_CHOICES_SHOWN ? prompt->chosen - PROMPT_CHOICES_SHOWN : 0;
    return PROMPT_STAYS;
}

static enum prompt_result choice_page_down(struct prompt *prompt)
{
    size_t last = prompt->order_count ? prompt->order_count - 1 : 0;
    size_t wanted =
        prompt->chosen < prompt->order_count ? prompt->chosen + PROMPT_CHOICES_SHOWN : 0;
    prompt->chosen = wanted < last ? wanted : last;
    return PROMPT_STAYS;
}

/* The end of the character at a byte: marks without a width of their own belong to it. */
static size_t next_end(const char *text, size_t at)
{
    const char *end = text + at, *mark = end;
    text_next(&end);
    for (mark = end; *mark && text_char_width(text_next(&mark)) == 0;)
        end = mark;
    return (size_t)(end - text);
}

/* The start of the character before a byte. */
static size_t previous_start(const char *text, size_t at)
{
    size_t start = 0;
    for (size_t end = 0; end < at;) {
        start = end;
        end = next_end(text, end);
    }
    return start;
}

static enum prompt_result char_left(struct prompt *prompt)
{
    prompt->cursor = previous_start(prompt->text, prompt->cursor);
    return PROMPT_STAYS;
}

static enum prompt_result char_right(struct prompt *prompt)
{
    prompt->cursor = next_end(prompt->text, prompt->cursor);
    return PROMPT_STAYS;
}

static enum prompt_result line_start(struct prompt *prompt)
{
    prompt->cursor = 0;
    return PROMPT_STAYS;
}

static enum prompt_result line_end(struct prompt *prompt)
{
    prompt->cursor = strlen(prompt->text);
    return PROMPT_STAYS;
}

static enum prompt_result delete_from(struct prompt *prompt, size_t from, size_t to)
{
    return changed_if(from < to && replace(prompt, from, to, ""));
}

static enum prompt_result rub(struct prompt *prompt)
{
    return delete_from(prompt, previous_start(prompt->text, prompt->cursor), prompt->cursor);
}

static enum prompt_result delete_char(struct prompt *prompt)
{
    return delete_from(prompt, prompt->cursor, next_end(prompt->text, prompt->cursor));
}

static enum prompt_result rub_word(struct prompt *prompt)
{
    size_t from = prompt->cursor;
    while (from > 0 && prompt->text[from - 1] == ' ')
        from--;
    while (from > 0 && prompt->text[from - 1] != ' ')
        from--;
    return delete_from(prompt, from, prompt->cursor);
}

static enum prompt_result rub_line(struct prompt *prompt)
{
    return delete_from(prompt, 0, prompt->cursor);
}

static const struct {
    enum action action;
    enum prompt_result (*run)(struct prompt *prompt);
} commands[] = {
    {ACTION_ACCEPT, accept},
    {ACTION_CANCEL, cancel},
    {ACTION_COMPLETE, complete},
    {ACTION_CHOICE_UP, choice_up},
    {ACTION_CHOICE_DOWN, choice_down},
    {ACTION_CHOICE_PAGE_UP, choice_page_up},
    {ACTION_CHOICE_PAGE_DOWN, choice_page_down},
    {ACTION_CHAR_LEFT, char_left},
    {ACTION_CHAR_RIGHT, char_right},
    {ACTION_LINE_START, line_start},
    {ACTION_LINE_END, line_end},
    {ACTION_RUB, rub},
    {ACTION_DELETE, delete_char},
    {ACTION_RUB_WORD, rub_word},
    {ACTION_RUB_LINE, rub_line},
};

/* Types a character or what was pasted. A blank is trimmed off a name, so it is typed as it is. */
static enum prompt_result insert(struct prompt *prompt, const struct key *key)
{
    char raw[5] = "", text[KEY_TEXT_MAX];
    if (key->code == KEY_CODE_PASTE)
        text_sanitise(text, sizeof text, key->text);
    else if (key->code == KEY_CODE_CHARACTER && !key->ctrl && !key->alt) {
        text_encode(key->character, raw);
        text_sanitise(text, sizeof text, raw);
        if (key->character == ' ')
            snprintf(text, sizeof text, " ");
    } else
        return PROMPT_STAYS;
    return changed_if(text[0] && replace(prompt, prompt->cursor, prompt->cursor, text));
}

enum prompt_result prompt_key(struct prompt *prompt, const struct keymap *keymap,
                              const struct key *key)
{
    enum prompt_result result = PROMPT_STAYS;
    enum action action = keymap_find(keymap, key, ACTION_IN_TYPED);
    if (action == ACTION_NONE)
        result = insert(prompt, key);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (commands[i].action == action)
            result = commands[i].run(prompt);
    if (result == PROMPT_CHANGED) {
        err_reset(&prompt->err);
        prompt_match(prompt);
    }
    return result;
}
