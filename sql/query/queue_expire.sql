-- jobs of other workers whose lease has run out wait again
UPDATE job SET state = 0, worker = NULL, lease_ms = NULL
WHERE state = 1 AND worker <> :worker AND lease_ms < :now
