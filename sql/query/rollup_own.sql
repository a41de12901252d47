-- what this workstation made of one bucket
SELECT bucket, scope_id, source_id, snapshots, last_offset, tickets, listings, lowest, highest,
    count, sum, min, max, median_x2, quarter, min_1, min_2, min_4,
    ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_quarter, ai_min_1, ai_min_2, ai_min_4
FROM rollup
WHERE event_id = :event AND grain = :grain AND kind = :kind AND bucket = :bucket
  AND source_id = 1
ORDER BY scope_id
