-- the buckets of one scope: found one by one beside the event's, not by a scan of its kind
SELECT r.bucket, r.scope_id, r.source_id, r.snapshots, r.last_offset, r.tickets, r.listings, r.lowest, r.highest,
    r.count, r.sum, r.min, r.max, r.median_x2, r.quarter, r.min_1, r.min_2, r.min_4,
    r.ai_count, r.ai_sum, r.ai_min, r.ai_max, r.ai_median_x2, r.ai_quarter, r.ai_min_1, r.ai_min_2, r.ai_min_4
FROM rollup e CROSS JOIN rollup r
  ON r.event_id = e.event_id AND r.grain = e.grain AND r.kind = :kind AND r.bucket = e.bucket
  AND r.scope_id = :scope AND r.source_id = e.source_id
WHERE e.event_id = :event AND e.grain = :grain AND e.kind = 0 AND e.bucket >= :from AND e.bucket < :to
ORDER BY e.bucket, e.source_id
