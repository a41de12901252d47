/* What http.h says about URLs, by the parser that will also connect: the two cannot disagree about
 * a host. */
#include "io/http.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "io/http_curl.h"

bool http_put_escaped(struct buf *out, const char *text)
{
    /* curl takes a length of 0 for "measure it", which is right for an empty text as well. */
    char *escaped = mem_need(http_curl()->easy_escape(NULL, text, 0));
    bool fits = buf_puts(out, escaped);
    http_curl()->free(escaped);
    return fits;
}

struct url {
    char *scheme, *host, *port;
};

static void url_release(struct url *url)
{
    http_curl()->free(url->scheme);
    http_curl()->free(url->host);
    http_curl()->free(url->port);
}

/* Whether a step went well; that it had no memory is no answer. */
static bool well(CURLUcode code)
{
    if (code == CURLUE_OUT_OF_MEMORY)
        mem_need(NULL);
    return code == CURLUE_OK;
}

/* Splits a URL by the parser that will also connect, so that the two cannot disagree about the
 * host. */
static bool url_parse(struct url *url, const char *text)
{
    CURLU *parts = mem_need(http_curl()->url());
    bool ok = well(http_curl()->url_set(parts, CURLUPART_URL, text, CURLU_DISALLOW_USER)) &&
              well(http_curl()->url_get(parts, CURLUPART_SCHEME, &url->scheme, 0)) &&
              well(http_curl()->url_get(parts, CURLUPART_HOST, &url->host, 0)) &&
              well(http_curl()->url_get(parts, CURLUPART_PORT, &url->port, CURLU_DEFAULT_PORT));
    http_curl()->url_cleanup(parts);
    return ok && (text_same_folded(url->scheme, "http") || text_same_folded(url->scheme, "https"));
}

bool http_is_loopback(const char *url)
{
    __attribute__((cleanup(url_release))) struct url parts = {0};
    if (!url_parse(&parts, url))
        return false;
    struct in_addr v4;
    if (inet_pton(AF_INET, parts.host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == 127;
    return text_same_folded(parts.host, "localhost") || strcmp(parts.host, "[::1]") == 0;
}

bool http_origin(const char *url, char *out, size_t size)
{
    __attribute__((cleanup(url_release))) struct url parts = {0};
    if (!url_parse(&parts, url))
        return false;
    int length = snprintf(out, size, "%s://%s:%s", parts.scheme, parts.host, parts.port);
    if (length < 0 || (size_t)length >= size)
        return false;
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return true;
}
