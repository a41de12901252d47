-- takes away everything that this workstation rolled up of an event
DELETE FROM rollup WHERE event_id = :event AND source_id = 1
