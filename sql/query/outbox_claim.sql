-- puts what waits of a topic, behind one entry and up to another, into a batch
UPDATE outbox SET batch = :batch
WHERE topic = :topic AND batch IS NULL AND (event_id, bucket) > (:after_event, :after_bucket)
  AND (event_id, bucket) <= (:event, :bucket)
