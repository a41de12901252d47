-- one at a time: the lock goes with the connection
select pg_advisory_lock(hashtextextended('tws.migrate', 0))
