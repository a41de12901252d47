-- a firing
INSERT INTO alert (name, rule, event_id, fired_ms, value, threshold)
VALUES (:name, :rule, nullif(:event, 0), :now, :value, :threshold)
