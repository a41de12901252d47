-- the currency of an event's prices
UPDATE event SET currency = :currency WHERE id = :event
