-- whether an event is marked
SELECT count(*) FROM outbox WHERE topic = 0 AND event_id = :event
