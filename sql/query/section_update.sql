-- what newer or older maps say of a section
UPDATE section SET zone_id = :zone, first_ms = :first, mapped_ms = :mapped WHERE id = :id
