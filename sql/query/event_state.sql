-- follow an event or not
UPDATE event SET state = :state WHERE id = :id
