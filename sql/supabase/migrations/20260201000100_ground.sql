-- What a Supabase project has already and a plain PostgreSQL lacks: the roles of its API and auth.uid(). And the schema for what
-- no API may show; only its owner and the service role may look into it.
do $$
declare
    wanted record;
begin
    for wanted in select * from (values
        ('anon', 'nologin noinherit'),
        ('authenticated', 'nologin noinherit'),
        ('service_role', 'nologin noinherit bypassrls')
    ) as roles (name, options) loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
            execute format('create role %I %s', wanted.name, wanted.options);
        end if;
    end loop;
    if to_regprocedure('auth.uid()') is null then
        create schema if not exists auth;
        grant usage on schema auth to anon, authenticated, service_role;
        create function auth.uid() returns uuid language sql stable set search_path = '' as
            'select (nullif(current_setting(''request.jwt.claims'', true), '''')::jsonb ->> ''sub'')::uuid';
    end if;
end $$;

create schema private;
revoke all on schema private from public;
grant usage on schema private to service_role;
grant usage on schema public to anon, authenticated, service_role;
