#include "io/http_answer.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "io/http_curl.h"
#include "io/zip.h"

void http_answer_end(struct http_response *response, enum http_end end, const char *reason)
{
    response->end = end;
    text_sanitise(response->reason, sizeof response->reason, reason);
}

/* A header of the final answer, "" when absent. Valid until the next call. */
static const char *header_of(CURL *easy, const char *name)
{
    struct curl_header *header;
    CURLHcode code = http_curl()->easy_header(easy, name, 0, CURLH_HEADER, -1, &header);
    return code == CURLHE_OK ? header->value : "";
}

static bool header_is_repeated(CURL *easy, const char *name)
{
    struct curl_header *header;
    return http_curl()->easy_header(easy, name, 1, CURLH_HEADER, -1, &header) == CURLHE_OK;
}

/* Retry-After in both forms of RFC 9110 10.2.3. A date is measured from the answer's own Date,
   since the clock here may be wrong or fixed. */
static int64_t retry_after_ms(CURL *easy)
{
    const char *text = header_of(easy, "Retry-After");
    int64_t seconds, at_ms, wait_ms;
    if (*text && text[strspn(text, "0123456789")] == '\0') {
        if (!text_to_int(text, &seconds) || seconds > CLOCK_DAY_MS / CLOCK_SECOND_MS)
            return CLOCK_DAY_MS;
        return seconds * CLOCK_SECOND_MS;
    }
    if (!clock_parse_http(text, &at_ms))
        return -1;
    int64_t now_ms;
    if (!clock_parse_http(header_of(easy, "Date"), &now_ms))
        now_ms = clock_now_ms();
    wait_ms = at_ms > now_ms ? at_ms - now_ms : 0;
    return wait_ms < CLOCK_DAY_MS ? wait_ms : CLOCK_DAY_MS;
}

/* The packing of the answer's body; false when it is none that was asked for. curl itself unpacks a
   Transfer-Encoding other than chunked, without noticing an early end, so that is refused too. */
static bool encoding_of(CURL *easy, enum zip_format *format)
{
    static const struct {
        const char *name;
        enum zip_format format;
    } known[] = {
        {"", ZIP_NONE},       {"identity", ZIP_NONE}, {"gzip", ZIP_GZIP},
        {"x-gzip", ZIP_GZIP}, {"br", ZIP_BROTLI},
    };
    const char *transfer_encoding = header_of(easy, "Transfer-Encoding");
    if (*transfer_encoding && !text_same_folded(transfer_encoding, "chunked"))
        return false;
    if (header_is_repeated(easy, "Content-Encoding"))
        return false;
    const char *name = header_of(easy, "Content-Encoding");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (text_same_folded(name, known[i].name)) {
            *format = known[i].format;
            return true;
        }
    }
    return false;
}

/* Whether an empty body is all there is to come, packed or not. */
static bool is_empty_by_right(CURL *easy, const struct buf *wire, int status)
{
    curl_off_t declared = -1;
    http_curl()->easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &declared);
    return wire->length == 0 && (declared == 0 || status == 204 || status == 304);
}

void http_answer_body(CURL *easy, struct buf *wire, struct http_response *response)
{
    static const enum http_end ends[] = {
        [ZIP_OK] = HTTP_DONE,
        [ZIP_TRUNCATED] = HTTP_CUT,
        [ZIP_CORRUPT] = HTTP_CORRUPT,
        [ZIP_TOO_BIG] = HTTP_TOO_BIG,
    };
    enum zip_format format;
    if (!encoding_of(easy, &format)) {
        http_answer_end(response, HTTP_CORRUPT,
                        "the body is encoded in a way that was not asked for");
        return;
    }
    if (format == ZIP_NONE) {
        response->body = *wire;
        buf_init(wire, HTTP_BODY_MAX);
        return;
    }
    if (is_empty_by_right(easy, wire, response->status))
        return;
    enum zip_result result = zip_unpack(format, wire->data, wire->length, &response->body);
    if (result == ZIP_OK)
        return;
    buf_release(&response->body);
    char reason[sizeof response->reason];
    snprintf(reason, sizeof reason, "the packed body is %s", zip_result_text(result));
    http_answer_end(response, ends[result], reason);
}

void http_answer_headers(CURL *easy, struct http_response *response)
{
    long status = 0;
    http_curl()->easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    response->status = (int)status;
    response->retry_after_ms = retry_after_ms(easy);
    text_sanitise(response->content_type, sizeof response->content_type,
                  header_of(easy, "Content-Type"));
}
