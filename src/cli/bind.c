#include "cli/bind.h"

bool bind_keys(const struct conf *conf, struct keymap *keymap, struct err *err)
{
    size_t count;
    const struct conf_line *bindings = conf_bindings(conf, &count);
    keymap_init(keymap);
    for (size_t i = 0; i < count; i++)
        if (!keymap_bind(keymap, bindings[i].name, bindings[i].text, err))
            return err_wrap(err, "%s:%d", conf_path(conf), bindings[i].line);
    return true;
}
