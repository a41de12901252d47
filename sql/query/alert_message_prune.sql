-- messages of firings that are gone
DELETE FROM alert_message WHERE alert_id NOT IN (SELECT id FROM alert)
