-- measures of a snapshot, the event first
SELECT zone_id, tickets, listings,
    count, sum, min, max, median_x2, quarter, min_1, min_2, min_4,
    ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_quarter, ai_min_1, ai_min_2, ai_min_4
FROM metric WHERE event_id = :event AND at_ms = :at ORDER BY zone_id
