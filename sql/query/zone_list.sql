-- zones of an event
SELECT id, name, display_order, first_ms, mapped_ms FROM zone WHERE event_id = :event
ORDER BY display_order, name
