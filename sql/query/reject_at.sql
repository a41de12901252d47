-- listings that a poll could not read, as they were numbered
SELECT external_id FROM reject WHERE event_id = :event AND at_ms = :at ORDER BY number
