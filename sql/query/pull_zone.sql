-- a zone that the team knows: new here, or better known there while nothing was collected here
INSERT INTO zone (event_id, name, display_order, first_ms, mapped_ms) VALUES (:event, :zone, :display_order, :first, :mapped)
ON CONFLICT (event_id, name) DO UPDATE SET
    display_order = excluded.display_order, first_ms = excluded.first_ms, mapped_ms = excluded.mapped_ms
WHERE NOT EXISTS (SELECT 1 FROM snapshot WHERE event_id = :event)
