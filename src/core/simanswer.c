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

/* IMF-fixdate, RFC 9110 5.6.7. */
static void put_http_date(char *out, size_t size, int64_t at_ms)
{
    static const char days[] = "SunMonTueWedThuFriSat",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c = clock_civil_utc(at_ms);
    snprintf(out, size, "%.3s, %02d %.3s %04d %02d:%02d:%02d GMT", days + 3 * c.weekday, c.day,
             months + 3 * (c.month - 1), c.year, c.hour, c.minute, c.second);
}

static void put_retry_after(const struct simfault *fault, struct httpd_reply *reply)
{
    char date[64];
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

/* Faults that are a page, and faults that are an error. */
static const struct {
    enum simfault_kind kind;
    int status;
    const char *content_type, *page;
} pages[] = {
    {SIMFAULT_BLOCKED, 403, "text/html; charset=utf-8", challenge_page},
    {SIMFAULT_CHALLENGE200, 200, "application/json", challenge_page},
    {SIMFAULT_HTML, 200, "text/html; charset=utf-8", other_page},
    {SIMFAULT_NULL_BODY, 200, "application/json", "null"},
    {SIMFAULT_EMPTYBODY, 200, "application/json", ""},
};

static const struct {
    enum simfault_kind kind;
    int status;
    const char *message;
} errors[] = {
    {SIMFAULT_UNAUTHORIZED, 401, "Full authentication is required"},
    {SIMFAULT_NOT_FOUND, 404, "Production not found"},
    {SIMFAULT_LIMITED, 429, "Please try again later"},
    {SIMFAULT_BROKEN, 500, "Unexpected error"},
    {SIMFAULT_UNAVAILABLE, 503, "Please try again later"},
};

static bool put_page(enum simfault_kind kind, struct httpd_reply *reply)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        if (pages[i].kind != kind)
            continue;
        reply->status = pages[i].status;
        reply->content_type = pages[i].content_type;
        return buf_puts(&reply->body, pages[i].page);
    }
    return false;
}

static bool put_error(const struct simfault *fault, const struct httpd_request *request,
                      struct httpd_reply *reply)
{
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (errors[i].kind != fault->kind)
            continue;
        simanswer_error(request, errors[i].status, errors[i].message, reply);
        put_retry_after(fault, reply);
        return true;
    }
    return false;
}

void simanswer_fault(const struct simfault *fault, const struct httpd_request *request, int port,
                     struct httpd_reply *reply)
{
    if (put_page(fault->kind, reply) || put_error(fault, request, reply))
        return;
    if (fault->kind == SIMFAULT_REDIRECT)
        redirect("", "redirected=1", request, reply);
    else if (fault->kind == SIMFAULT_REDIRECT_LOOP)
        redirect("", "", request, reply);
    else if (fault->kind == SIMFAULT_REDIRECT_OTHER)
        redirect_other(request, port, reply);
    else if (fault->kind == SIMFAULT_BOMB)
        put_bomb(reply);
    else if (fault->kind == SIMFAULT_DEEP)
        put_deep(reply);
    else
        BUG("fault '%s' is no answer", simfault_word(fault->kind));
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
