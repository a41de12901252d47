-- how an event is to be polled; what is NULL stays as it is
INSERT INTO plan (event_id, every_ms, priority, since_ms)
VALUES (:event, nullif(:every, 0), coalesce(:priority, 1), coalesce(:since, 0))
ON CONFLICT DO UPDATE SET
    every_ms = CASE WHEN :every IS NULL THEN every_ms ELSE nullif(:every, 0) END,
    priority = coalesce(:priority, priority), since_ms = coalesce(:since, since_ms)
