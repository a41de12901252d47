-- the worker is alive
UPDATE job SET lease_ms = :lease WHERE state = 1 AND worker = :worker
