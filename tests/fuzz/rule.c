/* A rule: it is understood, and then within its limits and shown, or refused with a place and what is allowed. */
#include "fuzz.h"

#include "base/text.h"
#include "core/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[RULE_TEXT_MAX + 16];
    struct rule rule;
    struct err err = {0};
    AUTO_BUF struct buf shown;
    buf_init(&shown, 1 << 12);
    input_text(text, sizeof text, data, size);
    if (!rule_parse(text, &rule, &err)) {
        must(err.code == ERR_USAGE && strncmp(err.text, "character ", 10) == 0 && err.hint[0]);
        return 0;
    }
    must(rule.threshold >= 0 && rule.within_ms >= 0);
    must(rule.people >= 0 && rule.people <= MEASURES_SIZES);
    must((rule.reach == RULE_ONE) == (rule.event[0] != '\0'));
    must(strlen(rule.zone) < sizeof rule.zone && strlen(rule.section) < sizeof rule.section);
    rule_put_value(&shown, rule.unit, rule.threshold, "USD");
    rule_put_number(&shown, rule.unit, rule.threshold);
    must(!shown.overflow && shown.length > 0);
    must(!rule_holds(&rule, rule.threshold - 1, rule.threshold) ||
         !rule_holds(&rule, rule.threshold + 1, rule.threshold));
    return 0;
}
