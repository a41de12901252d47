-- takes away what is stored of a source's buckets, to be replaced
DELETE FROM rollup
WHERE event_id = :event AND grain = :grain AND kind IN (0, 1, 2) AND bucket >= :from AND bucket < :to AND source_id = :source
