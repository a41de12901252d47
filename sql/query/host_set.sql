-- how a host takes it
INSERT INTO host (origin, saved_ms, allowed, refusals, outcome, until_ms)
VALUES (:origin, :saved, :allowed, :refusals, :outcome, :until)
ON CONFLICT DO UPDATE SET saved_ms = excluded.saved_ms, allowed = excluded.allowed, refusals = excluded.refusals,
    outcome = excluded.outcome, until_ms = excluded.until_ms
