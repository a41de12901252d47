-- a dead letter gets all its attempts again, unless its event has another job under way
UPDATE job SET state = 0, ended_ms = NULL, due_ms = :now, rank_ms = 0, attempts = 0
WHERE id = :job AND state = 2 AND NOT EXISTS (SELECT 1 FROM job o WHERE o.event_id = job.event_id AND o.state < 2)
