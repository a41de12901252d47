-- whether the store has ever been migrated; somebody else may have a table of that name
SELECT count(*) FROM sqlite_schema
WHERE type = 'table' AND name = 'migration' AND sql LIKE '%sha256%applied_ms%'
