-- forgets what a batch carried and did not change since
DELETE FROM outbox WHERE topic = :topic AND batch = :batch
