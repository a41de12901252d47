#include "core/notify_way.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "io/child.h"
#include "io/hmac.h"
#include "io/http.h"
#include "io/secret.h"
#include "io/smtp.h"

enum { LIMIT_MS = 10 * 1000 }; /* for one message on one way: a collector waits for it */

/* Text of a setting that a way cannot do without. */
static const char *needed(const struct conf *conf, enum conf_key key, struct err *err)
{
    const char *text = conf_text(conf, key);
    if (*text)
        return text;
    err_set(err, ERR_USAGE, "the setting '%s' is missing", conf_info(key)->key);
    return NULL;
}

static bool send_stderr(const struct conf *conf, const struct notify_batch *batch, struct err *err)
{
    (void)conf, (void)err;
    for (size_t i = 0; i < batch->count; i++) {
        AUTO_BUF struct buf line;
        buf_init(&line, NOTIFY_TEXT_MAX);
        notify_text_put_line(&line, &batch->alerts[i]);
        log_warn("alert %s", buf_text(&line));
    }
    return true;
}

static bool send_exec(const struct conf *conf, const struct notify_batch *batch, struct err *err)
{
    const char *command = needed(conf, CONF_ALERTS_EXEC, err);
    AUTO_BUF struct buf json;
    buf_init(&json, NOTIFY_TEXT_MAX);
    if (!command)
        return false;
    notify_text_put_json(&json, batch);
    return child_run(command, buf_text(&json), json.length, LIMIT_MS, err);
}

/* "X-Tws-Signature: sha256=<hex>", of the body under the key in the file; "" without one. */
static bool put_signature(const struct conf *conf, const struct buf *body, struct buf *out,
                          struct err *err)
{
    const char *file = conf_text(conf, CONF_ALERTS_WEBHOOK_KEY);
    AUTO_SECRET struct secret key = {0};
    unsigned char mac[HMAC_SIZE];
    if (!*file)
        return true;
    if (!secret_read(file, &key, err))
        return false;
    hmac_sha256(mac, key.text, strlen(key.text), body->data, body->length);
    buf_puts(out, "X-Tws-Signature: sha256=");
    for (size_t i = 0; i < sizeof mac; i++)
        buf_printf(out, "%02x", mac[i]);
    return true;
}

/* What an answer means; a 2xx is an arrival. */
static bool judge_answer(const struct http_response *response, struct err *err)
{
    if (response->end != HTTP_DONE)
        return err_set(err, ERR_REMOTE, "%s", response->reason);
    if (response->status / 100 != 2)
        return err_set(err, ERR_REMOTE, "it answered %d", response->status);
    return true;
}

static bool post(const struct conf *conf, const char *url, const struct http_upload *upload,
                 struct err *err)
{
    const char *ca_file = conf_text(conf, CONF_CA_FILE);
    struct http_settings settings = {
        .connect_ms = LIMIT_MS,
        .first_byte_ms = LIMIT_MS,
        .total_ms = LIMIT_MS,
        .stall_s = LIMIT_MS / 1000,
        .user_agent = "tws",
        .ca_file = *ca_file ? ca_file : NULL,
    };
    struct http_response response;
    struct http *http = http_open(&settings);
    bool ok = http_post(http, url, upload, NULL, err);
    if (ok && http_take(http, LIMIT_MS + 1000, &response)) {
        ok = judge_answer(&response, err);
        http_response_release(&response);
    } else if (ok) {
        ok = err_set(err, ERR_REMOTE, "no answer yet when it was to end");
    }
    http_close(http);
    return ok;
}

static bool send_webhook(const struct conf *conf, const struct notify_batch *batch, struct err *err)
{
    const char *url = needed(conf, CONF_ALERTS_WEBHOOK, err);
    AUTO_BUF struct buf json, signature;
    buf_init(&json, NOTIFY_TEXT_MAX);
    buf_init(&signature, 128);
    if (!url)
        return false;
    notify_text_put_json(&json, batch);
    if (!put_signature(conf, &json, &signature, err))
        return false;
    struct http_upload upload = {buf_text(&json), json.length, "application/json",
                                 signature.length ? buf_text(&signature) : NULL};
    return post(conf, url, &upload, err);
}

static bool send_mail(const struct conf *conf, const struct notify_batch *batch, struct err *err)
{
    const char *file = conf_text(conf, CONF_ALERTS_MAIL_PASSWORD);
    const char *user = conf_text(conf, CONF_ALERTS_MAIL_USER);
    const char *ca_file = conf_text(conf, CONF_CA_FILE);
    const char *from = needed(conf, CONF_ALERTS_MAIL_FROM, err);
    const char *to = from ? needed(conf, CONF_ALERTS_MAIL_TO, err) : NULL;
    AUTO_SECRET struct secret password = {0};
    AUTO_BUF struct buf mail;
    buf_init(&mail, NOTIFY_TEXT_MAX);
    if (!to || (*file && !secret_read(file, &password, err)))
        return false;
    notify_text_put_mail(&mail, batch, from, to);
    struct smtp_server server = {
        .url = conf_text(conf, CONF_ALERTS_MAIL_SERVER),
        .user = *user ? user : NULL,
        .password = password.text,
        .ca_file = *ca_file ? ca_file : NULL,
        .limit_ms = LIMIT_MS,
    };
    return smtp_send(&server, from, to, buf_text(&mail), mail.length, err);
}

const struct notify_way notify_ways[] = {
    {"stderr", send_stderr}, {"exec", send_exec}, {"webhook", send_webhook},
    {"mail", send_mail},     {NULL, NULL},
};
