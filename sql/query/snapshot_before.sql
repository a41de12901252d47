-- the last good poll before a time
SELECT at_ms, outcome, metric_ms, body_hash, rejected FROM snapshot
WHERE event_id = :event AND at_ms < :at AND outcome <= 1
ORDER BY at_ms DESC LIMIT 1
