-- takes the mark of an event away
DELETE FROM outbox WHERE topic = 0 AND event_id = :event
