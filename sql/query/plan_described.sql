-- the platform told an event's names, place and date
INSERT INTO plan (event_id, described_ms) VALUES (:event, :at)
ON CONFLICT DO UPDATE SET described_ms = excluded.described_ms
