-- jobs whose worker was lost after it had stored the poll: a good one, or that there is no such event, which nobody asks twice
DELETE FROM job WHERE state = 1 AND EXISTS (
    SELECT 1 FROM snapshot s WHERE s.event_id = job.event_id AND s.outcome <= 2
        AND s.at_ms >= (SELECT a.started_ms FROM attempt a WHERE a.job_id = job.id AND a.number = job.attempts))
