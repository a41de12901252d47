-- the measures of the polls of a batch wait now
INSERT INTO outbox (topic, event_id, bucket) SELECT 4, event_id, bucket FROM outbox WHERE topic = 3 AND batch = :batch
ON CONFLICT DO UPDATE SET batch = NULL
