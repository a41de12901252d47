-- Optional, for who may alter the role of PostgREST (postgres on Supabase; a superuser elsewhere): machines' keys are checked before
-- each request, and writes are counted. Run it once, after the migrations: psql "$TWS_DATABASE_URL" -f authenticator.sql
-- Realtime and Storage do not call it.
alter role authenticator set pgrst.db_pre_request = 'internal.pre_request';
notify pgrst, 'reload config';
