-- a new batch
INSERT INTO outbox_batch (uuid, tenant, topic) VALUES (:uuid, :tenant, :topic)
