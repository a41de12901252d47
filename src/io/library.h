/*
 * Shared libraries that are loaded when first called. With what they need in their turn, libcurl and
 * libmicrohttpd are thirty libraries: loading them takes five times as long as all the rest of a
 * command that reads the store, or of a completion.
 */
#ifndef IO_LIBRARY_H
#define IO_LIBRARY_H

#include <stddef.h>

/* Loads a library and writes the addresses of `count` functions into `calls`, a struct of function
   pointers in the order of `names`. A library or function that is not there ends the program with 1
   and a line on stderr: tws is not installed as a whole. */
void library_load(const char *file, const char *const *names, size_t count, void *calls);

#endif
