-- takes a version away, to be put back with another end or start
DELETE FROM version
WHERE event_id = :event AND span = :span AND from_ms = :from AND offer_id = :offer
