-- what keeps the store quick: statistics for the planner, and a log that does not grow
PRAGMA optimize;
PRAGMA wal_checkpoint(TRUNCATE);
