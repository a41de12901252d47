-- each event's polls: the last one, the last good one, how many were good, ever and since :since, and since then how long
-- they took: the median and what 95 % stayed within, by nearest rank
WITH ranked AS (
    SELECT e.id, s.took_ms, row_number() OVER (PARTITION BY e.id ORDER BY s.took_ms) AS place,
           count(*) OVER (PARTITION BY e.id) AS polls
    FROM event e CROSS JOIN snapshot s ON s.event_id = e.id AND s.at_ms >= :since AND s.took_ms IS NOT NULL),
took AS (
    SELECT id, min(took_ms) FILTER (WHERE place * 100 >= polls * 50) AS p50,
           min(took_ms) FILTER (WHERE place * 100 >= polls * 95) AS p95
    FROM ranked GROUP BY id)
SELECT e.platform || ':' || e.external_id, e.name, e.state,
       (SELECT outcome FROM snapshot s WHERE s.event_id = e.id ORDER BY at_ms DESC LIMIT 1),
       (SELECT at_ms FROM snapshot s WHERE s.event_id = e.id ORDER BY at_ms DESC LIMIT 1),
       (SELECT at_ms FROM snapshot s WHERE s.event_id = e.id AND outcome <= 1 ORDER BY at_ms DESC LIMIT 1),
       (SELECT count(*) FROM snapshot s WHERE s.event_id = e.id AND outcome <= 1 AND at_ms >= :since),
       (SELECT count(*) FROM snapshot s WHERE s.event_id = e.id AND outcome > 1 AND at_ms >= :since),
       (SELECT count(*) FROM snapshot s WHERE s.event_id = e.id AND outcome <= 1),
       (SELECT count(*) FROM snapshot s WHERE s.event_id = e.id AND outcome > 1), t.p50, t.p95
FROM event e LEFT JOIN took t ON t.id = e.id
ORDER BY e.state <> 0, e.date_ms IS NULL, e.date_ms, e.name, e.external_id
