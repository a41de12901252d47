-- dead letters that are older than is kept
DELETE FROM job WHERE state = 2 AND ended_ms < :before
