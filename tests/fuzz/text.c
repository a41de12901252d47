/* Names from outside: what is kept is UTF-8 without anything that moves a terminal; money and numbers are strict. */
#include "fuzz.h"

#include "base/money.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[1024], safe[128], clipped[512], printed[MONEY_TEXT_MAX];
    int64_t minor, again, number;
    input_text(text, sizeof text, data, size);
    text_sanitise(safe, sizeof safe, text);
    must(text_is_utf8(safe, strlen(safe)));
    for (const char *at = safe; *at;) {
        uint32_t character = text_next(&at);
        must(character >= 0x20 && character != 0x7f && (character < 0x80 || character > 0x9f));
        must((character < 0x202a || character > 0x202e) &&
             (character < 0x2066 || character > 0x2069));
    }
    int columns = size > 0 ? data[0] % 40 : 0;
    must(text_clip(clipped, sizeof clipped, safe, columns, false) <= columns);
    must(text_width(clipped) <= columns);
    if (money_parse(text, &minor))
        must(minor >= 0 && minor <= MONEY_LIMIT &&
             money_parse(money_format(printed, minor), &again) && again == minor);
    text_to_int(text, &number);
    return 0;
}
