-- versions that hold at :at, with their offers: those of version_window.sql for one moment, when no offer has two
WITH RECURSIVE power(span) AS (SELECT 0 UNION ALL SELECT span + 1 FROM power WHERE span < 42)
SELECT v.from_ms, v.lasted_ms, v.price_minor, v.all_in_minor,
       v.offer_id, o.external_id, o.place_id, o.row, o.seats, o.splits, o.quantity, o.tags, o.first_ms
FROM power CROSS JOIN version v LEFT JOIN offer o ON o.id = v.offer_id
WHERE v.event_id = :event AND v.span = power.span
  AND v.from_ms > :at - (2 << power.span) AND v.from_ms <= :at
  AND v.from_ms + v.lasted_ms > :at
UNION ALL
SELECT v.from_ms, v.lasted_ms, v.price_minor, v.all_in_minor,
       v.offer_id, o.external_id, o.place_id, o.row, o.seats, o.splits, o.quantity, o.tags, o.first_ms
FROM version v LEFT JOIN offer o ON o.id = v.offer_id
WHERE v.event_id = :event AND v.span = 63 AND v.from_ms <= :at
