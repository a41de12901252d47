-- a bucket of another source; none when its zone or section is not known
INSERT INTO rollup (event_id, grain, kind, bucket, scope_id, source_id,
    snapshots, last_offset, tickets, listings, lowest, highest, count, sum, min, max, median_x2, min_1, min_2,
    min_4, ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4)
SELECT :event, :grain, :kind, :bucket, scope.id, :source,
    :snapshots, :last_offset, :tickets, :listings, :lowest, :highest, :count, :sum, :min, :max, :median_x2,
    :min_1, :min_2, :min_4, :ai_count, :ai_sum, :ai_min, :ai_max, :ai_median_x2, :ai_min_1, :ai_min_2,
    :ai_min_4
FROM (SELECT 0 AS id WHERE :kind = 0
      UNION ALL SELECT id FROM zone WHERE :kind = 1 AND event_id = :event AND name = :scope
      UNION ALL SELECT id FROM section WHERE :kind = 2 AND event_id = :event AND name = :scope) scope
