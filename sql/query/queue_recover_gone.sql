-- jobs of events that are not tracked any more
DELETE FROM job WHERE state = 0 AND event_id NOT IN (SELECT id FROM event WHERE state = 0)
