-- the currency of an event's prices
SELECT currency FROM event WHERE id = :event
