-- for a rule: how many subjects it holds for, of how many that were judged, and when it fired last
SELECT count(s.alert_id), count(*), (SELECT max(fired_ms) FROM alert a WHERE a.name = :name)
FROM alert_state s WHERE s.name = :name
