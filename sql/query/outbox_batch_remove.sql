-- a batch that is settled
DELETE FROM outbox_batch WHERE seq = :batch
