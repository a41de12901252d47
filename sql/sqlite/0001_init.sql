-- The local store. Times are UTC milliseconds, money is minor units, every window is half-open [from, to).
PRAGMA application_id = 1953985331;


-- Facts about the store itself.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Who saw something: this workstation is row 1; others arrive when a team's rollups are pulled.
CREATE TABLE source (
    id   INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE event (
    id              INTEGER PRIMARY KEY,
    platform        TEXT NOT NULL,
    external_id     TEXT NOT NULL,
    name            TEXT NOT NULL DEFAULT '',
    venue           TEXT NOT NULL DEFAULT '',
    city            TEXT NOT NULL DEFAULT '',
    region          TEXT NOT NULL DEFAULT '',
    country         TEXT NOT NULL DEFAULT '',
    timezone        TEXT NOT NULL DEFAULT '',
    category        TEXT NOT NULL DEFAULT '',
    url             TEXT NOT NULL DEFAULT '',
    currency        TEXT NOT NULL DEFAULT 'USD',
    date_ms         INTEGER,                     -- start; NULL when unknown or to be announced
    time_tbd        INTEGER NOT NULL DEFAULT 0,  -- only the day of date_ms is known
    pending         INTEGER NOT NULL DEFAULT 0,  -- the platform could not be asked about it yet
    state           INTEGER NOT NULL,            -- 0 tracked, 1 untracked by hand, 2 imported
    folded_ms       INTEGER,                     -- hours before this are in `rollup`; NULL before the first poll
    UNIQUE (platform, external_id)
) STRICT;

-- One poll of one event and how it ended; outcome numbers are those of src/core/outcome.def.
CREATE TABLE snapshot (
    event_id  INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    outcome   INTEGER NOT NULL,
    metric_ms INTEGER,            -- good ones: the snapshot whose `metric` rows hold for this one too
    body_hash BLOB,               -- good ones: of the answer's plain bytes
    rejected  INTEGER NOT NULL DEFAULT 0,
    took_ms   INTEGER,            -- of the request, with its retries; NULL for imports
    bytes     INTEGER,            -- on the wire
    reason    TEXT,               -- why it was not good
    PRIMARY KEY (event_id, at_ms)
) STRICT, WITHOUT ROWID;

-- Listings of a good poll that could not be read. One that was live under the same id stays as it was.
CREATE TABLE reject (
    event_id    INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    external_id TEXT,
    reason      TEXT NOT NULL,
    PRIMARY KEY (event_id, at_ms, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE zone (
    id            INTEGER PRIMARY KEY,
    event_id      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    display_order INTEGER NOT NULL, -- as the newest map that lists it says
    first_ms      INTEGER NOT NULL, -- first good poll whose map or listings had it
    mapped_ms     INTEGER NOT NULL, -- last good poll whose map listed it; -1: none, 2^63 - 1: the newest of all
    UNIQUE (event_id, name)
) STRICT;

CREATE TABLE section (
    id       INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL,
    name     TEXT NOT NULL,
    zone_id  INTEGER NOT NULL,      -- as the newest map that lists it says
    first_ms INTEGER NOT NULL,
    mapped_ms INTEGER NOT NULL,
    UNIQUE (event_id, name)
) STRICT;

-- Where listings lie: a section under the label that sellers gave it and the zone it was in.
CREATE TABLE place (
    id         INTEGER PRIMARY KEY,
    event_id   INTEGER NOT NULL,
    section_id INTEGER NOT NULL,
    zone_id    INTEGER NOT NULL,
    label      TEXT NOT NULL,
    UNIQUE (event_id, section_id, zone_id, label)
) STRICT;

-- A listing in one shape; a change of anything but the prices makes another offer under the same external id.
CREATE TABLE offer (
    id          INTEGER PRIMARY KEY,
    event_id    INTEGER NOT NULL,
    external_id TEXT NOT NULL,
    place_id    INTEGER NOT NULL,
    row         TEXT NOT NULL,
    seats       TEXT NOT NULL,
    splits      TEXT NOT NULL,      -- ascending sizes, "1,2,4"; "~" before them when inferred
    quantity    INTEGER NOT NULL,
    tags        INTEGER NOT NULL,   -- bits of src/core/tag.def
    first_ms    INTEGER NOT NULL    -- of its earliest version
) STRICT;
CREATE INDEX offer_by_external_id ON offer (event_id, external_id);

-- An offer at one price, valid in [from_ms, from_ms + lasted_ms). `span` is the power of two at or below
-- lasted_ms, 63 while it is open (lasted_ms NULL): whatever covers a moment t starts after t - 2^(span + 1),
-- so any moment is found by one short range for each span, however long the history is.
CREATE TABLE version (
    event_id     INTEGER NOT NULL,
    span         INTEGER NOT NULL,
    from_ms      INTEGER NOT NULL,
    offer_id     INTEGER NOT NULL,
    lasted_ms    INTEGER,
    price_minor  INTEGER NOT NULL,
    all_in_minor INTEGER,
    PRIMARY KEY (event_id, span, from_ms, offer_id)
) STRICT, WITHOUT ROWID;

-- Measures of a snapshot for the event (zone 0) and each zone with something in it; only where they changed.
-- Medians are doubled, so that the mean of two stays exact. quarter: the ceil(n/4)-th lowest of n prices. min_k: lowest
-- price a ticket where k may be bought.
CREATE TABLE metric (
    event_id    INTEGER NOT NULL,
    at_ms       INTEGER NOT NULL,
    zone_id     INTEGER NOT NULL,
    tickets     INTEGER NOT NULL,
    listings    INTEGER NOT NULL,
    count       INTEGER NOT NULL,
    sum         INTEGER NOT NULL,
    min         INTEGER,
    max         INTEGER,
    median_x2   INTEGER,
    quarter     INTEGER,
    min_1       INTEGER,
    min_2       INTEGER,
    min_4       INTEGER,
    ai_count    INTEGER,            -- the same for all-in prices; NULL when no listing has one
    ai_sum      INTEGER,
    ai_min      INTEGER,
    ai_max      INTEGER,
    ai_median_x2 INTEGER,
    ai_quarter  INTEGER,
    ai_min_1    INTEGER,
    ai_min_2    INTEGER,
    ai_min_4    INTEGER,
    PRIMARY KEY (event_id, at_ms, zone_id)
) STRICT, WITHOUT ROWID;

-- Hours (grain 0) and days (grain 1), UTC. kind 0 the event, 1 a zone, 2 a section; bucket counts hours or days
-- since 1970; a bucket without a good poll has no row, and a zone or section that was empty throughout has none.
CREATE TABLE rollup (
    event_id    INTEGER NOT NULL,
    grain       INTEGER NOT NULL,
    kind        INTEGER NOT NULL,
    bucket      INTEGER NOT NULL,
    scope_id    INTEGER NOT NULL,
    source_id   INTEGER NOT NULL,
    snapshots   INTEGER NOT NULL,
    last_offset INTEGER NOT NULL,   -- ms from the bucket's start to its last good poll
    tickets     INTEGER NOT NULL,
    listings    INTEGER NOT NULL,
    lowest      INTEGER NOT NULL,   -- tickets
    highest     INTEGER NOT NULL,
    count       INTEGER NOT NULL,
    sum         INTEGER NOT NULL,
    min         INTEGER,
    max         INTEGER,
    median_x2   INTEGER,
    quarter     INTEGER,
    min_1       INTEGER,
    min_2       INTEGER,
    min_4       INTEGER,
    ai_count    INTEGER,
    ai_sum      INTEGER,
    ai_min      INTEGER,
    ai_max      INTEGER,
    ai_median_x2 INTEGER,
    ai_quarter  INTEGER,
    ai_min_1    INTEGER,
    ai_min_2    INTEGER,
    ai_min_4    INTEGER,
    PRIMARY KEY (event_id, grain, kind, bucket, scope_id, source_id)
) STRICT, WITHOUT ROWID;

-- What `tws sql` is asked about: names instead of ids, RFC 3339 instead of milliseconds, decimals instead of minor units.
-- The hour and the day that are still open are not in `hourly` and `daily`; `tws trends` has them.
CREATE VIEW events AS
SELECT e.platform || ':' || e.external_id AS event, e.name, e.venue, e.city, e.region AS state, e.country,
       e.timezone, e.category, e.url, e.currency,
       strftime('%Y-%m-%dT%H:%M:%SZ', e.date_ms / 1000, 'unixepoch') AS date,
       CASE e.state WHEN 0 THEN 'tracked' WHEN 1 THEN 'untracked' ELSE 'imported' END AS tracking
FROM event e;

CREATE VIEW snapshots AS
SELECT e.platform || ':' || e.external_id AS event,
       strftime('%Y-%m-%dT%H:%M:%fZ', s.at_ms / 1000.0, 'unixepoch') AS timestamp,
       CASE s.outcome WHEN 0 THEN 'ok' WHEN 1 THEN 'empty' WHEN 2 THEN 'not_found' WHEN 3 THEN 'blocked'
            WHEN 4 THEN 'rate_limited' WHEN 5 THEN 'bad_payload' WHEN 6 THEN 'wrong_event'
            WHEN 7 THEN 'network' WHEN 8 THEN 'partial' END AS outcome,
       m.tickets AS total_tickets, m.listings AS total_listings,
       m.min / 100.0 AS min_price, m.median_x2 / 200.0 AS median_price, m.max / 100.0 AS max_price,
       s.rejected, s.took_ms, s.bytes, s.reason
FROM snapshot s
JOIN event e ON e.id = s.event_id
LEFT JOIN metric m ON s.outcome <= 1 AND m.event_id = s.event_id AND m.zone_id = 0
     AND m.at_ms = coalesce(s.metric_ms, s.at_ms);

CREATE VIEW listing_versions AS
SELECT e.platform || ':' || e.external_id AS event, o.external_id AS listing_id,
       strftime('%Y-%m-%dT%H:%M:%fZ', v.from_ms / 1000.0, 'unixepoch') AS valid_from,
       strftime('%Y-%m-%dT%H:%M:%fZ', (v.from_ms + v.lasted_ms) / 1000.0, 'unixepoch') AS valid_to,
       z.name AS zone, s.name AS section, p.label, o.row, o.seats, ltrim(o.splits, '~') AS splits, o.quantity,
       v.price_minor / 100.0 AS price, v.all_in_minor / 100.0 AS all_in_price
FROM version v
JOIN event e ON e.id = v.event_id
JOIN offer o ON o.id = v.offer_id
JOIN place p ON p.id = o.place_id
JOIN section s ON s.id = p.section_id
JOIN zone z ON z.id = p.zone_id;

CREATE VIEW hourly AS
SELECT e.platform || ':' || e.external_id AS event,
       strftime('%Y-%m-%dT%H:%M:%SZ', r.bucket * 3600, 'unixepoch') AS timestamp,
       CASE r.kind WHEN 0 THEN '*' WHEN 1 THEN z.name END AS zone, s.name AS section,
       r.snapshots, r.tickets AS total_tickets, r.listings AS total_listings,
       r.lowest AS lowest_tickets, r.highest AS highest_tickets,
       r.min / 100.0 AS min_price, r.max / 100.0 AS max_price, r.sum / 100.0 / r.count AS avg_price,
       r.median_x2 / 200.0 AS median_price,
       r.min_1 / 100.0 AS min_price_1, r.min_2 / 100.0 AS min_price_2, r.min_4 / 100.0 AS min_price_4
FROM rollup r
JOIN event e ON e.id = r.event_id
LEFT JOIN zone z ON r.kind = 1 AND z.id = r.scope_id
LEFT JOIN section s ON r.kind = 2 AND s.id = r.scope_id
WHERE r.grain = 0;

CREATE VIEW daily AS
SELECT e.platform || ':' || e.external_id AS event,
       strftime('%Y-%m-%d', r.bucket * 86400, 'unixepoch') AS date,
       CASE r.kind WHEN 0 THEN '*' WHEN 1 THEN z.name END AS zone, s.name AS section,
       r.snapshots, r.tickets AS total_tickets, r.listings AS total_listings,
       r.lowest AS lowest_tickets, r.highest AS highest_tickets,
       r.min / 100.0 AS min_price, r.max / 100.0 AS max_price, r.sum / 100.0 / r.count AS avg_price,
       r.median_x2 / 200.0 AS median_price,
       r.min_1 / 100.0 AS min_price_1, r.min_2 / 100.0 AS min_price_2, r.min_4 / 100.0 AS min_price_4
FROM rollup r
JOIN event e ON e.id = r.event_id
LEFT JOIN zone z ON r.kind = 1 AND z.id = r.scope_id
LEFT JOIN section s ON r.kind = 2 AND s.id = r.scope_id
WHERE r.grain = 1;
