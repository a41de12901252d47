-- Alerts: rules, how they stand, what fired, and whom it reached. Values are in the unit of the rule (src/core/rule.h).

-- Rules of `tws alerts add`; others stand in the config file.
CREATE TABLE alert_rule (
    name     TEXT PRIMARY KEY,
    rule     TEXT NOT NULL,
    added_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each firing. The texts are as they were then: rules and events may change or go.
CREATE TABLE alert (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    rule          TEXT NOT NULL,
    event_id      INTEGER,             -- NULL: all events together, or the store
    fired_ms      INTEGER NOT NULL,
    value         INTEGER NOT NULL,
    threshold     INTEGER NOT NULL,
    told_ms       INTEGER,             -- NULL: held back by quiet hours or the cooldown
    cleared_ms    INTEGER,             -- NULL: it still holds
    cleared_value INTEGER              -- NULL: nothing left to measure, or the rule is gone
) STRICT;
CREATE INDEX alert_by_time ON alert (fired_ms);

-- How a rule stands for an event (0: all together, or the store).
CREATE TABLE alert_state (
    name        TEXT NOT NULL,
    event_id    INTEGER NOT NULL,
    rule        TEXT NOT NULL,         -- another text under the same name begins anew
    alert_id    INTEGER,               -- the firing that holds; NULL: none
    owed        INTEGER NOT NULL,      -- it holds and nobody was told yet
    since_ms    INTEGER NOT NULL,
    fired_value INTEGER NOT NULL,
    told_ms     INTEGER NOT NULL,      -- -1: never
    seen_ms     INTEGER NOT NULL,      -- the poll that was judged last; -1: none
    value       INTEGER,               -- then; NULL: nothing to measure
    threshold   INTEGER NOT NULL,
    PRIMARY KEY (name, event_id)
) STRICT, WITHOUT ROWID;

-- Messages: one for each firing that is told and each way out.
CREATE TABLE alert_message (
    alert_id   INTEGER NOT NULL,
    way        TEXT NOT NULL,          -- stderr, exec, webhook, mail
    tries      INTEGER NOT NULL DEFAULT 0,
    next_ms    INTEGER,                -- to be tried from then on; NULL: it arrived, or was given up
    arrived_ms INTEGER,                -- NULL: not
    reason     TEXT,                   -- why the last try failed
    PRIMARY KEY (alert_id, way)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_message_waiting ON alert_message (next_ms) WHERE next_ms IS NOT NULL;
