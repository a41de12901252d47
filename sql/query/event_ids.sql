-- all events, or one
SELECT id, platform || ':' || external_id FROM event WHERE :event = 0 OR id = :event ORDER BY id
