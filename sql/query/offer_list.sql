-- the offers of a JSON array of ids, in its order
SELECT o.id, o.external_id, o.place_id, o.row, o.seats, o.splits, o.quantity, o.tags, o.first_ms
FROM json_each(:ids) ids CROSS JOIN offer o ON o.id = ids.value
