-- every version of every listing of an event, by listing and time
SELECT o.external_id, v.from_ms, v.from_ms + v.lasted_ms, z.name, s.name, p.label, o.row, o.seats, o.splits,
       o.quantity, o.tags, v.price_minor, v.all_in_minor
FROM version v
JOIN offer o ON o.id = v.offer_id
JOIN place p ON p.id = o.place_id
JOIN section s ON s.id = p.section_id
JOIN zone z ON z.id = p.zone_id
WHERE v.event_id = :event
ORDER BY o.external_id, v.from_ms
