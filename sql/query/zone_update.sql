-- what newer or older maps say of a zone
UPDATE zone SET display_order = :display_order, first_ms = :first, mapped_ms = :mapped WHERE id = :id
