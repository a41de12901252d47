-- how the last poll of an event since a time ended that asks for no other attempt: good, or no such event
SELECT outcome FROM snapshot WHERE event_id = :event AND at_ms >= :since AND outcome <= 2 ORDER BY at_ms DESC LIMIT 1
