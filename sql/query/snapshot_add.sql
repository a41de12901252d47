-- one poll; a failure recorded at that time gives way to a good one
INSERT INTO snapshot (event_id, at_ms, outcome, metric_ms, body_hash, rejected, took_ms, bytes, reason)
VALUES (:event, :at, :outcome, :metric, :hash, :rejected, :took, :bytes, :reason)
ON CONFLICT DO UPDATE SET outcome = excluded.outcome, metric_ms = excluded.metric_ms,
    body_hash = excluded.body_hash, rejected = excluded.rejected, took_ms = excluded.took_ms,
    bytes = excluded.bytes, reason = excluded.reason
WHERE snapshot.outcome > 1 AND excluded.outcome <= 1
