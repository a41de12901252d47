-- the row of a source, made when it is new
INSERT INTO source (uuid) VALUES (:uuid) ON CONFLICT (uuid) DO UPDATE SET uuid = excluded.uuid RETURNING id
