-- What a Supabase project has before the first migration of its owner: roles, schemas, auth functions, stubs of Realtime,
-- Storage and Vault. Run by the superuser supabase_admin in each database of the tests.
-- :old = on gives the default privileges of projects made before 2026-05-30 (everything in public is granted to the API).
\set ON_ERROR_STOP on
set client_min_messages = warning;

do $$
declare
    wanted record;
begin
    for wanted in select * from (values
        ('anon', 'nologin noinherit'), ('authenticated', 'nologin noinherit'),
        ('service_role', 'nologin noinherit bypassrls'),
        ('authenticator', 'login noinherit password ''postgres'''),
        ('postgres', 'login createrole createdb bypassrls password ''postgres'''),
        ('supabase_auth_admin', 'nologin noinherit createrole'),
        ('supabase_storage_admin', 'nologin noinherit createrole'),
        ('supabase_realtime_admin', 'nologin noinherit'), ('dashboard_user', 'nologin createdb createrole')
    ) as roles (name, options) loop
        if not exists (select from pg_catalog.pg_roles where rolname = wanted.name) then
            execute format('create role %I %s', wanted.name, wanted.options);
        end if;
    end loop;
end $$;
grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role, authenticator to postgres with admin option;
grant pg_monitor, pg_read_all_data, pg_signal_backend to postgres;
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role postgres set search_path = "$user", public, extensions;

select format('alter database %I owner to postgres', current_database()) \gexec
select format('alter database %I set timezone = ''UTC''', current_database()) \gexec
alter schema public owner to postgres;
grant usage on schema public to anon, authenticated, service_role;

\if :old
alter default privileges for role postgres in schema public grant all on tables to anon, authenticated, service_role;
alter default privileges for role postgres in schema public grant all on sequences to anon, authenticated, service_role;
alter default privileges for role postgres in schema public grant all on functions to anon, authenticated, service_role;
\endif

create schema extensions authorization postgres;
grant usage on schema extensions to public;
create extension "uuid-ossp" with schema extensions;
create extension pgcrypto with schema extensions;
create schema graphql_public;
grant usage on schema graphql_public to anon, authenticated, service_role;

create schema auth authorization supabase_auth_admin;
grant usage on schema auth to anon, authenticated, service_role, postgres;
create table auth.users (
    id                 uuid primary key,
    email              text unique,
    phone              text unique,
    raw_app_meta_data  jsonb,
    raw_user_meta_data jsonb,
    created_at         timestamptz default now(),
    updated_at         timestamptz default now()
);
alter table auth.users owner to supabase_auth_admin;
alter table auth.users enable row level security;
grant select, insert, update, delete, references on auth.users to postgres;

create function auth.uid() returns uuid language sql stable as $$
    select coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;
create function auth.role() returns text language sql stable as $$
    select coalesce(nullif(current_setting('request.jwt.claim.role', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
$$;
create function auth.email() returns text language sql stable as $$
    select coalesce(nullif(current_setting('request.jwt.claim.email', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
$$;
create function auth.jwt() returns jsonb language sql stable as $$
    select coalesce(nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), ''))::jsonb
$$;
alter function auth.uid() owner to supabase_auth_admin;
alter function auth.role() owner to supabase_auth_admin;
alter function auth.email() owner to supabase_auth_admin;
alter function auth.jwt() owner to supabase_auth_admin;

create schema realtime authorization supabase_realtime_admin;
grant usage on schema realtime to anon, authenticated, service_role, postgres;
create table realtime.messages (
    id          uuid not null default gen_random_uuid(),
    topic       text not null,
    extension   text not null,
    payload     jsonb,
    event       text,
    private     boolean default false,
    updated_at  timestamp not null default now(),
    inserted_at timestamp not null default now(),
    primary key (id, inserted_at)
);
alter table realtime.messages enable row level security;
-- the table's owner on Supabase lets postgres create policies on it
alter table realtime.messages owner to postgres;
grant select, insert on realtime.messages to anon, authenticated, service_role;
create function realtime.send(payload jsonb, event text, topic text, private boolean default true)
returns void language plpgsql as $$
begin
    perform set_config('realtime.topic', topic, true);
    insert into realtime.messages (payload, event, topic, private, extension)
    values (payload, event, topic, private, 'broadcast');
exception when others then
    raise warning 'ErrorSendingBroadcastMessage: %', sqlerrm;
end $$;
create function realtime.topic() returns text language sql stable as $$
    select nullif(current_setting('realtime.topic', true), '')::text
$$;

create schema storage authorization supabase_storage_admin;
grant usage on schema storage to anon, authenticated, service_role, postgres;
create table storage.buckets (
    id text primary key, name text not null unique, owner uuid, public boolean default false,
    created_at timestamptz default now(), updated_at timestamptz default now()
);
create table storage.objects (
    id uuid primary key default gen_random_uuid(), bucket_id text references storage.buckets, name text, owner uuid,
    created_at timestamptz default now(), updated_at timestamptz default now(), metadata jsonb
);
alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
grant all on storage.buckets, storage.objects to postgres, service_role;
grant select, insert, update, delete on storage.objects to anon, authenticated;

create schema vault;
create table vault.secrets (id uuid primary key default gen_random_uuid(), name text unique, secret text not null);
create view vault.decrypted_secrets as select id, name, secret as decrypted_secret from vault.secrets;
revoke all on schema vault from public;
grant usage on schema vault to postgres, service_role;
grant select on vault.decrypted_secrets to postgres, service_role;

create publication supabase_realtime;
alter publication supabase_realtime owner to postgres;

-- pg_cron is there, and not yet switched on, in the one database where it may be.
select exists (select from pg_available_extensions where name = 'pg_cron')
    and current_database() = coalesce(nullif(current_setting('cron.database_name', true), ''), '-') as cron \gset
\if :cron
create extension pg_cron with schema pg_catalog;
grant usage on schema cron to postgres with grant option;
grant select on all tables in schema cron to postgres with grant option;
grant delete on cron.job_run_details to postgres;
grant all on all functions in schema cron to postgres with grant option;
\endif
