-- What the service needs to ask about many events at once, to tell how far behind the team's database is, and
-- to go on as politely as it stopped.

-- Events of one performer are asked about together.
ALTER TABLE event ADD COLUMN performer_id TEXT NOT NULL DEFAULT ''; -- the platform's, of whom the event is named for
CREATE INDEX event_performer ON event (platform, performer_id) WHERE performer_id <> '';

-- The outbox again, with the time since when an entry waits; a column that is added cannot have such a default.
CREATE TEMP TABLE outbox_before AS SELECT topic, event_id, bucket, batch, replaced FROM outbox;
DROP TABLE outbox;
CREATE TABLE outbox (
    topic    INTEGER NOT NULL,
    event_id INTEGER NOT NULL,
    bucket   INTEGER NOT NULL,
    batch    INTEGER,                    -- seq of the batch that carries it; NULL: it waits. A change puts it back
    replaced INTEGER NOT NULL DEFAULT 0, -- rows went away: what the server has of the bucket and we do not is to go
    since_ms INTEGER NOT NULL DEFAULT (CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)), -- this machine's
    PRIMARY KEY (topic, event_id, bucket)
) STRICT, WITHOUT ROWID;
INSERT INTO outbox (topic, event_id, bucket, batch, replaced) SELECT * FROM outbox_before;
DROP TABLE outbox_before;

-- How the hosts that the service asks took it, so that it goes on as it stopped. Times are the wall clock's.
CREATE TABLE host (
    origin    TEXT PRIMARY KEY,
    saved_ms  INTEGER NOT NULL,
    allowed   INTEGER NOT NULL, -- requests a minute that refusals have left
    refusals  INTEGER NOT NULL, -- in a row
    outcome   INTEGER NOT NULL, -- of the last refusal, as in `snapshot`
    until_ms  INTEGER NOT NULL  -- not to be asked before; 0: it may be
) STRICT, WITHOUT ROWID;
