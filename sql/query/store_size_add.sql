-- the size of the store today
INSERT INTO store_size (day, bytes) VALUES (:day, :bytes) ON CONFLICT DO UPDATE SET bytes = excluded.bytes
