-- the clock was set: what waits goes on waiting as long as before
UPDATE job SET due_ms = due_ms + :by, rank_ms = rank_ms + :by, lease_ms = lease_ms + :by WHERE state < 2
