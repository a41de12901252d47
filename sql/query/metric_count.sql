-- how many rows of measures an event has
SELECT count(*) FROM metric WHERE event_id = :event
