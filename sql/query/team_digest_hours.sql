-- hours of events by source and day from $4 on: event, source, day, how many rows, and the SHA-256 of them all, a line each with -1
-- for null, and without the all-in columns where all of them are. $1 tenant, $2 the source ('' for each), $3 the events.
select r.event_id, r.source_id, extract(epoch from r.bucket)::bigint / 86400, count(*),
    encode(sha256(convert_to(string_agg(concat_ws(e'\t',
        r.kind, r.scope, extract(epoch from r.bucket)::bigint, r.currency, r.snapshots, r.last_offset, r.tickets,
        r.listings, r.lowest, r.highest, r.count, r.sum, coalesce(r.min, -1), coalesce(r.max, -1),
        coalesce(r.median_x2, -1), coalesce(r.min_1, -1), coalesce(r.min_2, -1), coalesce(r.min_4, -1),
        case when num_nonnulls(r.ai_count, r.ai_sum, r.ai_min, r.ai_max, r.ai_median_x2, r.ai_min_1, r.ai_min_2, r.ai_min_4) > 0 then
            concat_ws(e'\t', coalesce(r.ai_count, -1), coalesce(r.ai_sum, -1), coalesce(r.ai_min, -1), coalesce(r.ai_max, -1),
                coalesce(r.ai_median_x2, -1), coalesce(r.ai_min_1, -1), coalesce(r.ai_min_2, -1), coalesce(r.ai_min_4, -1)) end), e'\n'
        order by r.kind, r.scope collate "C", r.bucket), 'UTF8')), 'hex')
from public.aggregated_analytics r
where r.tenant_id = $1::uuid and ($2 = '' or r.source_id = nullif($2, '')::uuid) and r.event_id = any ($3::uuid[])
  and r.bucket >= $4::timestamptz
group by 1, 2, 3
order by 1, 2, 3
