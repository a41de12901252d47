-- forgets all measures of an event
DELETE FROM metric WHERE event_id = :event
