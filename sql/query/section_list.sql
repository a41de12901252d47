-- sections of an event
SELECT id, name, zone_id, first_ms, mapped_ms FROM section WHERE event_id = :event ORDER BY name
