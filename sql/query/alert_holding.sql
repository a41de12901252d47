-- the firings that hold, the newest first
SELECT a.id, a.fired_ms, a.name, a.rule, e.platform || ':' || e.external_id, e.name, e.currency,
       a.value, a.threshold, a.told_ms, a.cleared_ms
FROM alert_state s JOIN alert a ON a.id = s.alert_id LEFT JOIN event e ON e.id = a.event_id
ORDER BY a.id DESC LIMIT :most
