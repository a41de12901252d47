-- first and last good poll of an event
SELECT min(at_ms), max(at_ms) FROM snapshot WHERE event_id = :event AND outcome <= 1
