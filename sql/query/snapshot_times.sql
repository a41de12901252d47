-- times of the good polls in a window
SELECT at_ms, coalesce(metric_ms, at_ms) FROM snapshot
WHERE event_id = :event AND at_ms >= :from AND at_ms < :to AND outcome <= 1 ORDER BY at_ms
