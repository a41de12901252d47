#include "core/notify_text.h"

#include <string.h>

#include "base/clock.h"
#include "io/json.h"
#include "io/uuid.h"

void notify_text_put_line(struct buf *out, const struct notify_alert *alert)
{
    buf_printf(out, "%s: ", alert->name);
    rule_put_value(out, alert->rule.unit, alert->value, alert->currency);
    buf_printf(out, " (%s", alert->text);
    if (alert->rule.measure == RULE_NEW_LOW) {
        buf_puts(out, ", before ");
        rule_put_value(out, alert->rule.unit, alert->threshold, alert->currency);
    }
    buf_putc(out, ')');
    if (alert->event_name[0])
        buf_printf(out, ", %s", alert->event_name);
    if (alert->event[0])
        buf_printf(out, ", %s", alert->event);
}

static void put_text(struct buf *out, const char *key, const char *text)
{
    buf_printf(out, ",\"%s\":", key);
    json_put_string(out, *text ? text : NULL);
}

static void put_time(struct buf *out, const char *key, int64_t at_ms)
{
    char text[CLOCK_TEXT_MAX] = "";
    if (at_ms != EVENT_NO_DATE)
        clock_format(text, at_ms);
    put_text(out, key, text);
}

static void put_number(struct buf *out, const char *key, const struct notify_alert *alert,
                       int64_t value)
{
    buf_printf(out, ",\"%s\":", key);
    rule_put_number(out, alert->rule.unit, value);
}

static void put_alert(struct buf *out, const struct notify_alert *alert)
{
    AUTO_BUF struct buf line;
    buf_init(&line, NOTIFY_TEXT_MAX);
    notify_text_put_line(&line, alert);
    buf_printf(out, "{\"id\":%lld", (long long)alert->id);
    put_text(out, "name", alert->name);
    put_text(out, "rule", alert->text);
    put_text(out, "unit", rule_unit_word(alert->rule.unit));
    put_text(out, "currency", alert->currency);
    put_number(out, "value", alert, alert->value);
    put_number(out, "threshold", alert, alert->threshold);
    put_time(out, "fired", alert->fired_ms);
    put_text(out, "event", alert->event);
    put_text(out, "event_name", alert->event_name);
    put_text(out, "venue", alert->venue);
    put_time(out, "date", alert->date_ms);
    put_text(out, "url", alert->url);
    put_text(out, "text", buf_text(&line));
    buf_putc(out, '}');
}

void notify_text_put_json(struct buf *out, const struct notify_batch *batch)
{
    char sent[CLOCK_TEXT_MAX];
    buf_printf(out, "{\"sent\":\"%s\",\"alerts\":[", clock_format(sent, batch->now_ms));
    for (size_t i = 0; i < batch->count; i++) {
        buf_puts(out, i ? "," : "");
        put_alert(out, &batch->alerts[i]);
    }
    buf_puts(out, "]}\n");
}

/* "Mon, 09 Feb 2026 18:00:00 +0000" */
static void put_mail_date(struct buf *out, int64_t at_ms)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil at = clock_civil_utc(at_ms);
    buf_printf(out, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000\r\n", days + at.weekday * 3,
               at.day, months + (at.month - 1) * 3, at.year, at.hour, at.minute, at.second);
}

void notify_text_put_mail(struct buf *out, const struct notify_batch *batch, const char *from,
                          const char *to)
{
    char uuid[UUID_TEXT_MAX];
    put_mail_date(out, batch->now_ms);
    buf_printf(out, "From: %s\r\nTo: %s\r\nSubject: tws: %s", from, to, batch->alerts[0].name);
    if (batch->count > 1)
        buf_printf(out, " and %zu more", batch->count - 1);
    buf_printf(out,
               "\r\nMessage-ID: <%s@tws>\r\nMIME-Version: 1.0\r\n"
               "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
               "Auto-Submitted: auto-generated\r\n\r\n",
               uuid_random(uuid));
    for (size_t i = 0; i < batch->count; i++) {
        notify_text_put_line(out, &batch->alerts[i]);
        buf_printf(out, "\r\n%s%s", batch->alerts[i].url, batch->alerts[i].url[0] ? "\r\n" : "");
    }
}
