#include "core/simanswer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "io/json.h"
#include "io/zip.h"

enum {
    PACK_LEVEL = 1, /* the simulator shares its processor with what it is to measure */
    GIANT_BYTES = 17 << 20,
    BOMB_PIECE = 1 << 20, /* packs to 1 KiB */
    BOMB_PIECES = 1024,
    DEEP_LEVELS = 100000,
};

void simanswer_header(struct httpd_reply *reply, const char *name, const char *value)
{
    for (size_t i = 0; i < sizeof reply->headers / sizeof *reply->headers; i++) {
        if (*reply->headers[i][0])
            continue;
        snprintf(reply->headers[i][0], sizeof reply->headers[i][0], "%s", name);
        snprintf(reply->headers[i][1], sizeof reply->headers[i][1], "%s", value);
        return;
    }
    BUG("no room for the header '%s'", name);
}

static const char *status_word(int status)
{
    static const struct {
        int status;
        const char *word;
    } words[] = {
        {400, "Bad Request"},         {401, "Unauthorized"},      {404, "Not Found"},
        {405, "Method Not Allowed"},  {429, "Too Many Requests"}, {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].status == status)
            return words[i].word;
    }
    return "Error";
}

void simanswer_error(const struct httpd_request *request, int status, const char *message,
                     struct httpd_reply *reply)
{
    char at[CLOCK_TEXT_MAX];
    reply->status = status;
    buf_printf(&reply->body, "{\"timestamp\":\"%s\",\"status\":%d,\"error\":\"%s\",\"message\":",
               clock_format(at, clock_now_ms()), status, status_word(status));
    json_put_string(&reply->body, message);
    buf_puts(&reply->body, ",\"path\":");
    json_put_string(&reply->body, httpd_path(request));
    buf_puts(&reply->body, "}");
}

/* --- instead of an answer --- */

static const char challenge_page[] =
    "<!DOCTYPE html>\n<html><head><title>Challenge Validation</title></head>\n"
    "<body><h1>Please verify you are human</h1>\n<p>Unusual activity was seen from your network. "
    "Access denied "
    "until the captcha is solved.</p>\n<script "
    "src=\"/_sec/cp_challenge/verify.js\"></script></body></html>\n";

static const char other_page[] = "<!DOCTYPE html>\n<html><head><title>Back soon</title></head>\n"
                                 "<body><h1>We are polishing the seats.</h1></body></html>\n";

static void put_page(const char *page, const char *content_type, int status,
                     struct httpd_reply *reply)
{
    reply->status = status;
    reply->content_type = content_type;
    buf_puts(&reply->body, page);
}

/* IMF-fixdate, RFC 9110 5.6.7. */
static void put_http_date(char *out, size_t size, int64_t at_ms)
{
    static const char days[] = "SunMonTueWedThuFriSat",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c = clock_civil_utc(at_ms);
    snprintf(out, size, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * c.weekday, c.day,
             months + 3 * (c.month - 1), c.year, c.hour, c.minute, c.second);
}

static void refuse_for_now(const struct simfault *fault, const struct httpd_request *request,
                           int status, struct httpd_reply *reply)
{
    char date[64];
    simanswer_error(request, status, "Please try again later", reply);
    if (*fault->retry_after)
        simanswer_header(reply, "Retry-After", fault->retry_after);
    if (fault->retry_date_s >= 0) {
        put_http_date(date, sizeof date, clock_now_ms() + fault->retry_date_s * CLOCK_SECOND_MS);
        simanswer_header(reply, "Retry-After", date);
    }
}

/* The mark in the new place keeps faults away from it. */
static void redirect(const char *origin, const char *mark, const struct httpd_request *request,
                     struct httpd_reply *reply)
{
    char place[sizeof reply->headers[0][1]];
    const char *id = httpd_query(request, "productionId");
    snprintf(place, sizeof place, "%s%.60s?%s%.20s%s%s", origin, httpd_path(request),
             id ? "productionId=" : "", id ? id : "", id && *mark ? "&" : "", mark);
    reply->status = 302;
    simanswer_header(reply, "Location", place);
}

/* Two names of one machine are two hosts to a client. */
static void redirect_other(const struct httpd_request *request, int port, struct httpd_reply *reply)
{
    char origin[64];
    const char *host = httpd_header(request, "Host");
    bool by_number = host && strncmp(host, "127.", 4) == 0;
    snprintf(origin, sizeof origin, "http://%s:%d", by_number ? "localhost" : "127.0.0.1", port);
    redirect(origin, "redirected=1", request, reply);
}

