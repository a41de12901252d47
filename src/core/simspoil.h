/* Spoils simulated markets on demand: those faults that lie in what an answer tells. */
#ifndef CORE_SIMSPOIL_H
#define CORE_SIMSPOIL_H

#include "core/simfault.h"
#include "core/simlistings.h"
#include "core/simmarket.h"

/* Applies a fault of the part MARKET (a BUG for others) to a market before it is written with
   `form`. The totals stay those of the sound market unless the fault is about them. */
void simspoil_market(enum simfault_kind kind, struct simmarket *market,
                     struct simlistings_form *form);

#endif
