#!/bin/sh
# Puts what a local store knows into the team's tables, by SQL that shares nothing with the program: sh load.sh STORE HOW TENANT
# SOURCE [EVENTS]. HOW is `rollups` (hours, days and each event's last snapshot, as a workstation pushes) or `snapshots` (every snapshot with
# its sections measured from the listings, as a source does whose hours are made in the database). Both tables of measures get only
# what HOW says; EVENTS says how many events (all). psql finds the server by PGHOST and the like.
set -eu
store=$1 how=$2 tenant=$3 source=$4 most=${5:-1000000}

# copy TABLE QUERY: what SQLite answers, as a temporary table of text.
copy() {
    printf '%s\n' "\\copy $1 from program 'sqlite3 -readonly -csv \"$store\" \"$(printf '%s' "$2" | tr '\n' ' ' | sed "s/'/''/g")\"' csv"
}

prices='count,sum,min,max,median_x2,min_1,min_2,min_4,ai_count,ai_sum,ai_min,ai_max,ai_median_x2,ai_min_1,ai_min_2,ai_min_4'
price_columns=$(echo "$prices" | awk '{ gsub(/,/, " bigint, "); print $0 " bigint" }')

# One row a poll, section and basis, by ordering its listings.
by_section="with o as materialized (
        select s.event_id, s.at_ms, c.name as scope, o.quantity, ',' || ltrim(o.splits, '~') || ',' as splits, v.price_minor, v.all_in_minor
        from snapshot s join version v on v.event_id = s.event_id and v.from_ms <= s.at_ms
            and (v.lasted_ms is null or s.at_ms < v.from_ms + v.lasted_ms)
        join offer o on o.id = v.offer_id join place p on p.id = o.place_id join section c on c.id = p.section_id
        where s.outcome <= 1 and s.event_id <= $most),
    b as (select event_id, at_ms, scope, 0 as basis, splits, price_minor as price from o
        union all select event_id, at_ms, scope, 1, splits, all_in_minor from o where all_in_minor is not null),
    n as (select *, row_number() over w as rank, count(*) over (partition by event_id, at_ms, scope, basis) as known from b
        window w as (partition by event_id, at_ms, scope, basis order by price)),
    m as (select event_id, at_ms, scope, basis, count(*) as count, sum(price) as sum, min(price) as min, max(price) as max,
            sum(case when rank = (known + 1) / 2 then price else 0 end) + sum(case when rank = known / 2 + 1 then price else 0 end) as median_x2,
            min(case when splits like '%,1,%' then price end) as min_1, min(case when splits like '%,2,%' then price end) as min_2,
            min(case when splits like '%,4,%' then price end) as min_4
        from n group by 1, 2, 3, 4),
    t as (select event_id, at_ms, scope, sum(quantity) as tickets, count(*) as listings from o group by 1, 2, 3)
    select t.event_id, 2, t.scope, t.at_ms, t.tickets, t.listings, p.count, p.sum, p.min, p.max, p.median_x2, p.min_1, p.min_2, p.min_4,
        a.count, a.sum, a.min, a.max, a.median_x2, a.min_1, a.min_2, a.min_4
    from t left join m p on p.event_id = t.event_id and p.at_ms = t.at_ms and p.scope = t.scope and p.basis = 0
    left join m a on a.event_id = t.event_id and a.at_ms = t.at_ms and a.scope = t.scope and a.basis = 1"

