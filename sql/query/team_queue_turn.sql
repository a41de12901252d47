-- ends, heartbeat and claim of this workstation ($2) in a tenant ($1), see private.queue_turn
select t.allowed, t.granted::integer, t.held_ms, t.due_ms, (t.demand * 1000)::bigint, t.number, t.attempts, t.priority, t.every_ms, t.external_id, t.name,
    t.venue, t.city, t.region, t.country, t.timezone, t.category, t.url, t.currency, t.starts_ms, t.time_tbd::integer
from private.queue_turn($1::uuid, $2::uuid, $3, $4, $5::bigint, $6::bigint, $7::integer, $8::bigint[], $9::jsonb, $10::bigint,
    $11::boolean, $12::boolean) t
