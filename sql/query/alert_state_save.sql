-- how a rule stands for an event (0: all together, or the store)
INSERT OR REPLACE INTO alert_state
    (name, event_id, rule, alert_id, owed, since_ms, fired_value, told_ms, seen_ms, value, threshold)
VALUES (:name, :event, :rule, :alert, :owed, :since, :fired_value, :told, :seen, :value, :threshold)
