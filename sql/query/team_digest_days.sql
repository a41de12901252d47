-- days of events by source and day from $4 on: event, source, day, how many rows, and the SHA-256 of them all. $1 tenant, $2 the
-- source ('' for each), $3 the events.
select r.event_id, r.source_id, extract(epoch from date_trunc('day', r.bucket at time zone 'UTC'))::bigint / 86400, count(*),
    encode(sha256(convert_to(string_agg(concat(
        r.kind, e'\t', r.scope, e'\t', extract(epoch from r.bucket)::bigint, e'\t', r.currency, e'\t', r.snapshots,
            e'\t', r.last_offset, e'\t', r.tickets, e'\t', r.listings, e'\t', r.lowest, e'\t', r.highest, e'\t', r.count,
            e'\t', r.sum, e'\t', r.min, e'\t', r.max, e'\t', r.median_x2, e'\t', r.min_1, e'\t', r.min_2, e'\t', r.min_4,
            e'\t', r.ai_count, e'\t', r.ai_sum, e'\t', r.ai_min, e'\t', r.ai_max, e'\t', r.ai_median_x2,
            e'\t', r.ai_min_1, e'\t', r.ai_min_2, e'\t', r.ai_min_4, e'\n'), ''
        order by r.kind, r.scope collate "C", r.bucket), 'UTF8')), 'hex')
from public.daily_analytics r
where r.tenant_id = $1::uuid and ($2 = '' or r.source_id = nullif($2, '')::uuid) and r.event_id = any ($3::uuid[]) and r.bucket >= $4::timestamptz
group by 1, 2, 3
order by 1, 2, 3
