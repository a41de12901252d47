-- notes a migration that is applied: version, name, its statements
insert into supabase_migrations.schema_migrations (version, name, statements) values ($1, $2, $3::text[])
