-- what decides when each tracked event (or :event alone, with :any also an untracked one) is polled next; failures are counted no further than 20
SELECT f.id, f.every_ms, f.priority, f.date_ms, f.time_tbd, f.polled_ms, f.good_ms, coalesce(s.metric_ms, s.at_ms),
       coalesce(m.listings, 0),
       CASE WHEN b.tickets IS NULL OR m.tickets IS NULL THEN 0
            ELSE max(abs(m.tickets - b.tickets) * 1000 / max(b.tickets, 1),
                     coalesce(abs(m.min - b.min) * 1000 / max(b.min, 1), 0)) END,
       (SELECT count(*) FROM (SELECT 1 FROM snapshot x
                              WHERE x.event_id = f.id AND x.at_ms > coalesce(f.good_ms, -1) LIMIT 20)),
       (SELECT count(*) FROM snapshot x
        WHERE x.event_id = f.id AND x.at_ms > max(coalesce(f.good_ms, -1), f.since_ms) AND x.outcome = 2),
       (SELECT min(at_ms) FROM snapshot x
        WHERE x.event_id = f.id AND x.at_ms > max(coalesce(f.good_ms, -1), f.since_ms) AND x.outcome = 2),
       f.since_ms, f.pending, f.described_ms
FROM (SELECT e.id, e.date_ms, e.time_tbd, e.pending, coalesce(p.described_ms, 0) AS described_ms, p.every_ms, coalesce(p.priority, 1) AS priority, coalesce(p.since_ms, -1) AS since_ms,
             (SELECT max(at_ms) FROM snapshot x WHERE x.event_id = e.id) AS polled_ms,
             (SELECT at_ms FROM snapshot x WHERE x.event_id = e.id AND x.outcome <= 1
              ORDER BY at_ms DESC LIMIT 1) AS good_ms
      FROM event e LEFT JOIN plan p ON p.event_id = e.id
      WHERE (e.state = 0 OR :any) AND e.id BETWEEN coalesce(:event, 0) AND coalesce(:event, 9223372036854775807)) f
LEFT JOIN snapshot s ON s.event_id = f.id AND s.at_ms = f.good_ms
LEFT JOIN metric m ON m.event_id = f.id AND m.zone_id = 0 AND m.at_ms = coalesce(s.metric_ms, s.at_ms)
LEFT JOIN metric b ON b.event_id = f.id AND b.zone_id = 0 AND b.at_ms =
    (SELECT x.at_ms FROM metric x WHERE x.event_id = f.id AND x.zone_id = 0 AND x.at_ms <= f.good_ms - 3600000
     ORDER BY x.at_ms DESC LIMIT 1)
ORDER BY f.id
