-- a dead letter's event is polled at once
select private.queue_retry($1::uuid, $2::bigint)
