/* The keys of the workstation as the config file has them. */
#ifndef CLI_BIND_H
#define CLI_BIND_H

#include <stdbool.h>

#include "base/err.h"
#include "core/conf.h"
#include "tui/keymap.h"

/* Fills a keymap from its table and the section [keys]. ERR_USAGE names the file and line. */
bool bind_keys(const struct conf *conf, struct keymap *keymap, struct err *err);

#endif
