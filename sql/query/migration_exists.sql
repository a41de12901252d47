-- whether the store has ever been migrated
SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migration'
