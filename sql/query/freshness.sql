-- the last good poll of each tracked event that is not over; the oldest first, those never polled before them
SELECT e.platform || ':' || e.external_id,
       (SELECT at_ms FROM snapshot s WHERE s.event_id = e.id AND s.outcome <= 1 ORDER BY at_ms DESC LIMIT 1) AS good
FROM event e WHERE e.state = 0 AND (e.date_ms IS NULL OR e.date_ms > :now)
ORDER BY good IS NOT NULL, good
