-- when an offer was first there
UPDATE offer SET first_ms = :first WHERE id = :id
