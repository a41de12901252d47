-- Events of one performer are asked about together.
ALTER TABLE event ADD COLUMN performer_id TEXT NOT NULL DEFAULT ''; -- the platform's, of whom the event is named for
CREATE INDEX event_performer ON event (platform, performer_id) WHERE performer_id <> '';