static void put_bomb(struct httpd_reply *reply)
{
    AUTO_BUF struct buf piece, packed;
    buf_init(&piece, BOMB_PIECE);
    buf_init(&packed, BOMB_PIECE);
    memset(buf_reserve(&piece, BOMB_PIECE), ' ', BOMB_PIECE);
    piece.length = BOMB_PIECE;
    zip_pack_gzip(piece.data, piece.length, 9, &packed);
    for (int i = 0; i < BOMB_PIECES; i++)
        buf_add(&reply->body, packed.data, packed.length);
    simanswer_header(reply, "Content-Encoding", "gzip");
}

static void put_deep(struct httpd_reply *reply)
{
    for (int i = 0; i < 2 * DEEP_LEVELS; i++)
        buf_putc(&reply->body, i < DEEP_LEVELS ? '[' : ']');
}

void simanswer_fault(const struct simfault *fault, const struct httpd_request *request, int port,
                     struct httpd_reply *reply)
{
    /* a few of many; the other faults are not of this part */
    enum simfault_kind kind = fault->kind;
    if (kind == SIMFAULT_BLOCKED)
        put_page(challenge_page, "text/html; charset=utf-8", 403, reply);
    else if (kind == SIMFAULT_CHALLENGE200)
        put_page(challenge_page, "application/json", 200, reply);
    else if (kind == SIMFAULT_HTML)
        put_page(other_page, "text/html; charset=utf-8", 200, reply);
    else if (kind == SIMFAULT_NULL_BODY)
        put_page("null", "application/json", 200, reply);
    else if (kind == SIMFAULT_EMPTYBODY)
        put_page("", "application/json", 200, reply);
    else if (kind == SIMFAULT_UNAUTHORIZED)
        simanswer_error(request, 401, "Full authentication is required", reply);
    else if (kind == SIMFAULT_NOT_FOUND)
        simanswer_error(request, 404, "Production not found", reply);
    else if (kind == SIMFAULT_BROKEN)
        simanswer_error(request, 500, "Unexpected error", reply);
    else if (kind == SIMFAULT_LIMITED)
        refuse_for_now(fault, request, 429, reply);
    else if (kind == SIMFAULT_UNAVAILABLE)
        refuse_for_now(fault, request, 503, reply);
    else if (kind == SIMFAULT_REDIRECT)
        redirect("", "redirected=1", request, reply);
    else if (kind == SIMFAULT_REDIRECT_LOOP)
        redirect("", "", request, reply);
    else if (kind == SIMFAULT_REDIRECT_OTHER)
        redirect_other(request, port, reply);
    else if (kind == SIMFAULT_BOMB)
        put_bomb(reply);
    else if (kind == SIMFAULT_DEEP)
        put_deep(reply);
    else
        BUG("fault '%s' is no answer", simfault_word(kind));
}

/* --- a good answer, maimed --- */

void simanswer_pack(struct httpd_reply *reply)
{
    struct buf packed;
    buf_init(&packed, reply->body.cap);
    if (!zip_pack_gzip(buf_text(&reply->body), reply->body.length, PACK_LEVEL, &packed))
        BUG("%zu bytes do not fit when packed", reply->body.length);
    buf_release(&reply->body);
    reply->body = packed;
    simanswer_header(reply, "Content-Encoding", "gzip");
}

void simanswer_swell(const struct simfault *fault, struct httpd_reply *reply)
{
    if (fault->kind != SIMFAULT_GIANT || reply->body.length >= GIANT_BYTES)
        return;
    size_t extra = GIANT_BYTES - reply->body.length;
    memset(buf_reserve(&reply->body, extra), ' ', extra);
    reply->body.length += extra;
}

void simanswer_maim(const struct simfault *fault, struct httpd_reply *reply)
{
    size_t middle = reply->body.length / 2;
    if (fault->kind == SIMFAULT_SLOW)
        reply->first_byte_ms = (int)fault->ms;
    if (fault->kind == SIMFAULT_TRICKLE)
        reply->trickle_bytes_s = (int)fault->bytes_s;
    if (fault->kind == SIMFAULT_CUT)
        reply->cut_after = fault->after >= 0 ? fault->after : (int64_t)middle;
    if (fault->kind == SIMFAULT_TRUNCGZIP)
        reply->body.length = middle;
    for (size_t i = middle;
         fault->kind == SIMFAULT_BADGZIP && i < middle + 16 && i < reply->body.length; i++)
        reply->body.data[i] = (char)(reply->body.data[i] ^ 0x55);
}
