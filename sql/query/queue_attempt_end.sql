-- how an attempt ended
UPDATE attempt SET took_ms = :took, bytes = :bytes, outcome = :outcome, reason = :reason
WHERE job_id = :job AND number = :number
