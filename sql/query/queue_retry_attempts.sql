-- the attempts of a job that starts anew
DELETE FROM attempt WHERE job_id = :job
