-- marks every event that this workstation collected
INSERT INTO outbox (topic, event_id, bucket)
SELECT 0, id, 0 FROM event e
WHERE EXISTS (SELECT 1 FROM snapshot s WHERE s.event_id = e.id) OR e.state <> 2
ON CONFLICT DO NOTHING
