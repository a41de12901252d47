-- whether an event is marked
SELECT 1 FROM outbox WHERE topic = 0 AND event_id = :event
