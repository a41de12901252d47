-- what waits of a topic behind an entry, with about how many rows each entry stands for
SELECT o.event_id, o.bucket,
    CASE o.topic
    WHEN 0 THEN 300
    WHEN 1 THEN (SELECT count(*) FROM rollup r WHERE r.event_id = o.event_id AND r.grain = 0 AND r.kind IN (0, 1, 2)
                 AND r.bucket = o.bucket)
    WHEN 2 THEN (SELECT count(*) FROM rollup r WHERE r.event_id = o.event_id AND r.grain = 1 AND r.kind IN (0, 1, 2)
                 AND r.bucket = o.bucket)
    ELSE (SELECT count(*) FROM snapshot s WHERE s.event_id = o.event_id AND s.at_ms >= o.bucket * 3600000
          AND s.at_ms < (o.bucket + 1) * 3600000)
         * CASE o.topic WHEN 4 THEN (SELECT count(*) + 1 FROM section WHERE event_id = o.event_id) ELSE 1 END
    END
FROM outbox o
WHERE o.topic = :topic AND o.batch IS NULL AND (o.event_id, o.bucket) > (:event, :bucket)
ORDER BY o.event_id, o.bucket
