-- a new section
INSERT INTO section (event_id, name, zone_id, first_ms, mapped_ms) VALUES (:event, :name, :zone, :first, :mapped)
