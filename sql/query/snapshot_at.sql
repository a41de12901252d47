-- the poll of an event at a time
SELECT at_ms, outcome, metric_ms, body_hash, rejected FROM snapshot
WHERE event_id = :event AND at_ms = :at
