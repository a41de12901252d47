#include "io/smtp.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/stop.h"
#include "io/http.h"
#include "io/http_curl.h"

struct upload {
    const char *at;
    size_t left;
};

static size_t give(char *out, size_t size, size_t count, void *context)
{
    struct upload *upload = context;
    size_t length = size * count < upload->left ? size * count : upload->left;
    memcpy(out, upload->at, length);
    upload->at += length;
    upload->left -= length;
    return length;
}

static int ask_to_go_on(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)context, (void)a, (void)b, (void)c, (void)d;
    return stop_requested() != 0;
}

/* Whether the server is this machine, where nobody listens in between. */
static bool is_local(const char *url)
{
    char as_http[512];
    snprintf(as_http, sizeof as_http, "http%s", strstr(url, "://"));
    return http_is_loopback(as_http);
}

static struct curl_slist *list_addresses(const char *to)
{
    struct curl_slist *list = NULL;
    while (*(to += strspn(to, ", "))) {
        char address[256];
        size_t length = strcspn(to, ", ");
        snprintf(address, sizeof address, "<%.*s>", (int)length, to);
        list = mem_need(http_curl()->slist_append(list, address));
        to += length;
    }
    return list;
}

static void set_options(CURL *easy, const struct smtp_server *server, struct upload *upload,
                        char *error)
{
    const struct http_curl *curl = http_curl();
    curl->easy_setopt(easy, CURLOPT_URL, server->url);
    curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl->easy_setopt(easy, CURLOPT_USE_SSL,
                      (long)(is_local(server->url) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl->easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)server->limit_ms);
    curl->easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl->easy_setopt(easy, CURLOPT_READFUNCTION, give);
    curl->easy_setopt(easy, CURLOPT_READDATA, upload);
    curl->easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl->easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, ask_to_go_on);
    curl->easy_setopt(easy, CURLOPT_ERRORBUFFER, error);
    if (server->user)
        curl->easy_setopt(easy, CURLOPT_USERNAME, server->user);
    if (server->password)
        curl->easy_setopt(easy, CURLOPT_PASSWORD, server->password);
    if (server->ca_file)
        curl->easy_setopt(easy, CURLOPT_CAINFO, server->ca_file);
}

bool smtp_send(const struct smtp_server *server, const char *from, const char *to,
               const char *message, size_t length, struct err *err)
{
    const struct http_curl *curl = http_curl();
    struct upload upload = {message, length};
    char error[CURL_ERROR_SIZE] = "", sender[256];
    snprintf(sender, sizeof sender, "<%s>", from);
    http_curl_start();
    CURL *easy = mem_need(curl->easy_init());
    struct curl_slist *addresses = list_addresses(to);
    set_options(easy, server, &upload, error);
    curl->easy_setopt(easy, CURLOPT_MAIL_FROM, sender);
    curl->easy_setopt(easy, CURLOPT_MAIL_RCPT, addresses);
    CURLcode code = curl->easy_perform(easy);
    curl->easy_cleanup(easy);
    curl->slist_free_all(addresses);
    curl->global_cleanup();
    return code == CURLE_OK ||
           err_set(err, ERR_REMOTE, "%s", error[0] ? error : curl->easy_strerror(code));
}
