-- since when the oldest entry up to a topic is not confirmed
SELECT min(since_ms) FROM outbox WHERE topic <= :topic
