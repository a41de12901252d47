-- zones of an event, and its sections in the zones that maps or listings put them in; polls of the hour and day before the first
-- sighting
WITH known (zone, section, display_order, first_ms, mapped_ms, has_listings) AS (
    SELECT name, '', display_order, first_ms, mapped_ms, 0 FROM zone WHERE event_id = :event
    UNION ALL
    SELECT z.name, s.name, 0, s.first_ms, max(p.mapped_ms), max(p.has_listings)
    FROM (SELECT id AS section_id, zone_id, mapped_ms, 0 AS has_listings FROM section WHERE event_id = :event
          UNION ALL
          SELECT section_id, zone_id, -1, 1 FROM place WHERE event_id = :event) p
    JOIN section s ON s.id = p.section_id JOIN zone z ON z.id = p.zone_id
    GROUP BY p.zone_id, p.section_id
)
SELECT zone, section, display_order, first_ms,
    (SELECT count(*) FROM snapshot s WHERE s.event_id = :event AND s.outcome <= 1
     AND s.at_ms >= k.first_ms / 3600000 * 3600000 AND s.at_ms < k.first_ms),
    (SELECT count(*) FROM snapshot s WHERE s.event_id = :event AND s.outcome <= 1
     AND s.at_ms >= k.first_ms / 86400000 * 86400000 AND s.at_ms < k.first_ms),
    mapped_ms, has_listings
FROM known k
ORDER BY zone, section
