-- a listing that could not be read
INSERT INTO reject (event_id, at_ms, number, external_id, reason)
VALUES (:event, :at, :number, :external_id, :reason)
