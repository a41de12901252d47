/* The schema of the local store, moved forward by the embedded migrations and never back. */
#ifndef CORE_MIGRATE_H
#define CORE_MIGRATE_H

#include <stdbool.h>

#include "base/err.h"
#include "io/db.h"

/* The schema version that this binary knows. */
int migrate_known_version(void);

/* Checks that a database is a store of tws, however old or new, or has nothing in it yet. ERR_STORE when it is somebody
   else's. */
bool migrate_accept(struct db *db, struct err *err);

/* Applies what is missing, one transaction a migration, its checksum recorded inside it. A newer schema, a changed old
   migration, or a database that is somebody else's is refused (ERR_STORE) and left as it is. */
bool migrate_forward(struct db *db, struct err *err);

/* Checks that the schema is exactly this binary's, for readers. */
bool migrate_check(struct db *db, struct err *err);

#endif
