-- Jobs that wait, by priority and rank: what is due is found without a look at what is due later, however much that is.
DROP INDEX job_rank;
CREATE INDEX job_turn ON job (state, priority, rank_ms);
