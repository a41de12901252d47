-- by how many bytes a day the store grew over the last :days, and over how many days that is known
SELECT (max(bytes) FILTER (WHERE day = last) - max(bytes) FILTER (WHERE day = first)) / max(last - first, 1), last - first
FROM store_size, (SELECT min(day) AS first, max(day) AS last FROM store_size WHERE day > :day - :days)
WHERE day IN (first, last)
