/* The manual page, as roff, from the same tables as help. */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include "base/buf.h"

/* Adds tws(1) for man(7). Its date is that of SOURCE_DATE_EPOCH, else today's. */
void man_put(struct buf *out);

#endif
