-- a job that has failed too often, unless another worker took it over
UPDATE job SET state = 2, worker = NULL, lease_ms = NULL, ended_ms = :now, outcome = :outcome, reason = :reason
WHERE id = :job AND state = 1 AND attempts = :number
