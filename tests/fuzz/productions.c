/* A production, or a page of a search: only names that can be printed and dates that exist come out. */
#include "fuzz.h"

#include "base/clock.h"
#include "base/text.h"
#include "core/platform.h"

static void check_event(const struct event *event)
{
    const char *const texts[] = {event->name,     event->venue, event->city,    event->region,
                                 event->timezone, event->url,   event->country, event->category};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        must(text_is_utf8(texts[i], strlen(texts[i])));
        must(strpbrk(texts[i], "\033\n\r\007") == NULL);
    }
    must(event->date_ms == EVENT_NO_DATE || (event->date_ms >= 0 && event->date_ms < CLOCK_MAX_MS));
    must(event->external_id[0] != '\0');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct platform *platform = platform_find("vividseats");
    struct platform_answer answer = {200, "application/json", (const char *)data, size};
    struct platform_page page = {0};
    struct err err = {0}, why = {0};
    struct event event;
    event_init(&event, "vividseats", "7000001");
    enum outcome one = platform->read_production(&answer, "7000001", &event, &err);
    must(outcome_is_good(one) || err.text[0] != '\0');
    check_event(&event);
    enum outcome many = platform->read_page(&answer, &page, &why);
    must(outcome_is_good(many) || why.text[0] != '\0');
    for (size_t i = 0; outcome_is_good(many) && i < page.count; i++)
        check_event(&page.events[i]);
    platform_page_release(&page);
    return 0;
}
