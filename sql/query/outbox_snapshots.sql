-- the hours of a batch whose snapshots are to be measured
SELECT o.event_id, e.platform || ':' || e.external_id, e.currency, o.bucket
FROM outbox o JOIN event e ON e.id = o.event_id
WHERE o.topic = 4 AND o.batch = :batch
ORDER BY o.event_id, o.bucket
