/* Telling systemd how a service does: sd_notify(3) by hand, which is one datagram. Nothing where systemd did not start
   it. */
#ifndef IO_NOTIFY_H
#define IO_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Sends "READY=1", "STATUS=...", "WATCHDOG=1" or the like to the socket that NOTIFY_SOCKET names. False when there is
   none or it takes nothing. */
bool notify_send(const char *state);

/* How often "WATCHDOG=1" is wanted, which is half of the time after which systemd gives up; 0: not at all. */
int64_t notify_watchdog_ms(void);

#endif
