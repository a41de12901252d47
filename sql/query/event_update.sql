-- what is known now of an event; what is not known now stays
UPDATE event SET
    name = CASE WHEN :name <> '' THEN :name ELSE name END,
    venue = CASE WHEN :venue <> '' THEN :venue ELSE venue END,
    city = CASE WHEN :city <> '' THEN :city ELSE city END,
    region = CASE WHEN :region <> '' THEN :region ELSE region END,
    country = CASE WHEN :country <> '' THEN :country ELSE country END,
    timezone = CASE WHEN :timezone <> '' THEN :timezone ELSE timezone END,
    category = CASE WHEN :category <> '' THEN :category ELSE category END,
    url = CASE WHEN :url <> '' THEN :url ELSE url END,
    performer_id = CASE WHEN :performer_id <> '' THEN :performer_id ELSE performer_id END,
    currency = CASE WHEN :currency = '' OR EXISTS (SELECT 1 FROM snapshot WHERE event_id = :id AND outcome <= 1)
               THEN currency ELSE :currency END, -- that of the prices, once there are some
    date_ms = CASE WHEN :pending THEN coalesce(:date_ms, date_ms) ELSE :date_ms END,
    time_tbd = CASE WHEN :pending AND :date_ms IS NULL THEN time_tbd ELSE :time_tbd END,
    pending = :pending
WHERE id = :id
