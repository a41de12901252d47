-- whether a job may be claimed now
SELECT EXISTS (SELECT 1 FROM job WHERE state = 0 AND due_ms <= :now)
