-- when a chore was last run
SELECT run_ms FROM chore WHERE name = :name
