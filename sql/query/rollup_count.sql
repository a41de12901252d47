-- how many buckets this workstation rolled up of an event
SELECT count(*) FROM rollup WHERE event_id = :event AND source_id = 1
