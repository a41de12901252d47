-- The months of ticket_snapshots: made ahead, listed when they are old enough to be archived, dropped when that is done. They live
-- in the schema private, because row-level security of the parent does not hold for who asks a partition itself. There is no
-- default partition: it would hold back both making and detaching the others.

create table private.partition_policy (
    only_row      boolean primary key default true check (only_row),
    ahead         interval not null default '3 months', -- made before they are needed
    archive_after interval not null default '4 months', -- ready to be archived at this age
    drop_after    interval                              -- dropped at this age even when not archived; null: never
);
insert into private.partition_policy default values;

-- Exports of months. A month is ready (no row, or snapshots came in again after it was dropped), archived, then dropped.
create table private.partition_archives (
    month       date not null check (extract(day from month) = 1),
    location    text not null check (location <> ''), -- where the export lies
    state       text not null default 'archived' check (state in ('archived', 'dropped')),
    rows        bigint not null,
    sha256      bytea not null check (octet_length(sha256) = 32),
    archived_at timestamptz not null default now(),
    dropped_at  timestamptz,
    primary key (month, location)
);

alter table private.partition_policy enable row level security;
alter table private.partition_archives enable row level security;
grant select, update on private.partition_policy to service_role;
grant select on private.partition_archives to service_role;

create function private.partition_name(p_month date) returns text
language sql immutable set search_path = '' as $$
    select 'ticket_snapshots_' || to_char(p_month, 'YYYY_MM')
$$;

-- Makes the missing months from that of p_from to that of p_to (now and as far ahead as the policy says) and returns how many.
-- A table is filled in first and attached then, which locks out nobody who reads or writes.
create function private.ensure_partitions(p_from timestamptz default now(), p_to timestamptz default null) returns integer
language plpgsql security definer set search_path = '' set lock_timeout = '5s' as $$
declare
    first date := date_trunc('month', p_from at time zone 'UTC');
    last  date := date_trunc('month', coalesce(p_to, p_from + (select ahead from private.partition_policy)) at time zone 'UTC');
    month date;
    made  integer := 0;
begin
    if last > first + interval '600 months' then
        raise exception 'more than 600 months of snapshots, from % to %', first, last using errcode = '22023';
    end if;
    perform pg_advisory_xact_lock(hashtextextended('tws.partitions', 0));
    for month in select generate_series(first::timestamp, last, '1 month') loop
        if to_regclass(format('private.%I', private.partition_name(month))) is not null then
            continue;
        end if;
        execute format('create table private.%1$I (like public.ticket_snapshots including defaults including constraints
                including generated including storage)', private.partition_name(month));
        execute format('alter table private.%1$I enable row level security', private.partition_name(month));
        execute format('revoke all on private.%1$I from public, anon, authenticated, service_role', private.partition_name(month));
        execute format('alter table public.ticket_snapshots attach partition private.%1$I for values from (%2$L) to (%3$L)',
            private.partition_name(month), month::timestamp at time zone 'UTC',
            (month + interval '1 month') at time zone 'UTC');
        made := made + 1;
    end loop;
    return made;
end $$;

-- Every month that there is. state: live, ready (to be archived), archived.
create function private.partitions(p_now timestamptz default now())
returns table (month date, name text, state text, bytes bigint, rows_estimated bigint)
language sql stable security definer set search_path = '' as $$
    select m.month, m.name,
        case when exists (select from private.partition_archives a where a.month = m.month and a.state = 'archived')
             then 'archived'
             when (m.month + interval '1 month') at time zone 'UTC' <= p_now - p.archive_after then 'ready'
             else 'live' end,
        pg_total_relation_size(m.oid), greatest(m.reltuples, 0)::bigint
    from private.partition_policy p,
        lateral (select c.oid, c.relname::text as name, c.reltuples, to_date(right(c.relname, 7), 'YYYY_MM') as month
                 from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
                 where i.inhparent = 'public.ticket_snapshots'::regclass) m
    order by m.month
$$;

-- Notes that a month is exported, with as many rows as it has; the export was read back and its hash is known.
create function private.partition_archived(p_month date, p_location text, p_rows bigint, p_sha256 bytea) returns void
language plpgsql security definer set search_path = '' as $$
declare
    found bigint;
begin
    execute format('select count(*) from private.%I', private.partition_name(p_month)) into found;
    if found <> p_rows then
        raise exception 'the month % has % rows, its archive %', to_char(p_month, 'YYYY-MM'), found, p_rows
            using errcode = '55000', hint = 'Rows came in while it was written. Archive it again.';
    end if;
    insert into private.partition_archives (month, location, rows, sha256)
    values (p_month, p_location, p_rows, p_sha256)
    on conflict on constraint partition_archives_pkey do update
        set state = 'archived', rows = excluded.rows, sha256 = excluded.sha256, archived_at = now(), dropped_at = null;
end $$;

-- Drops months that are archived (and got no row since), and those beyond the policy's last age. Returns how many. One that is
-- in use is left for the next time.
create function private.drop_partitions(p_now timestamptz default now()) returns integer
language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
declare
    old     record;
    found   bigint;
    dropped integer := 0;
begin
    perform pg_advisory_xact_lock(hashtextextended('tws.partitions', 0));
    for old in
        select p.month, p.name, a.location, a.rows from private.partitions(p_now) p
        left join private.partition_archives a on a.month = p.month and a.state = 'archived'
        where a.month is not null or (p.month + interval '1 month') at time zone 'UTC'
            <= p_now - (select drop_after from private.partition_policy)
        order by p.month
    loop
        begin
            execute format('lock table private.%I in share mode', old.name);
            execute format('select count(*) from private.%I', old.name) into found;
            if old.location is not null and found <> old.rows then
                delete from private.partition_archives where month = old.month and location = old.location;
                continue; -- ready again
            end if;
            execute format('alter table public.ticket_snapshots detach partition private.%I', old.name);
            execute format('drop table private.%I', old.name);
            update private.partition_archives set state = 'dropped', dropped_at = now()
            where month = old.month and location = old.location;
            dropped := dropped + 1;
        exception when lock_not_available then
            raise notice 'the month % is in use and stays for now', old.month;
        end;
    end loop;
    return dropped;
end $$;

revoke execute on all functions in schema private from public;
grant execute on function private.partition_name(date), private.ensure_partitions(timestamptz, timestamptz),
    private.partitions(timestamptz), private.partition_archived(date, text, bigint, bytea),
    private.drop_partitions(timestamptz) to service_role;

select private.ensure_partitions();
