-- the last good poll whose hour is over and not in the rollups yet: none when all are
SELECT max(s.at_ms - e.folded_ms) FROM event e JOIN snapshot s ON s.event_id = e.id
WHERE s.outcome <= 1 AND s.at_ms >= e.folded_ms AND s.at_ms < :hour
