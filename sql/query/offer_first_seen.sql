-- when a listing was first there, in any shape
SELECT min(first_ms) FROM offer WHERE event_id = :event AND external_id = :external_id
