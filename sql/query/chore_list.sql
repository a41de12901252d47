-- the chores that were run
SELECT name, run_ms, took_ms, good, reason FROM chore ORDER BY name
