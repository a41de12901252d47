-- the migrations that are applied
select version, coalesce(name, '') from supabase_migrations.schema_migrations order by version
