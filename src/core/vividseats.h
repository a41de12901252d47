/* Vivid Seats, by the "hermes" API that its own pages use. */
#ifndef CORE_VIVIDSEATS_H
#define CORE_VIVIDSEATS_H

#include "core/platform.h"

/* The adapter; static. */
const struct platform *vividseats_platform(void);

#endif
