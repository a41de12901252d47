-- moves that mark
UPDATE event SET folded_ms = :folded WHERE id = :event
