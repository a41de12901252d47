-- whether a job may be claimed now. A rank is never behind its job's due_ms less what its priority is worth (:step a priority)
SELECT EXISTS (SELECT 1 FROM job WHERE state = 0 AND priority = 0 AND rank_ms <= :now AND due_ms <= :now)
    OR EXISTS (SELECT 1 FROM job WHERE state = 0 AND priority = 1 AND rank_ms <= :now - :step AND due_ms <= :now)
    OR EXISTS (SELECT 1 FROM job WHERE state = 0 AND priority = 2 AND rank_ms <= :now - 2 * :step AND due_ms <= :now)
