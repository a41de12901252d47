/* Times as people and platforms write them: what is printed can be read again. */
#include "fuzz.h"

#include "base/clock.h"
#include "base/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[256], printed[CLOCK_TEXT_MAX];
    struct when_anchor anchor = {.now_ms = INT64_C(1770660000000),
                                 .event_ms = INT64_C(1775880000000)};
    struct err err = {0};
    int64_t at_ms, again_ms, span_ms;
    input_text(text, sizeof text, data, size);
    if (clock_parse(text, &at_ms))
        must(at_ms >= 0 && at_ms < CLOCK_MAX_MS &&
             clock_parse(clock_format(printed, at_ms), &again_ms) && again_ms == at_ms);
    if (!when_parse(text, &anchor, &at_ms, &err))
        must(err.code == ERR_USAGE && err.text[0] != '\0');
    if (when_parse_span(text, &span_ms, &err))
        must(span_ms >= 0);
    if (clock_parse_http(text, &at_ms))
        must(at_ms >= 0 && at_ms < CLOCK_MAX_MS);
    return 0;
}
