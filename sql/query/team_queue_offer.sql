-- events ($5, JSON) that this workstation ($2) tracks
select private.queue_offer($1::uuid, $2::uuid, $3, $4::bigint, $5::jsonb)
