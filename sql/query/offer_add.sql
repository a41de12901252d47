-- a listing in a new shape
INSERT INTO offer (event_id, external_id, place_id, row, seats, splits, quantity, tags, first_ms)
VALUES (:event, :external_id, :place, :row, :seats, :splits, :quantity, :tags, :first)
