-- every poll of an event
SELECT at_ms, outcome, rejected, took_ms, bytes, reason FROM snapshot
WHERE event_id = :event ORDER BY at_ms
