-- one offer
SELECT external_id, place_id, row, seats, splits, quantity, tags, first_ms FROM offer WHERE id = :id
