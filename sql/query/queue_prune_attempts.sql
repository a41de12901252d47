-- attempts that are older than is kept
DELETE FROM attempt WHERE started_ms < :before
