-- how many entries of each topic wait or are under way
SELECT topic, count(*) FROM outbox GROUP BY topic
