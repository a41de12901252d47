-- puts back what a batch carries
UPDATE outbox SET batch = NULL WHERE batch = :batch
