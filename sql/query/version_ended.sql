-- versions that overlap [:from, :to) and end by :to: those of version_window.sql that do not hold at :to
WITH RECURSIVE power(span) AS (SELECT 0 UNION ALL SELECT span + 1 FROM power WHERE span < 42)
SELECT v.offer_id, v.from_ms, v.lasted_ms, v.price_minor, v.all_in_minor
FROM power CROSS JOIN version v
WHERE v.event_id = :event AND v.span = power.span
  AND v.from_ms > :from - (2 << power.span) AND v.from_ms < :to
  AND v.from_ms + v.lasted_ms > :from AND v.from_ms + v.lasted_ms <= :to
