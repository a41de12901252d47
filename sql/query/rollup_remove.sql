-- takes away what this workstation made of a bucket
DELETE FROM rollup
WHERE event_id = :event AND grain = :grain AND kind = :kind AND bucket = :bucket AND source_id = 1
