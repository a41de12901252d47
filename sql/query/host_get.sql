-- how a host took it the last time
SELECT saved_ms, allowed, refusals, outcome, until_ms FROM host WHERE origin = :origin
