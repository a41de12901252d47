-- Hours of one source that the team does not have yet, one batch: as team_push_hours.sql, but a row that is there already, or the
-- batch itself, ends it with a unique violation. $1 tenant, $2 source, $3 to $6 the batch's id, number, rows and hash.
begin;
set local statement_timeout = '120s';
set local lock_timeout = '20s';
create temporary table stage (
    event_id uuid, kind smallint, scope text, bucket timestamptz, currency text, snapshots bigint,
    last_offset integer, tickets bigint, listings bigint, lowest bigint, highest bigint, count bigint, sum bigint,
    min bigint, max bigint, median_x2 bigint, min_1 bigint, min_2 bigint, min_4 bigint, ai_count bigint,
    ai_sum bigint, ai_min bigint, ai_max bigint, ai_median_x2 bigint, ai_min_1 bigint, ai_min_2 bigint,
    ai_min_4 bigint, replaced boolean
) on commit drop;
copy stage from stdin;
insert into private.sync_batches (tenant_id, source_id, batch_id, last_seq, rows, sha256)
values ($1, $2, $3, $4, $5, decode($6, 'hex'));
insert into public.aggregated_analytics (tenant_id, event_id, kind, scope, bucket, source_id, currency, snapshots, last_offset, tickets, listings,
    lowest, highest, count, sum, min, max, median_x2, min_1, min_2, min_4, ai_count, ai_sum, ai_min, ai_max,
    ai_median_x2, ai_min_1, ai_min_2, ai_min_4)
select $1, s.event_id, s.kind, s.scope, s.bucket, $2, s.currency, s.snapshots, s.last_offset, s.tickets, s.listings,
    s.lowest, s.highest, s.count, s.sum, s.min, s.max, s.median_x2, s.min_1, s.min_2, s.min_4, s.ai_count,
    s.ai_sum, s.ai_min, s.ai_max, s.ai_median_x2, s.ai_min_1, s.ai_min_2, s.ai_min_4
from stage s;
select 1, sum(s.rows), private.batch_done($1, array_agg(s.event_id)) from (select event_id, count(*) as rows from stage group by event_id) s;
commit
