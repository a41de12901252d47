-- takes a rule away
DELETE FROM alert_rule WHERE name = :name
