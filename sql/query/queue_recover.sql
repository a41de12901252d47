-- the others of these wait again; none waits for long, whatever the clock was
UPDATE job SET state = 0, worker = NULL, lease_ms = NULL, due_ms = min(due_ms, :now + :span),
    rank_ms = min(rank_ms, :now + :span - priority * :step)
WHERE state < 2
