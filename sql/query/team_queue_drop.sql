-- a job is given up
select private.queue_drop($1::uuid, $2::bigint)
