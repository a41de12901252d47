-- lowest prices of an event and where they stood: of its days in [:from, :open), then of its hours, then of its polls that no
-- hour holds yet; of all sources
SELECT bucket * 86400000, CASE WHEN :all_in THEN ai_min ELSE min END FROM rollup
WHERE event_id = :event AND grain = 1 AND kind = 0 AND bucket >= :from / 86400000 AND bucket < :open / 86400000
UNION ALL
SELECT bucket * 3600000, CASE WHEN :all_in THEN ai_min ELSE min END FROM rollup
WHERE event_id = :event AND grain = 0 AND kind = 0 AND bucket >= :open / 3600000 AND bucket < :to / 3600000
UNION ALL
SELECT s.at_ms, CASE WHEN :all_in THEN m.ai_min ELSE m.min END
FROM snapshot s CROSS JOIN metric m
  ON m.event_id = s.event_id AND m.zone_id = 0 AND m.at_ms = coalesce(s.metric_ms, s.at_ms)
WHERE s.event_id = :event AND s.outcome <= 1 AND s.at_ms >= max(:open, :folded) AND s.at_ms < :to
