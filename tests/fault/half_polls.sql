-- Good polls whose listings as of their time are not as many, or not as many tickets, as was measured then.
SELECT s.event_id, s.at_ms, m.listings, count(v.offer_id), m.tickets, total(o.quantity)
FROM snapshot s
LEFT JOIN metric m ON m.event_id = s.event_id AND m.at_ms = coalesce(s.metric_ms, s.at_ms) AND m.zone_id = 0
LEFT JOIN version v ON v.event_id = s.event_id AND v.from_ms <= s.at_ms
    AND (v.lasted_ms IS NULL OR s.at_ms < v.from_ms + v.lasted_ms)
LEFT JOIN offer o ON o.id = v.offer_id
WHERE s.outcome <= 1
GROUP BY s.event_id, s.at_ms
HAVING count(v.offer_id) IS NOT m.listings OR total(o.quantity) IS NOT m.tickets;
