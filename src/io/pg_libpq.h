/* libpq's functions, loaded when the first is called; the inner half of io/pg, not for others. */
#ifndef IO_PG_LIBPQ_H
#define IO_PG_LIBPQ_H

#include <libpq-fe.h>

struct pg_libpq {
#define X(name) __typeof__(PQ##name) *name;
#include "io/pg_libpq.def"
#undef X
};

/* The functions. When libpq cannot be loaded the program ends, see library_load(). */
const struct pg_libpq *pg_libpq(void);

#endif
