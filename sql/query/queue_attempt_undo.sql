-- an attempt that never was
DELETE FROM attempt WHERE job_id = :job AND number = :number
