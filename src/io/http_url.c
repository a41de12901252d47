/* What http.h says about URLs, by the parser that will also connect: the two cannot disagree about
 * a host. */
#include "io/http.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

bool http_put_escaped(struct buf *out, const char *text)
{
    /* curl takes a length of 0 for "measure it", which is right for an empty text as well. */
    char *escaped = curl_easy_escape(NULL, text, 0);
    bool fits = escaped && buf_puts(out, escaped);
    curl_free(escaped);
    return fits;
}

struct url {
    char *scheme, *host, *port;
};

static void url_release(struct url *url)
{
    curl_free(url->scheme);
    curl_free(url->host);
    curl_free(url->port);
}

/* Splits a URL by the parser that will also connect, so that the two cannot disagree about the
 * host. */
static bool url_parse(struct url *url, const char *text)
{
    CURLU *parts = curl_url();
    bool ok = parts && !curl_url_set(parts, CURLUPART_URL, text, CURLU_DISALLOW_USER) &&
              !curl_url_get(parts, CURLUPART_SCHEME, &url->scheme, 0) &&
              !curl_url_get(parts, CURLUPART_HOST, &url->host, 0) &&
              !curl_url_get(parts, CURLUPART_PORT, &url->port, CURLU_DEFAULT_PORT);
    curl_url_cleanup(parts);
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
