-- a message, to be sent at once
INSERT INTO alert_message (alert_id, way, next_ms) VALUES (:alert, :way, :now) ON CONFLICT DO NOTHING
