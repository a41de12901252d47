/* The tickets of a simulated market in Vivid Seats' wire format: the hot half of the listings
 * document. */
#ifndef CORE_SIMWIRE_H
#define CORE_SIMWIRE_H

#include <stdint.h>

#include "base/buf.h"
#include "core/simmarket.h"

/* Adds the elements of `tickets` in the market's order, about 700 bytes each. */
void simwire_put_tickets(const struct simmarket *market, struct buf *out);

/* The platform's id of a zone. */
int64_t simwire_group_id(const struct simmarket *market, int zone);

#endif
