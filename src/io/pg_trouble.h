/* What a server or libpq says when something fails, turned into our sentences; the inner half of io/pg. */
#ifndef IO_PG_TROUBLE_H
#define IO_PG_TROUBLE_H

#include "base/err.h"
#include "io/pg.h"

/* Sets `err` (class REMOTE) by SQLSTATE (five characters; "" when there is none) and message, and says what it asks
   for. Known messages come first: a pooler says much under one SQLSTATE. Only the message's first line is shown. */
enum pg_trouble pg_trouble_explain(const char *sqlstate, const char *message, struct err *err);

/* The same for a connection that did not come about: `message` is libpq's with verbose server errors, of which the
   SQLSTATE is read. */
enum pg_trouble pg_trouble_explain_connect(const char *message, struct err *err);

#endif
