-- every poll of an event in a window
SELECT at_ms, outcome FROM snapshot
WHERE event_id = :event AND at_ms >= :from AND at_ms < :to ORDER BY at_ms
