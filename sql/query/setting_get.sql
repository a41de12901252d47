-- a fact about the store
SELECT value FROM setting WHERE name = :name
