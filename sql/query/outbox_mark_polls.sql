-- marks the polls from a time on
INSERT INTO outbox (topic, event_id, bucket)
SELECT DISTINCT 3, event_id, at_ms / 3600000 FROM snapshot WHERE at_ms >= :from / 3600000 * 3600000
ON CONFLICT DO NOTHING
