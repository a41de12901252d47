-- a job that waits for another attempt
UPDATE job SET state = 0, worker = NULL, lease_ms = NULL, attempts = :attempts, due_ms = :due, outcome = :outcome, reason = :reason
WHERE id = :job AND state = 1
