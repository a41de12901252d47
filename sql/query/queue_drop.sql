-- a job that nobody works at is given up
DELETE FROM job WHERE id = :job AND state <> 1
