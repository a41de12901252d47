-- the last poll of an event before a time, but not before :from
SELECT at_ms, outcome, took_ms, bytes, rejected, reason FROM snapshot
WHERE event_id = :event AND at_ms >= :from AND at_ms < :before ORDER BY at_ms DESC LIMIT 1
