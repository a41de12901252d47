-- tables and indexes in the file, to tell an empty one from somebody else's
SELECT count(*) FROM sqlite_schema
