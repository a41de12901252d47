/* The productions of Vivid Seats: one alone, or a page of a search. */
#ifndef CORE_VIVIDSEATS_PRODUCTION_H
#define CORE_VIVIDSEATS_PRODUCTION_H

#include "core/platform.h"

/* The read_production of struct platform. */
enum outcome vividseats_production_read(const struct platform_answer *answer,
                                        const char *external_id, struct event *event,
                                        struct err *err);

/* The read_page of struct platform. Items without an id or name are passed over. */
enum outcome vividseats_production_read_page(const struct platform_answer *answer,
                                             struct platform_page *page, struct err *err);

#endif
