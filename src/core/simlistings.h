/* A simulated market as Vivid Seats' listings document: the keys, their order and the types of the
 * real one, compact. */
#ifndef CORE_SIMLISTINGS_H
#define CORE_SIMLISTINGS_H

#include <stdbool.h>

#include "base/buf.h"
#include "core/simmarket.h"

/* What a document may lack. Zeroed: nothing. */
struct simlistings_form {
    bool no_global;     /* `global` is [] */
    bool no_tickets;    /* there is no `tickets` */
    bool empty_tickets; /* `tickets` is [] whatever the totals say */
};

/* Adds the document of a market, about 700 bytes a listing. False when it passes the cap of `out`.
 */
bool simlistings_put(const struct simmarket *market, const struct simlistings_form *form,
                     struct buf *out);

#endif
