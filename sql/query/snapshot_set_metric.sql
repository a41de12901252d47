-- where the measures of a poll stand
UPDATE snapshot SET metric_ms = :metric WHERE event_id = :event AND at_ms = :at
