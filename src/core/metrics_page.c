#include "core/metrics_page.h"

#include <pthread.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "io/httpd.h"

enum { PAGE_MAX = 32 << 20, FILE_MS = 15 * 1000, PAGE_MS = 5 * 1000 };

struct metrics_page {
    struct httpd *httpd;
    const char *file;
    int64_t filled_ms; /* monotonic; 0: never */
    pthread_mutex_t lock;
    bool asked; /* since it was filled; under the lock, as the texts */
    struct buf texts[2];
};

static void answer(void *context, const struct httpd_request *request, struct httpd_reply *reply)
{
    struct metrics_page *page = context;
    const char *accept = httpd_header(request, "Accept");
    bool old = accept != NULL && strstr(accept, "text/plain") != NULL &&
               strstr(accept, "openmetrics") == NULL;
    enum gauges_format format = old ? GAUGES_TEXT : GAUGES_OPENMETRICS;
    if (strcmp(httpd_path(request), "/metrics") != 0) {
        reply->status = 404;
        reply->content_type = "text/plain";
        buf_puts(&reply->body, "the page is /metrics\n");
        return;
    }
    pthread_mutex_lock(&page->lock);
    page->asked = true;
    buf_add(&reply->body, buf_text(&page->texts[format]), page->texts[format].length);
    pthread_mutex_unlock(&page->lock);
    reply->content_type = gauges_media_type(format);
}

struct metrics_page *metrics_page_open(int port, const char *file, struct err *err)
{
    struct metrics_page *page = mem_alloc(1, sizeof *page);
    page->file = file;
    pthread_mutex_init(&page->lock, NULL);
    buf_init(&page->texts[GAUGES_OPENMETRICS], PAGE_MAX);
    buf_init(&page->texts[GAUGES_TEXT], PAGE_MAX);
    if (port < 0 || (page->httpd = httpd_open(port, answer, page, err)) != NULL)
        return page;
    metrics_page_close(page);
    return NULL;
}

void metrics_page_close(struct metrics_page *page)
{
    if (page == NULL)
        return;
    httpd_close(page->httpd);
    buf_release(&page->texts[GAUGES_OPENMETRICS]);
    buf_release(&page->texts[GAUGES_TEXT]);
    pthread_mutex_destroy(&page->lock);
    mem_free(page);
}

bool metrics_page_is_due(const struct metrics_page *page)
{
    if (page == NULL)
        return false;
    int64_t age_ms = clock_monotonic_ms() - page->filled_ms;
    return page->filled_ms == 0 || (page->file != NULL && age_ms >= FILE_MS) ||
           (page->asked && age_ms >= PAGE_MS);
}

void metrics_page_fill(struct metrics_page *page, const struct gauges *gauges)
{
    struct err err = {0};
    pthread_mutex_lock(&page->lock);
    for (enum gauges_format format = GAUGES_OPENMETRICS; format <= GAUGES_TEXT; format++) {
        buf_reset(&page->texts[format]);
        gauges_put(gauges, format, &page->texts[format]);
    }
    page->asked = false;
    pthread_mutex_unlock(&page->lock);
    page->filled_ms = clock_monotonic_ms();
    if (page->file != NULL && !gauges_write(page->file, &page->texts[GAUGES_TEXT], &err))
        log_warn("%s", err.text);
}
