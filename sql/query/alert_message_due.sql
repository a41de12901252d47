-- messages that are to be sent now on one way, with what they say
SELECT a.id, a.name, a.rule, a.fired_ms, a.value, a.threshold, m.tries,
       e.platform || ':' || e.external_id, e.name, e.venue, e.url, e.currency, e.date_ms
FROM alert_message m
JOIN alert a ON a.id = m.alert_id
LEFT JOIN event e ON e.id = a.event_id
WHERE m.next_ms IS NOT NULL AND m.next_ms <= :now AND m.way = :way
ORDER BY a.id LIMIT :most
