-- events by date; :all 0 leaves out those that are not tracked
SELECT e.id, e.platform, e.external_id, e.name, e.venue, e.city, e.region, e.country, e.timezone,
       e.category, e.url, e.currency, e.performer_id, e.date_ms, e.time_tbd, e.pending, e.state,
       (SELECT s.at_ms FROM snapshot s WHERE s.event_id = e.id AND s.outcome <= 1
        ORDER BY s.at_ms DESC LIMIT 1)
FROM event e WHERE :all OR e.state = 0
ORDER BY e.date_ms IS NULL, e.date_ms, e.name, e.platform, e.external_id
