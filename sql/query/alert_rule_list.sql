-- the rules in the store
SELECT name, rule FROM alert_rule ORDER BY name
