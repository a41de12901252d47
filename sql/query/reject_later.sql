-- listings that later good polls could not read, and so carried on
SELECT external_id, at_ms FROM reject
WHERE event_id = :event AND at_ms > :at AND external_id IS NOT NULL ORDER BY external_id, at_ms
