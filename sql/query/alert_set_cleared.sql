-- the end of a firing
UPDATE alert SET cleared_ms = :now, cleared_value = :value WHERE id = :alert
