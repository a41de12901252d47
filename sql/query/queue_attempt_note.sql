-- an attempt at a shared job
INSERT OR REPLACE INTO attempt (job_id, number, event_id, worker, started_ms, took_ms, bytes, outcome, reason)
VALUES (:job, :number, :event, :worker, :started, :took, :bytes, :outcome, :reason)
