-- a job for an event that has none under way
INSERT INTO job (event_id, state, priority, added_ms, due_ms, rank_ms)
VALUES (:event, 0, :priority, :now, :now, :rank)
ON CONFLICT DO NOTHING
