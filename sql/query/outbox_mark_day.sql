-- marks the hours (grain 0) of a day of an event, or the day itself, whether or not anything of them is here
WITH RECURSIVE bucket (number, until) AS (
    VALUES (CASE :grain WHEN 0 THEN :day * 24 ELSE :day END, CASE :grain WHEN 0 THEN :day * 24 + 23 ELSE :day END)
    UNION ALL SELECT number + 1, until FROM bucket WHERE number < until
)
INSERT INTO outbox (topic, event_id, bucket, replaced) SELECT 1 + :grain, :event, number, 1 FROM bucket WHERE true
ON CONFLICT DO UPDATE SET batch = NULL, replaced = 1
