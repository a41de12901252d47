-- a new zone
INSERT INTO zone (event_id, name, display_order, first_ms, mapped_ms)
VALUES (:event, :name, :display_order, :first, :mapped)
