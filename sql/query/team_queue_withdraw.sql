-- events ($5) that this workstation ($2) does not track any more
select private.queue_withdraw($1::uuid, $2::uuid, $3, $4::bigint, $5::uuid[])
