-- somebody is told of a firing
UPDATE alert SET told_ms = :now WHERE id = :alert
