-- the oldest batch under way
SELECT seq, uuid, tenant, topic FROM outbox_batch ORDER BY seq LIMIT 1
