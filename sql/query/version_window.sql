-- versions that overlap [:from, :to): a short range for each span, then the open ones
WITH RECURSIVE power(span) AS (SELECT 0 UNION ALL SELECT span + 1 FROM power WHERE span < 42)
SELECT v.offer_id, v.from_ms, v.lasted_ms, v.price_minor, v.all_in_minor
FROM power CROSS JOIN version v
WHERE v.event_id = :event AND v.span = power.span
  AND v.from_ms > :from - (2 << power.span) AND v.from_ms < :to
  AND v.from_ms + v.lasted_ms > :from
UNION ALL
SELECT v.offer_id, v.from_ms, v.lasted_ms, v.price_minor, v.all_in_minor
FROM version v WHERE v.event_id = :event AND v.span = 63 AND v.from_ms < :to
