#include "tui/screen.h"

#include "base/err.h"

const struct screen *screen_form(enum screen_id id)
{
    static const struct screen *const forms[SCREEN_COUNT] = {
#define X(name, NAME) [SCREEN_##NAME] = &screen_##name,
#include "tui/screen.def"
#undef X
    };
    if (id >= SCREEN_COUNT)
        BUG("screen %d", (int)id);
    return forms[id];
}
