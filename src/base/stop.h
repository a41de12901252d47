/* Asked to stop: SIGINT, SIGTERM and SIGHUP set a flag that every long loop looks at. */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdbool.h>

#include "base/err.h"

/* Installs the handlers; ignores SIGPIPE and SIGXFSZ, which become write errors. A second SIGINT ends the
   process at once, as the default would. */
void stop_install(void);

/* The signal that asked, or 0. */
int stop_requested(void);

/* The error class of ending because of it: INTERRUPTED for SIGINT, else TERMINATED. */
enum err_code stop_error(void);

/* A descriptor that becomes readable when a stop is requested, for poll(); -1 before stop_install(). */
int stop_fd(void);

/* From now on SIGHUP asks for something else than to stop: for a service that reads its settings again. It stays
   ignored where it was. */
void stop_separate_hangup(void);

/* Whether a SIGHUP came since the last call. */
bool stop_take_hangup(void);

/* Forgets a request: for tests and for commands that treat Ctrl-C as "enough". */
void stop_reset(void);

#endif
