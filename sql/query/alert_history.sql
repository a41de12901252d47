-- firings of a window, the newest first, with where they were sent
SELECT a.id, a.fired_ms, a.name, a.rule, e.platform || ':' || e.external_id, e.name, e.currency,
       a.value, a.threshold, a.told_ms, a.cleared_ms
FROM alert a LEFT JOIN event e ON e.id = a.event_id
WHERE a.fired_ms >= :from AND a.fired_ms < :to ORDER BY a.fired_ms DESC, a.id DESC LIMIT :most
