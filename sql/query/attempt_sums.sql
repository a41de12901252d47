-- polls since a time: how many ended well, how many there were
SELECT count(*) FILTER (WHERE outcome <= 1), count(*) FROM snapshot WHERE at_ms >= :since
