-- writes down a migration
INSERT INTO migration (version, name, sha256, applied_ms) VALUES (:version, :name, :sha256, :now)
