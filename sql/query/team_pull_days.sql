-- days of one source of an event in [$4, $5) in its currency ($6). $1 tenant, $2 source, $3 event
copy (
    select r.kind, r.scope, extract(epoch from r.bucket)::bigint / 86400,
        r.snapshots, r.last_offset, r.tickets, r.listings, r.lowest, r.highest, r.count, r.sum, r.min, r.max,
        r.median_x2, r.min_1, r.min_2, r.min_4, r.ai_count, r.ai_sum, r.ai_min, r.ai_max, r.ai_median_x2,
        r.ai_min_1, r.ai_min_2, r.ai_min_4
    from public.daily_analytics r
    where r.tenant_id = $1::uuid and r.source_id = $2::uuid and r.event_id = $3::uuid
      and r.bucket >= $4::timestamptz and r.bucket < $5::timestamptz and r.currency = $6
    order by r.bucket, r.kind, r.scope
) to stdout
