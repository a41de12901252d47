/* Mail by libcurl, handed to one server. */
#ifndef IO_SMTP_H
#define IO_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct smtp_server {
    const char *
        url; /* "smtp://host:port", which must offer TLS unless it is this machine; "smtps://host" */
    const char *user, *password; /* NULL: none is asked for */
    const char *ca_file;         /* NULL: the system's */
    int limit_ms;                /* for all of it */
};

/* Hands a whole RFC 5322 message, lines ended by CRLF, to a server for each address of a list with commas. ERR_REMOTE in the words
   of libcurl, without user and password; a stop that is requested ends it. */
bool smtp_send(const struct smtp_server *server, const char *from, const char *to,
               const char *message, size_t length, struct err *err);

#endif
