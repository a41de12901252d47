-- the polls of a batch
SELECT o.event_id, e.platform || ':' || e.external_id, s.at_ms, s.outcome, s.rejected, s.took_ms, s.bytes, s.reason
FROM outbox o
JOIN event e ON e.id = o.event_id
JOIN snapshot s ON s.event_id = o.event_id AND s.at_ms >= o.bucket * 3600000 AND s.at_ms < (o.bucket + 1) * 3600000
WHERE o.topic = 3 AND o.batch = :batch
ORDER BY o.event_id, s.at_ms
