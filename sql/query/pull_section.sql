-- a section that the team knows, likewise
INSERT INTO section (event_id, name, zone_id, first_ms, mapped_ms)
SELECT :event, :section, id, :first, :mapped FROM zone WHERE event_id = :event AND name = :zone
ON CONFLICT (event_id, name) DO UPDATE SET
    zone_id = excluded.zone_id, first_ms = excluded.first_ms, mapped_ms = excluded.mapped_ms
WHERE NOT EXISTS (SELECT 1 FROM snapshot WHERE event_id = :event)
