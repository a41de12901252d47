/* URLs of the API and the table; what comes back is read by vividseats_listings.c and
 * vividseats_production.c. */
#include "core/vividseats.h"

#include <string.h>

#include "core/vividseats_listings.h"
#include "core/vividseats_production.h"
#include "io/http.h"

#define API "/hermes/api/v1"

enum { ID_DIGITS_MAX = 18, PAGE_SIZE = 50 /* the most that the search answers with */ };

static size_t count_digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Copies the number at `text` when it is one that an event can have. */
static bool take_id(const char *text, char *external_id, size_t size)
{
    size_t length = count_digits(text);
    if (length == 0 || length > ID_DIGITS_MAX || length >= size || text[0] == '0')
        return false;
    memcpy(external_id, text, length);
    external_id[length] = '\0';
    return true;
}

/* The value of a query parameter, up to the next one; NULL when it is absent. */
static const char *find_parameter(const char *url, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strchr(url, '?'); at; at = strchr(at + 1, '&'))
        if (strncmp(at + 1, name, length) == 0 && at[1 + length] == '=')
            return at + 2 + length;
    return NULL;
}

static bool take_id_after(const char *url, const char *mark, char *external_id, size_t size)
{
    const char *at = strstr(url, mark);
    return at && take_id(at + strlen(mark), external_id, size) &&
           strchr("/?#&", at[strlen(mark) + strlen(external_id)]);
}

/* The pages of 2024 and before: ".../pacers-5-15-4833304.html". */
static bool take_old_id(const char *url, char *external_id, size_t size)
{
    const char *end = strstr(url, ".html"), *at = end;
    while (at && at > url && at[-1] >= '0' && at[-1] <= '9')
        at--;
    return at && at < end && at > url && at[-1] == '-' && take_id(at, external_id, size);
}

static bool read_id(const char *text, char *external_id, size_t size)
{
    if (!strchr(text, '/'))
        return take_id(text, external_id, size) && text[strlen(external_id)] == '\0';
    const char *parameter = find_parameter(text, "productionId");
    return take_id_after(text, "/production/", external_id, size) ||
           take_id_after(text, "/productions/", external_id, size) ||
           (parameter && take_id(parameter, external_id, size)) ||
           take_old_id(text, external_id, size);
}

static bool has_value(const char *parameter, const char *value)
{
    size_t length = strcspn(parameter, "&#");
    return length == strlen(value) && strncmp(parameter, value, length) == 0;
}

/* Filters make the answer a part of the market, which must never pass for the whole of it. */
static bool is_filtered(const char *url)
{
    static const char *const filters[] = {"quantity", "qty",      "recommended", "offset", "page",
                                          "limit",    "pageSize", "rows",        "sf"};
    static const char *const harmless[] = {"", "0", "false"};
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
        const char *value = find_parameter(url, filters[i]);
        bool filtered = value && !(filters[i][0] == 'p' && has_value(value, "1"));
        for (size_t k = 0; k < sizeof harmless / sizeof harmless[0] && filtered; k++)
            filtered = !has_value(value, harmless[k]);
        if (filtered)
            return true;
    }
    return false;
}

static bool is_listings_url(const char *url, char *external_id, size_t size)
{
    const char *host = strstr(url, "://"), *path = host ? strchr(host + 3, '/') : NULL;
    if (!path || (strncmp(path, API "/listings?", strlen(API "/listings?")) != 0 &&
                  strncmp(path, "/hermes/api/v2/listings?", strlen(API "/listings?")) != 0))
        return false;
    const char *id = find_parameter(path, "productionId");
    return id && take_id(id, external_id, size) && !is_filtered(path);
}

/* The currency is pinned: unasked, the answer follows the caller's address. */
static bool listings_url(const char *origin, const char *external_id, struct buf *url)
{
    return buf_printf(url,
                      "%s" API "/listings?productionId=%s&includeIpAddress=false&currency=USD"
                      "&localizeCurrency=false",
                      origin, external_id);
}

static bool production_url(const char *origin, const char *external_id, struct buf *url)
{
    return buf_printf(url, "%s" API "/productions/%s", origin, external_id);
}

static bool search_url(const char *origin, const char *words, int page, struct buf *url)
{
    return buf_printf(url, "%s" API "/productions?query=", origin) &&
           http_put_escaped(url, words) &&
           buf_printf(url, "&pageSize=%d&page=%d&includeIpAddress=false", PAGE_SIZE, page);
}

static bool performer_url(const char *origin, const char *performer_id, int page, struct buf *url)
{
    return buf_printf(
        url, "%s" API "/productions?performerId=%s&pageSize=%d&page=%d&includeIpAddress=false",
        origin, performer_id, PAGE_SIZE, page);
}

const struct platform *vividseats_platform(void)
{
    static const struct platform platform = {
        .name = "vividseats",
        .title = "Vivid Seats",
        .default_url = "https://www.vividseats.com",
        .url_setting = "vividseats.url",
        .read_id = read_id,
        .listings_url = listings_url,
        .production_url = production_url,
        .search_url = search_url,
        .performer_url = performer_url,
        .read_listings = vividseats_listings_read,
        .read_production = vividseats_production_read,
        .read_page = vividseats_production_read_page,
        .is_listings_url = is_listings_url,
    };
    return &platform;
}
