-- Events of one source with what it does about them, their zones and sections, and the measures of their last good polls; one
-- batch, applied at most once. $1 tenant, $2 source, $3 to $6 the batch's id, number, rows and hash. Which of two sources' rows
-- stands does not depend on who comes last.
begin;
set local statement_timeout = '120s';
set local lock_timeout = '20s';
create temporary table stage_event (
    event_id uuid, platform text, external_id text, name text, venue text, city text, region text, country text,
    timezone text, category text, url text, currency text, starts_at timestamptz, time_tbd boolean, seen_at timestamptz,
    tracked boolean, last_scraped timestamptz
) on commit drop;
create temporary table stage_zone (
    event_id uuid, zone text, section text, display_order integer, first_seen timestamptz, hour_before integer,
    day_before integer, mapped_at timestamptz, has_listings boolean
) on commit drop;
create temporary table stage (
    event_id uuid, kind smallint, scope text, taken_at timestamptz, currency text, tickets bigint, listings bigint,
    count bigint, sum bigint, min bigint, max bigint, median_x2 bigint, min_1 bigint, min_2 bigint, min_4 bigint,
    ai_count bigint, ai_sum bigint, ai_min bigint, ai_max bigint, ai_median_x2 bigint, ai_min_1 bigint,
    ai_min_2 bigint, ai_min_4 bigint
) on commit drop;
copy stage_event from stdin;
copy stage_zone from stdin;
copy stage from stdin;
with fresh as (
    insert into private.sync_batches (tenant_id, source_id, batch_id, last_seq, rows, sha256)
    values ($1, $2, $3, $4, $5, decode($6, 'hex'))
    on conflict do nothing
    returning 1
), merged as (
    insert into public.events as t (tenant_id, event_id, platform, external_id, name, venue, city, region, country, timezone, category, url, currency, starts_at,
        time_tbd, seen_at, seen_by)
    select $1, s.event_id, s.platform, s.external_id, s.name, s.venue, s.city, s.region, s.country, s.timezone, s.category, s.url,
        s.currency, s.starts_at, s.time_tbd, s.seen_at, $2
    from stage_event s
    where exists (select from fresh)
    on conflict (tenant_id, event_id) do update set
        name = excluded.name, venue = excluded.venue, city = excluded.city, region = excluded.region,
        country = excluded.country, timezone = excluded.timezone, category = excluded.category, url = excluded.url,
        currency = excluded.currency, starts_at = excluded.starts_at, time_tbd = excluded.time_tbd,
        seen_at = excluded.seen_at, seen_by = excluded.seen_by
    where (excluded.seen_at, excluded.seen_by) >= (t.seen_at, t.seen_by)
      and (t.name, t.venue, t.city, t.region, t.country, t.timezone, t.category, t.url, t.currency, t.starts_at,
            t.time_tbd, t.seen_at, t.seen_by)
          is distinct from
          (excluded.name, excluded.venue, excluded.city, excluded.region, excluded.country, excluded.timezone,
            excluded.category, excluded.url, excluded.currency, excluded.starts_at, excluded.time_tbd,
            excluded.seen_at, excluded.seen_by)
    returning event_id
)
select (select count(*) from fresh), (select count(*) from merged);
insert into public.event_sources as t (tenant_id, event_id, source_id, tracked, last_scraped)
select $1, s.event_id, $2, s.tracked, s.last_scraped
from stage_event s
on conflict (tenant_id, event_id, source_id) do update set tracked = excluded.tracked, last_scraped = excluded.last_scraped
where (t.tracked, t.last_scraped) is distinct from (excluded.tracked, excluded.last_scraped);
insert into public.zones_mapping as t (tenant_id, event_id, zone, section, display_order, first_seen, hour_before, day_before,
    mapped_at, has_listings)
select $1, s.event_id, s.zone, s.section, s.display_order, s.first_seen, s.hour_before, s.day_before, s.mapped_at, s.has_listings
from stage_zone s
on conflict (tenant_id, event_id, zone, section) do update set
    display_order = case when excluded.mapped_at > t.mapped_at or t.mapped_at is null and excluded.mapped_at is not null
                         then excluded.display_order
                         when excluded.mapped_at is not distinct from t.mapped_at
                         then least(t.display_order, excluded.display_order)
                         else t.display_order end,
    hour_before = case when excluded.first_seen < t.first_seen then excluded.hour_before
                       when excluded.first_seen = t.first_seen then greatest(t.hour_before, excluded.hour_before)
                       else t.hour_before end,
    day_before = case when excluded.first_seen < t.first_seen then excluded.day_before
                      when excluded.first_seen = t.first_seen then greatest(t.day_before, excluded.day_before)
                      else t.day_before end,
    first_seen = least(t.first_seen, excluded.first_seen),
    mapped_at = greatest(t.mapped_at, excluded.mapped_at),
    has_listings = t.has_listings or excluded.has_listings
where excluded.first_seen <= t.first_seen or excluded.has_listings and not t.has_listings
   or excluded.mapped_at >= t.mapped_at or t.mapped_at is null;
with written as (
    insert into public.ticket_snapshots as t (tenant_id, event_id, kind, scope, taken_at, source_id,
        currency, tickets, listings, count, sum, min, max, median_x2, min_1, min_2, min_4, ai_count, ai_sum, ai_min,
        ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4)
    select $1, s.event_id, s.kind, s.scope, s.taken_at, $2,
        s.currency, s.tickets, s.listings, s.count, s.sum, s.min, s.max, s.median_x2, s.min_1, s.min_2, s.min_4,
        s.ai_count, s.ai_sum, s.ai_min, s.ai_max, s.ai_median_x2, s.ai_min_1, s.ai_min_2, s.ai_min_4
    from stage s
    on conflict (tenant_id, event_id, kind, scope, taken_at, source_id) do update set
        currency = excluded.currency, tickets = excluded.tickets, listings = excluded.listings,
        count = excluded.count, sum = excluded.sum, min = excluded.min, max = excluded.max,
        median_x2 = excluded.median_x2, min_1 = excluded.min_1, min_2 = excluded.min_2, min_4 = excluded.min_4,
        ai_count = excluded.ai_count, ai_sum = excluded.ai_sum, ai_min = excluded.ai_min, ai_max = excluded.ai_max,
        ai_median_x2 = excluded.ai_median_x2, ai_min_1 = excluded.ai_min_1, ai_min_2 = excluded.ai_min_2,
        ai_min_4 = excluded.ai_min_4
    where (t.currency, t.tickets, t.listings, t.count, t.sum, t.min, t.max, t.median_x2, t.min_1, t.min_2, t.min_4,
            t.ai_count, t.ai_sum, t.ai_min, t.ai_max, t.ai_median_x2, t.ai_min_1, t.ai_min_2, t.ai_min_4)
          is distinct from
          (excluded.currency, excluded.tickets, excluded.listings, excluded.count, excluded.sum, excluded.min,
            excluded.max, excluded.median_x2, excluded.min_1, excluded.min_2, excluded.min_4, excluded.ai_count,
            excluded.ai_sum, excluded.ai_min, excluded.ai_max, excluded.ai_median_x2, excluded.ai_min_1,
            excluded.ai_min_2, excluded.ai_min_4)
    returning event_id
)
select 1, (select count(*) from written), private.batch_done($1, array(select distinct event_id from written));
commit
