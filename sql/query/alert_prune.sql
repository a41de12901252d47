-- firings that are older than is kept, have ended, and of which nobody is to be told any more
DELETE FROM alert
WHERE fired_ms < :before AND cleared_ms < :before
  AND NOT EXISTS (SELECT 1 FROM alert_message m WHERE m.alert_id = alert.id AND m.next_ms IS NOT NULL)
