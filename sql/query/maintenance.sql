-- what keeps the store quick: statistics for the planner, and a log that does not grow
PRAGMA optimize;
-- of the log as much as can be copied now: under the write lock nobody who reads is waited for
PRAGMA busy_timeout = 0;
PRAGMA wal_checkpoint(TRUNCATE);
