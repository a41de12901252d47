-- the messages of a firing
SELECT way, tries, arrived_ms, next_ms, reason FROM alert_message WHERE alert_id = :alert ORDER BY way
