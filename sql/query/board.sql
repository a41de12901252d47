-- what the board says of an event: its polls, the measures of its last good one (:good), and the lowest prices known a day
-- and a week before that
SELECT (SELECT at_ms FROM snapshot WHERE event_id = e.id AND outcome <= 1 ORDER BY at_ms LIMIT 1),
       e.folded_ms, l.at_ms, l.outcome, m.tickets,
       CASE WHEN :all_in THEN m.ai_min ELSE m.min END,
       CASE WHEN :all_in THEN m.ai_min_2 ELSE m.min_2 END,
       CASE WHEN :all_in THEN m.ai_min_4 ELSE m.min_4 END,
       (SELECT CASE WHEN :all_in THEN p.ai_min ELSE p.min END AS price
        FROM snapshot s CROSS JOIN metric p
          ON p.event_id = s.event_id AND p.zone_id = 0 AND p.at_ms = coalesce(s.metric_ms, s.at_ms)
        WHERE s.event_id = e.id AND s.outcome <= 1 AND price IS NOT NULL
          AND s.at_ms <= :good - 86400000 AND s.at_ms > :good - 2 * 86400000
        ORDER BY s.at_ms DESC LIMIT 1),
       (SELECT CASE WHEN :all_in THEN p.ai_min ELSE p.min END AS price
        FROM snapshot s CROSS JOIN metric p
          ON p.event_id = s.event_id AND p.zone_id = 0 AND p.at_ms = coalesce(s.metric_ms, s.at_ms)
        WHERE s.event_id = e.id AND s.outcome <= 1 AND price IS NOT NULL
          AND s.at_ms <= :good - 7 * 86400000 AND s.at_ms > :good - 14 * 86400000
        ORDER BY s.at_ms DESC LIMIT 1)
FROM event e
LEFT JOIN snapshot l ON l.event_id = e.id
  AND l.at_ms = (SELECT max(at_ms) FROM snapshot WHERE event_id = e.id)
LEFT JOIN snapshot g ON g.event_id = e.id AND g.at_ms = :good
LEFT JOIN metric m ON m.event_id = e.id AND m.zone_id = 0 AND m.at_ms = coalesce(g.metric_ms, g.at_ms)
WHERE e.id = :event
