-- marks hours and days from a time on
INSERT INTO outbox (topic, event_id, bucket, replaced)
SELECT 1 + grain, event_id, bucket, 1 FROM rollup
WHERE kind = 0 AND source_id = 1 AND bucket >= CASE grain WHEN 0 THEN :from / 3600000 ELSE :from / 86400000 END
ON CONFLICT DO NOTHING
