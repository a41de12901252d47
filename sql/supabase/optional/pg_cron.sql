-- Optional, where pg_cron was not there when the migrations ran. On Supabase: enable it, or run this. Elsewhere a superuser adds it to
-- shared_preload_libraries first. Running it again changes nothing.
create extension if not exists pg_cron with schema pg_catalog;
select private.schedule_jobs();
