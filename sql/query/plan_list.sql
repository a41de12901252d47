-- the tracked events and how they are to be polled
SELECT e.id, coalesce(p.every_ms, 0), coalesce(p.priority, 1), coalesce(p.since_ms, -1), coalesce(e.date_ms, -1)
FROM event e LEFT JOIN plan p ON p.event_id = e.id
WHERE e.state = 0 ORDER BY e.id
