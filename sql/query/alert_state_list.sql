-- how every rule stands
SELECT name, event_id, rule, alert_id, owed, since_ms, fired_value, told_ms, seen_ms, value, threshold
FROM alert_state ORDER BY name, event_id
