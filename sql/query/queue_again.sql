-- a job that waits for another attempt, unless another worker took it over
UPDATE job SET state = 0, worker = NULL, lease_ms = NULL, attempts = :attempts, due_ms = :due, rank_ms = coalesce(:rank, rank_ms), outcome = :outcome, reason = :reason
WHERE id = :job AND state = 1 AND attempts = :number
