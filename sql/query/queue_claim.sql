-- takes the jobs that come first: the first of each priority, and of these the first
UPDATE job SET state = 1, worker = :worker, lease_ms = :lease, attempts = attempts + 1
WHERE id IN (SELECT id FROM (
    SELECT * FROM (SELECT id, rank_ms FROM job WHERE state = 0 AND priority = 0 AND rank_ms <= :now AND due_ms <= :now
                   ORDER BY rank_ms, id LIMIT :most)
    UNION ALL
    SELECT * FROM (SELECT id, rank_ms FROM job WHERE state = 0 AND priority = 1 AND rank_ms <= :now - :step AND due_ms <= :now
                   ORDER BY rank_ms, id LIMIT :most)
    UNION ALL
    SELECT * FROM (SELECT id, rank_ms FROM job WHERE state = 0 AND priority = 2 AND rank_ms <= :now - 2 * :step AND due_ms <= :now
                   ORDER BY rank_ms, id LIMIT :most))
    ORDER BY rank_ms, id LIMIT :most)
RETURNING id, event_id, attempts, priority, rank_ms
