-- an attempt that begins
INSERT INTO attempt (job_id, number, event_id, worker, started_ms) VALUES (:job, :number, :event, :worker, :now)
ON CONFLICT DO UPDATE SET worker = excluded.worker, started_ms = excluded.started_ms
