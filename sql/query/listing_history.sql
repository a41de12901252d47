-- every version of a listing, whatever its shape: those of an offer are found by time, since versions are stored by it
WITH RECURSIVE power(span) AS (SELECT 0 UNION ALL SELECT span + 1 FROM power WHERE span < 63),
shape AS (SELECT id, first_ms FROM offer WHERE event_id = :event AND external_id = :external_id)
SELECT v.from_ms, v.from_ms + v.lasted_ms, v.price_minor, v.all_in_minor, o.quantity, z.name, s.name, o.row
FROM power CROSS JOIN version v
JOIN offer o ON o.id = v.offer_id
JOIN place p ON p.id = o.place_id
JOIN section s ON s.id = p.section_id
JOIN zone z ON z.id = p.zone_id
WHERE v.event_id = :event AND v.span = power.span AND v.from_ms >= (SELECT min(first_ms) FROM shape)
  AND v.offer_id IN (SELECT id FROM shape)
ORDER BY v.from_ms