{
    cat <<END
\\set ON_ERROR_STOP on
set client_min_messages = warning;
begin;
create temp table l_event (id int, platform text, external_id text, name text, venue text, city text, region text, country text,
    timezone text, category text, url text, currency text, date_ms bigint, time_tbd int, state int, last_ms bigint) on commit drop;
create temp table l_zone (event_id int, zone text, section text, display_order int, first_ms bigint, mapped_ms bigint, listed int,
    hour_before int, day_before int) on commit drop;
create temp table l_measures (event_id int, kind int, scope text, at_ms bigint, grain int, snapshots bigint, last_offset int,
    tickets bigint, listings bigint, lowest bigint, highest bigint, $price_columns) on commit drop;
create temp table l_snapshots (event_id int, kind int, scope text, at_ms bigint, tickets bigint, listings bigint,
    $price_columns) on commit drop;
END
    copy l_event "select id, platform, external_id, name, venue, city, region, country, timezone, category, url, currency, date_ms,
        time_tbd, state, (select max(at_ms) from snapshot s where s.event_id = e.id and outcome <= 1) from event e
        where id <= $most"
    before="(select count(*) from snapshot s where s.event_id = x.event_id and outcome <= 1 and s.at_ms < x.first_ms
        and s.at_ms >= x.first_ms - x.first_ms % "
    copy l_zone "select event_id, name, '', display_order, first_ms, mapped_ms, 0, $before 3600000), $before 86400000) from zone x
        union all
        select x.event_id, z.name, x.name, 0, x.first_ms, iif(z.id = x.zone_id, x.mapped_ms, -1),
            exists (select 1 from place p where p.zone_id = z.id and p.section_id = x.id), $before 3600000), $before 86400000)
        from section x join zone z on z.event_id = x.event_id
        where z.id = x.zone_id or exists (select 1 from place p where p.zone_id = z.id and p.section_id = x.id)"
    last=
    if [ "$how" = rollups ]; then
        copy l_measures "select r.event_id, kind, coalesce(z.name, s.name, '*'), bucket * iif(grain = 0, 3600000, 86400000), grain,
            snapshots, last_offset, tickets, listings, lowest, highest, $prices from rollup r
            left join zone z on kind = 1 and z.id = scope_id left join section s on kind = 2 and s.id = scope_id"
        last='and s.at_ms = (select max(at_ms) from snapshot o where o.event_id = s.event_id and o.outcome <= 1)'
    fi
    copy l_snapshots "select s.event_id, zone_id > 0, coalesce(z.name, '*'), s.at_ms, tickets, listings, $prices
        from snapshot s join metric m on m.event_id = s.event_id and m.at_ms = coalesce(s.metric_ms, s.at_ms)
        left join zone z on z.id = m.zone_id where outcome <= 1 $last"
    [ "$how" = rollups ] || copy l_snapshots "$by_section"
    cat <<END
create temp table l_id on commit drop as
    select id, currency, extensions.uuid_generate_v5(extensions.uuid_ns_url(), platform || ':' || external_id) as event_id from l_event;
insert into public.tenants values ('$tenant', 'tests') on conflict do nothing;
insert into public.sources (tenant_id, source_id, name, aggregated) values ('$tenant', '$source', '$how', '$how' = 'snapshots');
insert into public.events (tenant_id, event_id, platform, external_id, name, venue, city, region, country, timezone, category, url,
    currency, starts_at, time_tbd, seen_at, seen_by)
select '$tenant', i.event_id, platform, external_id, name, venue, city, region, country, timezone, category, url, e.currency,
    'epoch'::timestamptz + date_ms * interval '1 ms', time_tbd = 1, 'epoch'::timestamptz + coalesce(last_ms, 0) * interval '1 ms', '$source'
from l_event e join l_id i using (id) on conflict do nothing;
insert into public.event_sources select '$tenant', i.event_id, '$source', state = 0, 'epoch'::timestamptz + last_ms * interval '1 ms'
from l_event e join l_id i using (id);
insert into public.zones_mapping (tenant_id, event_id, zone, section, display_order, first_seen, hour_before, day_before, mapped_at, has_listings)
select '$tenant', i.event_id, zone, section, display_order, 'epoch'::timestamptz + first_ms * interval '1 ms', hour_before, day_before,
    case when mapped_ms >= 0 then 'epoch'::timestamptz + least(mapped_ms, last_ms) * interval '1 ms' end, listed = 1
from l_zone z join l_id i on i.id = z.event_id join l_event e on e.id = z.event_id on conflict do nothing;
select private.ensure_partitions('epoch'::timestamptz + min(at_ms) * interval '1 ms', 'epoch'::timestamptz + max(at_ms) * interval '1 ms')
from l_snapshots;
insert into public.ticket_snapshots (tenant_id, event_id, kind, scope, taken_at, source_id, currency, tickets, listings, $prices)
select '$tenant', i.event_id, kind, scope, 'epoch'::timestamptz + at_ms * interval '1 ms', '$source', currency, tickets, listings, $prices
from l_snapshots s join l_id i on i.id = s.event_id;
END
    for table in 0:aggregated_analytics 1:daily_analytics; do
        cat <<END
insert into public.${table#*:} (tenant_id, event_id, kind, scope, bucket, source_id, currency, snapshots, last_offset, tickets, listings,
    lowest, highest, $prices)
select '$tenant', i.event_id, kind, scope, 'epoch'::timestamptz + at_ms * interval '1 ms', '$source', currency, snapshots, last_offset,
    tickets, listings, lowest, highest, $prices
from l_measures m join l_id i on i.id = m.event_id where grain = ${table%%:*};
END
    done
    echo 'commit;'
} | psql -XqAt >/dev/null
