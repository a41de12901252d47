-- measures of a snapshot for one zone, or for the event (zone 0)
INSERT INTO metric (event_id, at_ms, zone_id, tickets, listings,
    count, sum, min, max, median_x2, quarter, min_1, min_2, min_4,
    ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_quarter, ai_min_1, ai_min_2, ai_min_4)
VALUES (:event, :at, :zone, :tickets, :listings,
    :count, :sum, :min, :max, :median_x2, :quarter, :min_1, :min_2, :min_4,
    :ai_count, :ai_sum, :ai_min, :ai_max, :ai_median_x2, :ai_quarter, :ai_min_1, :ai_min_2, :ai_min_4)
