-- hours (grain 0) or days of a source of an event from a bucket on, by day, kind, name and bucket
SELECT CASE :grain WHEN 0 THEN r.bucket / 24 ELSE r.bucket END AS day, r.kind,
    CASE r.kind WHEN 0 THEN '*' WHEN 1 THEN z.name ELSE s.name END AS scope,
    r.bucket * CASE :grain WHEN 0 THEN 3600 ELSE 86400 END, e.currency,
    r.snapshots, r.last_offset, r.tickets, r.listings, r.lowest, r.highest, r.count, r.sum, r.min, r.max,
    r.median_x2, r.min_1, r.min_2, r.min_4, r.ai_count, r.ai_sum, r.ai_min, r.ai_max, r.ai_median_x2,
    r.ai_min_1, r.ai_min_2, r.ai_min_4
FROM rollup r
JOIN event e ON e.id = r.event_id
LEFT JOIN zone z ON r.kind = 1 AND z.id = r.scope_id
LEFT JOIN section s ON r.kind = 2 AND s.id = r.scope_id
WHERE r.event_id = :event AND r.grain = :grain AND r.kind IN (0, 1, 2) AND r.bucket >= :from
  AND r.source_id = :source
ORDER BY day, r.kind, scope, r.bucket
