-- Polling without anybody watching: how each event is to be polled, the queue, and what the service's chores came to.

-- An event without a row is polled as the settings say.
CREATE TABLE plan (
    event_id     INTEGER PRIMARY KEY,
    every_ms     INTEGER,                    -- asked for by hand; NULL: as the settings say
    priority     INTEGER NOT NULL DEFAULT 1, -- 0 low, 1 normal, 2 high
    since_ms     INTEGER NOT NULL DEFAULT 0, -- what happened before does not retire it
    described_ms INTEGER NOT NULL DEFAULT 0  -- when the platform last told its names, place and date
) STRICT;

-- A job is one poll that is due, until it ends well or has failed too often. Times are this machine's.
CREATE TABLE job (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id   INTEGER NOT NULL,
    state      INTEGER NOT NULL,            -- 0 waiting, 1 leased, 2 dead
    priority   INTEGER NOT NULL,
    added_ms   INTEGER NOT NULL,
    due_ms     INTEGER NOT NULL,            -- not to be claimed before
    rank_ms    INTEGER NOT NULL,            -- the lowest first: when it was due, less what its priority is worth
    attempts   INTEGER NOT NULL DEFAULT 0,
    worker     TEXT,                        -- who holds it
    lease_ms   INTEGER,                     -- until when
    ended_ms   INTEGER,                     -- when it died
    outcome    INTEGER,                     -- of the last attempt, as in `snapshot`
    reason     TEXT
) STRICT;
CREATE UNIQUE INDEX job_live ON job (event_id) WHERE state < 2;
CREATE INDEX job_rank ON job (state, rank_ms);

-- Every attempt of a job that was claimed. outcome NULL: its worker was lost.
CREATE TABLE attempt (
    job_id     INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    event_id   INTEGER NOT NULL,
    worker     TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    took_ms    INTEGER,
    bytes      INTEGER,
    outcome    INTEGER,
    reason     TEXT,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_started ON attempt (started_ms);

-- What the service does beside polling, when it last did, and how that ended.
CREATE TABLE chore (
    name    TEXT PRIMARY KEY,
    run_ms  INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    good    INTEGER NOT NULL,
    reason  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The size of the store, day by day: its growth.
CREATE TABLE store_size (
    day   INTEGER PRIMARY KEY, -- days since 1970
    bytes INTEGER NOT NULL
) STRICT;
