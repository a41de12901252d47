-- how long the attempts of the collector took since a time, at a rank of :permille
SELECT took_ms FROM attempt WHERE started_ms >= :since AND took_ms IS NOT NULL
ORDER BY took_ms
LIMIT 1 OFFSET (SELECT (count(*) - 1) * :permille / 1000 FROM attempt WHERE started_ms >= :since AND took_ms IS NOT NULL)
