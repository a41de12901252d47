-- the events with a job under way
SELECT event_id FROM job WHERE state < 2 ORDER BY event_id
