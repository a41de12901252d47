-- a new place
INSERT INTO place (event_id, section_id, zone_id, label) VALUES (:event, :section, :zone, :label)
