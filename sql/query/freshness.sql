-- the last good poll of each tracked event that is not over, and the failed ones since; the oldest first, those never polled
-- before them, at most :most
WITH last AS (
    SELECT e.id, e.platform || ':' || e.external_id AS event,
           (SELECT at_ms FROM snapshot s WHERE s.event_id = e.id AND s.outcome <= 1 ORDER BY at_ms DESC LIMIT 1) AS good
    FROM event e WHERE e.state = 0 AND (e.date_ms IS NULL OR e.date_ms > :now)
    ORDER BY good IS NOT NULL, good, e.id LIMIT :most)
SELECT event, good, (SELECT count(*) FROM snapshot s WHERE s.event_id = last.id AND s.at_ms > coalesce(last.good, -1))
FROM last ORDER BY good IS NOT NULL, good, id
