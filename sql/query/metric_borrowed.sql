-- good polls whose measures stand in a window: those in it, and later ones that borrow from it
SELECT at_ms FROM snapshot
WHERE event_id = :event AND at_ms >= :from AND outcome <= 1
  AND coalesce(metric_ms, at_ms) >= :from AND coalesce(metric_ms, at_ms) < :to
UNION
SELECT at_ms FROM snapshot
WHERE event_id = :event AND at_ms >= :from AND at_ms < :to AND outcome <= 1
ORDER BY at_ms
