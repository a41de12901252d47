-- the state of a job
SELECT state FROM job WHERE id = :job
