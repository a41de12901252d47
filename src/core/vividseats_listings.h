/* The listings answer of Vivid Seats: `global`, `tickets`, `groups` (zones), `sections`, `i18n`. */
#ifndef CORE_VIVIDSEATS_LISTINGS_H
#define CORE_VIVIDSEATS_LISTINGS_H

#include "core/platform.h"

/* The read_listings of struct platform. */
enum outcome vividseats_listings_read(const struct platform_answer *answer, const char *external_id,
                                      struct market *market, struct err *err);

#endif
