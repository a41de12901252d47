-- a new event
INSERT INTO event (platform, external_id, name, venue, city, region, country, timezone, category, url, currency, performer_id,
                   date_ms, time_tbd, pending, state)
VALUES (:platform, :external_id, :name, :venue, :city, :region, :country, :timezone, :category, :url, :currency, :performer_id,
        :date_ms, :time_tbd, :pending, :state)
