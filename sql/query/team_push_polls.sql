-- How polls ended, of one source, one batch, applied at most once. $1 tenant, $2 source, $3 to $6 the batch's id, number, rows
-- and hash.
begin;
set local statement_timeout = '120s';
set local lock_timeout = '20s';
create temporary table stage (
    event_id uuid, polled_at timestamptz, outcome text, rejected integer, took_ms integer, bytes bigint, reason text
) on commit drop;
copy stage from stdin;
with fresh as (
    insert into private.sync_batches (tenant_id, source_id, batch_id, last_seq, rows, sha256)
    values ($1, $2, $3, $4, $5, decode($6, 'hex'))
    on conflict do nothing
    returning 1
), written as (
    insert into public.scraper_logs as t (tenant_id, event_id, polled_at, source_id, outcome, rejected, took_ms, bytes, reason)
    select $1, s.event_id, s.polled_at, $2, s.outcome, s.rejected, s.took_ms, s.bytes, s.reason
    from stage s
    where exists (select from fresh)
      and not exists (
        select from public.scraper_logs t
        where t.tenant_id = $1 and t.event_id = s.event_id and t.polled_at = s.polled_at and t.source_id = $2
          and (t.outcome, t.rejected, t.took_ms, t.bytes, t.reason)
              is not distinct from (s.outcome, s.rejected, s.took_ms, s.bytes, s.reason))
    on conflict (tenant_id, event_id, polled_at, source_id) do update set
        outcome = excluded.outcome, rejected = excluded.rejected, took_ms = excluded.took_ms, bytes = excluded.bytes,
        reason = excluded.reason
    returning event_id
)
select (select count(*) from fresh), (select count(*) from written);
commit
