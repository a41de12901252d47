-- jobs whose worker was lost too often
UPDATE job SET state = 2, worker = NULL, lease_ms = NULL, ended_ms = :now, outcome = NULL, reason = 'its worker was lost'
WHERE state = 1 AND attempts >= :most
