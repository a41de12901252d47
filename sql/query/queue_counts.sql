-- jobs by state, and how long the first that may be claimed has been waiting
SELECT count(*) FILTER (WHERE state = 0), count(*) FILTER (WHERE state = 1), count(*) FILTER (WHERE state = 2),
       min(due_ms) FILTER (WHERE state = 0)
FROM job
