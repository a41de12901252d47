/* UUIDs by libuuid. */
#ifndef IO_UUID_H
#define IO_UUID_H

enum { UUID_TEXT_MAX = 37 };

/* Version 5 of `name` in RFC 4122's URL namespace, lower case; into `out` of UUID_TEXT_MAX, returned. */
char *uuid_of_name(char *out, const char *name);

/* A random one (version 4). */
char *uuid_random(char *out);

#endif
