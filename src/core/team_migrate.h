/*
 * The schema of the team's database, moved forward by the embedded migrations of sql/supabase/migrations. The history is the
 * Supabase CLI's own table, read and written as the CLI does, so that both agree.
 */
#ifndef CORE_TEAM_MIGRATE_H
#define CORE_TEAM_MIGRATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "core/conf.h"
#include "core/frame.h"

/* Fills `frame` (the caller releases it) with a row a migration: version, name, state (applied, pending, and after a run that
   is no `dry_run` now applied). Applies what is pending, each in one transaction where PostgreSQL allows that, and with
   `tenant` (may be NULL) makes a tenant of that name unless there is one. Two at once are safe: the second waits and finds
   nothing to do. ERR_USAGE on port 6543, ERR_REMOTE when the database has a newer migration than this binary; what was
   applied before a failure stays applied. */
bool team_migrate(const struct conf *conf, bool dry_run, const char *tenant, struct frame *frame,
                  struct err *err);

/* Adds the statements of a text as a PostgreSQL array literal, as the CLI stores them: split at semicolons outside of quotes,
   comments and parentheses, trimmed, without the semicolon. *alone tells whether one of them cannot run in a transaction. */
void team_migrate_put_statements(const char *text, struct buf *out, bool *alone);

#endif
