-- how many good polls there were after a time, up to another
SELECT count(*) FROM snapshot WHERE event_id = :event AND at_ms > :after AND at_ms <= :upto AND outcome <= 1
