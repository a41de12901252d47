-- attempts and jobs that wait or are dead, newest first; :dead 1: dead letters alone, :since and :most bound them
SELECT a.job_id, e.platform || ':' || e.external_id, e.name,
       CASE WHEN a.outcome IS NOT NULL THEN 'ended' WHEN j.state = 1 AND j.attempts = a.number THEN 'running' ELSE 'lost' END,
       a.number, a.started_ms AS at_ms, a.took_ms, a.bytes, a.outcome, a.reason
FROM attempt a JOIN event e ON e.id = a.event_id LEFT JOIN job j ON j.id = a.job_id
WHERE NOT :dead AND a.started_ms >= :since
UNION ALL
SELECT j.id, e.platform || ':' || e.external_id, e.name, CASE j.state WHEN 0 THEN 'waiting' ELSE 'dead' END,
       j.attempts, CASE j.state WHEN 0 THEN j.due_ms ELSE j.ended_ms END, NULL, NULL, j.outcome, j.reason
FROM job j JOIN event e ON e.id = j.event_id
WHERE j.state <> 1 AND (j.state = 2 OR NOT :dead) AND coalesce(j.ended_ms, j.due_ms) >= :since
ORDER BY at_ms DESC, 1 DESC, 5 DESC
LIMIT :most
