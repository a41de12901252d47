-- up to where the hours of an event are folded
SELECT folded_ms FROM event WHERE id = :event
