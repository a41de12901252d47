-- Measures of snapshots of one source, one batch, applied at most once. $1 tenant, $2 source, $3 to $6 the batch's id, number,
-- rows and hash; $7 whether most rows are expected to be new: else those that are there already are left out first, unlocked.
begin;
set local statement_timeout = '120s';
set local lock_timeout = '20s';
create temporary table stage (
    event_id uuid, kind smallint, scope text, taken_at timestamptz, currency text, tickets bigint, listings bigint,
    count bigint, sum bigint, min bigint, max bigint, median_x2 bigint, min_1 bigint, min_2 bigint, min_4 bigint,
    ai_count bigint, ai_sum bigint, ai_min bigint, ai_max bigint, ai_median_x2 bigint, ai_min_1 bigint,
    ai_min_2 bigint, ai_min_4 bigint
) on commit drop;
copy stage from stdin;
with fresh as (
    insert into private.sync_batches (tenant_id, source_id, batch_id, last_seq, rows, sha256)
    values ($1, $2, $3, $4, $5, decode($6, 'hex'))
    on conflict do nothing
    returning 1
), written as (
    insert into public.ticket_snapshots as t (tenant_id, event_id, kind, scope, taken_at, source_id, currency, tickets, listings, count, sum, min, max,
        median_x2, min_1, min_2, min_4, ai_count, ai_sum, ai_min, ai_max, ai_median_x2, ai_min_1, ai_min_2, ai_min_4)
    select $1, s.event_id, s.kind, s.scope, s.taken_at, $2, s.currency, s.tickets, s.listings, s.count, s.sum, s.min,
        s.max, s.median_x2, s.min_1, s.min_2, s.min_4, s.ai_count, s.ai_sum, s.ai_min, s.ai_max, s.ai_median_x2,
        s.ai_min_1, s.ai_min_2, s.ai_min_4
    from stage s
    where exists (select from fresh)
      and ($7 or not exists (
        select from public.ticket_snapshots t
        where t.tenant_id = $1 and t.event_id = s.event_id and t.kind = s.kind and t.scope = s.scope
          and t.taken_at = s.taken_at and t.source_id = $2
          and (t.currency, t.tickets, t.listings, t.count, t.sum, t.min, t.max, t.median_x2, t.min_1, t.min_2, t.min_4,
            t.ai_count, t.ai_sum, t.ai_min, t.ai_max, t.ai_median_x2, t.ai_min_1, t.ai_min_2, t.ai_min_4)
              is not distinct from
              (s.currency, s.tickets, s.listings, s.count, s.sum, s.min, s.max, s.median_x2, s.min_1, s.min_2, s.min_4,
            s.ai_count, s.ai_sum, s.ai_min, s.ai_max, s.ai_median_x2, s.ai_min_1, s.ai_min_2, s.ai_min_4)))
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
), changed as (
    select event_id from written
)
select (select count(*) from fresh), (select count(*) from changed),
       private.batch_done($1, array(select distinct event_id from changed));
commit
