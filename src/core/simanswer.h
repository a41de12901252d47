/* Answers of a simulated marketplace that are no market: errors in its words, and the faults that
 * replace or maim an answer. */
#ifndef CORE_SIMANSWER_H
#define CORE_SIMANSWER_H

#include <stdbool.h>

#include "core/simfault.h"
#include "io/httpd.h"

/* Adds a header to a reply; a BUG when there is no room for it. */
void simanswer_header(struct httpd_reply *reply, const char *name, const char *value);

/* Fills in a JSON error as the platform writes it. */
void simanswer_error(const struct httpd_request *request, int status, const char *message,
                     struct httpd_reply *reply);

/* Fills in a reply for a fault of the part ANSWER; a BUG for others. `port` is the server's own. */
void simanswer_fault(const struct simfault *fault, const struct httpd_request *request, int port,
                     struct httpd_reply *reply);

/* Packs the body as one gzip member and says so in a header. */
void simanswer_pack(struct httpd_reply *reply);

/* Makes a body that is not packed yet as large as a fault of the part TRANSPORT wants it. */
void simanswer_swell(const struct simfault *fault, struct httpd_reply *reply);

/* Maims a reply that is ready to go out by a fault of the part TRANSPORT. */
void simanswer_maim(const struct simfault *fault, struct httpd_reply *reply);

#endif
