-- how a chore ended
INSERT INTO chore (name, run_ms, took_ms, good, reason) VALUES (:name, :run, :took, :good, :reason)
ON CONFLICT DO UPDATE SET run_ms = excluded.run_ms, took_ms = excluded.took_ms, good = excluded.good, reason = excluded.reason
