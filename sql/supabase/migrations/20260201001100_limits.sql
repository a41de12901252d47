-- Machines' keys and how much they may write. A GET runs in a read-only transaction and cannot be counted here: the gateway limits
-- those (sql/supabase/nginx.conf). Switched on by sql/supabase/optional/authenticator.sql.

-- Makes a key and shows it this once.
create function private.create_api_key(p_tenant uuid, p_name text, p_expires_at timestamptz default null,
    p_writes_per_min integer default 60)
returns text
language plpgsql security definer set search_path = '' as $$
declare
    key text := 'tws_' || replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
    insert into private.api_keys (sha256, tenant_id, name, expires_at, writes_per_min)
    values (sha256(convert_to(key, 'UTF8')), p_tenant, p_name, p_expires_at, p_writes_per_min);
    return key;
end $$;

-- Ends every key of that name, at once. Returns how many.
create function private.revoke_api_key(p_tenant uuid, p_name text) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    revoked integer;
begin
    update private.api_keys set revoked_at = now() where tenant_id = p_tenant and name = p_name and revoked_at is null;
    get diagnostics revoked = row_count;
    return revoked;
end $$;

create unlogged table private.write_counts (
    client  text not null, -- 'key:' and its hash, or 'user:' and the id
    minute  timestamptz not null,
    writes  integer not null,
    primary key (client, minute)
);
alter table private.write_counts enable row level security;

create function internal.refuse_key() returns void
language plpgsql stable set search_path = '' as $$
begin
    raise sqlstate 'PGRST' using
        message = '{"code":"PT401","message":"the x-api-key is not valid","details":null,"hint":"It was revoked, has expired, or never was."}',
        detail = '{"status":401,"headers":{"WWW-Authenticate":"x-api-key"}}';
end $$;

-- Counts a write of whoever asks and refuses it with 429 beyond the limit of a minute. Callers that are neither a person nor a key
-- (the service role by itself) are not counted.
create function internal.count_write() returns void
language plpgsql security definer set search_path = '' as $$
declare
    hash   bytea := private.request_key();
    client text;
    most   integer := 60;
    done   integer;
begin
    if hash is not null then
        client := 'key:' || encode(hash, 'hex');
        most := coalesce((select k.writes_per_min from private.api_keys k where k.sha256 = hash), 0);
    elsif auth.uid() is not null then
        client := 'user:' || auth.uid();
    else
        return;
    end if;
    insert into private.write_counts as w (client, minute, writes) values (client, date_trunc('minute', clock_timestamp()), 1)
    on conflict on constraint write_counts_pkey do update set writes = w.writes + 1
    returning writes into done;
    if done > most then
        raise sqlstate 'PGRST' using
            message = format('{"code":"PT429","message":"more than %s writes a minute","details":null,"hint":"Wait and try again."}', most),
            detail = format('{"status":429,"headers":{"Retry-After":"%s"}}',
                60 - floor(extract(second from clock_timestamp()))::integer);
    end if;
end $$;

-- Before each request of PostgREST (pgrst.db_pre_request): a key that is sent must be valid, and writes are counted.
create function internal.pre_request() returns void
language plpgsql set search_path = '' as $$
begin
    if nullif(current_setting('request.headers', true), '')::json ->> 'x-api-key' is not null
        and not internal.key_is_valid() then
        perform internal.refuse_key();
    end if;
    if current_setting('transaction_read_only') = 'off' then
        perform internal.count_write();
    end if;
end $$;

create function internal.key_is_valid() returns boolean
language sql stable security definer set search_path = '' as $$
    select cardinality(private.key_tenants()) > 0
$$;

-- Counters of past minutes are of no use.
create function private.forget_counts() returns bigint
language sql set search_path = '' as $$
    with gone as (delete from private.write_counts where minute < now() - interval '1 hour' returning 1)
    select count(*) from gone
$$;

revoke execute on function private.create_api_key(uuid, text, timestamptz, integer), private.revoke_api_key(uuid, text),
    private.forget_counts(), internal.refuse_key(), internal.count_write(), internal.pre_request(), internal.key_is_valid() from public;
grant execute on function private.create_api_key(uuid, text, timestamptz, integer), private.revoke_api_key(uuid, text) to service_role;
grant execute on function internal.refuse_key(), internal.count_write(), internal.pre_request(), internal.key_is_valid()
    to anon, authenticated, service_role;
