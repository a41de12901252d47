-- an offer at a price
INSERT INTO version (event_id, span, from_ms, offer_id, lasted_ms, price_minor, all_in_minor)
VALUES (:event, :span, :from, :offer, :lasted, :price, :all_in)
