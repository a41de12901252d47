-- What the team's database does not have yet. Marked by triggers, so that every transaction that changes something marks it, whatever
-- code made it; taken away when the server has confirmed the batch that carried it. Rows pulled from a team are never marked.

-- topic 0: an event with its zones, sections and last good poll (bucket 0); 1: an hour of it; 2: a day; 3: the polls of an hour;
-- 4: the measures of those polls. bucket counts hours or days since 1970.
CREATE TABLE outbox (
    topic    INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    bucket   INTEGER NOT NULL,
    batch    INTEGER,                    -- seq of the batch that carries it; NULL: it waits. A change puts it back
    replaced INTEGER NOT NULL DEFAULT 0, -- rows went away: what the server has of the bucket and we do not is to go
    PRIMARY KEY (topic, event_id, bucket)
) STRICT, WITHOUT ROWID;

-- The batch under way, kept until it is known how it ended. Numbers are never used again.
CREATE TABLE outbox_batch (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    uuid   TEXT NOT NULL,
    tenant TEXT NOT NULL,
    topic  INTEGER NOT NULL
) STRICT;

CREATE TRIGGER outbox_event_new AFTER INSERT ON event BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.id, 0)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_event_changed
AFTER UPDATE OF name, venue, city, region, country, timezone, category, url, currency, date_ms, time_tbd, state ON event
BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.id, 0)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_zone_new AFTER INSERT ON zone BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.event_id, 0)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_zone_changed AFTER UPDATE ON zone BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.event_id, 0)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_section_new AFTER INSERT ON section BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.event_id, 0)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_section_changed AFTER UPDATE ON section BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.event_id, 0)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_place_new AFTER INSERT ON place BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.event_id, 0)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_snapshot_new AFTER INSERT ON snapshot BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.event_id, 0), (3, new.event_id, new.at_ms / 3600000)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_snapshot_changed AFTER UPDATE ON snapshot BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.event_id, 0), (3, new.event_id, new.at_ms / 3600000)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_metric_new AFTER INSERT ON metric WHEN new.zone_id = 0 BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (0, new.event_id, 0), (3, new.event_id, new.at_ms / 3600000)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

-- A bucket is always written whole, with the event's own row (kind 0) in it.
CREATE TRIGGER outbox_rollup_new AFTER INSERT ON rollup WHEN new.kind = 0 AND new.source_id = 1 BEGIN
    INSERT INTO outbox (topic, event_id, bucket) VALUES (1 + new.grain, new.event_id, new.bucket)
    ON CONFLICT DO UPDATE SET batch = NULL WHERE batch IS NOT NULL;
END;

CREATE TRIGGER outbox_rollup_gone AFTER DELETE ON rollup WHEN old.kind = 0 AND old.source_id = 1 BEGIN
    INSERT INTO outbox (topic, event_id, bucket, replaced) VALUES (1 + old.grain, old.event_id, old.bucket, 1)
    ON CONFLICT DO UPDATE SET batch = NULL, replaced = 1;
END;

-- What was collected before there was an outbox.
INSERT INTO outbox (topic, event_id, bucket) SELECT 0, id, 0 FROM event;
INSERT INTO outbox (topic, event_id, bucket) SELECT 1 + grain, event_id, bucket FROM rollup WHERE kind = 0 AND source_id = 1;
INSERT INTO outbox (topic, event_id, bucket) SELECT DISTINCT 3, event_id, at_ms / 3600000 FROM snapshot;
