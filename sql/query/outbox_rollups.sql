-- the hours (topic 1) or days (topic 2) of a batch, those of a scope together, as the primary key there has them; a bucket that has no
-- rows any more gives one of nulls
SELECT o.event_id, e.platform || ':' || e.external_id, e.currency, o.bucket, o.replaced, r.kind,
    CASE r.kind WHEN 0 THEN '*' WHEN 1 THEN z.name ELSE s.name END,
    r.snapshots, r.last_offset, r.tickets, r.listings, r.lowest, r.highest,
    r.count, r.sum, r.min, r.max, r.median_x2, r.min_1, r.min_2, r.min_4,
    r.ai_count, r.ai_sum, r.ai_min, r.ai_max, r.ai_median_x2, r.ai_min_1, r.ai_min_2, r.ai_min_4
FROM outbox o
JOIN event e ON e.id = o.event_id
LEFT JOIN rollup r ON r.event_id = o.event_id AND r.grain = o.topic - 1 AND r.kind IN (0, 1, 2) AND r.bucket = o.bucket
    AND r.source_id = 1
LEFT JOIN zone z ON r.kind = 1 AND z.id = r.scope_id
LEFT JOIN section s ON r.kind = 2 AND s.id = r.scope_id
WHERE o.topic = :topic AND o.batch = :batch
ORDER BY o.event_id, r.kind, 7, o.bucket
