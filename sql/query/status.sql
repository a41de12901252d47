-- each event's polls: the last one, the last good one, and how many were good, ever and since :since
SELECT e.platform || ':' || e.external_id, e.name, e.state,
       (SELECT outcome FROM snapshot s WHERE s.event_id = e.id ORDER BY at_ms DESC LIMIT 1),
       (SELECT at_ms FROM snapshot s WHERE s.event_id = e.id ORDER BY at_ms DESC LIMIT 1),
       (SELECT at_ms FROM snapshot s WHERE s.event_id = e.id AND outcome <= 1 ORDER BY at_ms DESC LIMIT 1),
       (SELECT count(*) FROM snapshot s WHERE s.event_id = e.id AND outcome <= 1 AND at_ms >= :since),
       (SELECT count(*) FROM snapshot s WHERE s.event_id = e.id AND outcome > 1 AND at_ms >= :since),
       (SELECT count(*) FROM snapshot s WHERE s.event_id = e.id AND outcome <= 1),
       (SELECT count(*) FROM snapshot s WHERE s.event_id = e.id AND outcome > 1)
FROM event e
ORDER BY e.state <> 0, e.date_ms IS NULL, e.date_ms, e.name, e.external_id
