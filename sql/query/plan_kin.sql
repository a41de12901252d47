-- the tracked events of a performer that are not over and were last told of before a time
SELECT e.id FROM event e LEFT JOIN plan p ON p.event_id = e.id
WHERE e.platform = :platform AND e.performer_id = :performer AND e.performer_id <> '' AND e.state = 0
  AND (e.date_ms IS NULL OR e.date_ms > :over) AND coalesce(p.described_ms, 0) < :before
ORDER BY e.id
