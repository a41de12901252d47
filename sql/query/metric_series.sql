-- measures of one zone (0: the event) at each good poll in a window
SELECT s.at_ms, m.zone_id, m.tickets, m.listings,
    m.count, m.sum, m.min, m.max, m.median_x2, m.quarter, m.min_1, m.min_2, m.min_4,
    m.ai_count, m.ai_sum, m.ai_min, m.ai_max, m.ai_median_x2, m.ai_quarter, m.ai_min_1, m.ai_min_2, m.ai_min_4
FROM snapshot s LEFT JOIN metric m
  ON m.event_id = s.event_id AND m.at_ms = coalesce(s.metric_ms, s.at_ms) AND m.zone_id = :zone
WHERE s.event_id = :event AND s.at_ms >= :from AND s.at_ms < :to AND s.outcome <= 1
ORDER BY s.at_ms
