-- names this workstation, once
INSERT OR IGNORE INTO source (id, uuid) VALUES (1, :uuid)
