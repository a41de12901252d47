-- places of an event
SELECT id, section_id, zone_id, label FROM place WHERE event_id = :event ORDER BY id
