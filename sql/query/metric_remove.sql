-- forgets the measures of a snapshot
DELETE FROM metric WHERE event_id = :event AND at_ms = :at
