-- takes the jobs that come first
UPDATE job SET state = 1, worker = :worker, lease_ms = :lease, attempts = attempts + 1
WHERE id IN (SELECT id FROM job WHERE state = 0 AND due_ms <= :now ORDER BY rank_ms, id LIMIT :most)
RETURNING id, event_id, attempts, priority
