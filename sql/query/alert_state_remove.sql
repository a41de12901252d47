-- forgets how a rule stands for an event
DELETE FROM alert_state WHERE name = :name AND event_id = :event
