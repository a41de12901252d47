-- how a try to send a message ended
UPDATE alert_message SET tries = tries + 1, next_ms = :next, arrived_ms = :arrived, reason = :reason
WHERE alert_id = :alert AND way = :way
