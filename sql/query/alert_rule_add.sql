-- a rule, unless there is one of that name
INSERT INTO alert_rule (name, rule, added_ms) VALUES (:name, :rule, :now) ON CONFLICT DO NOTHING
