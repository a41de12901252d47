-- Who looks at a tenant's numbers is told when they change: one message for each event of a batch. Through Supabase Realtime on the
-- private channel tenant:<tenant_id>, which members may join; and as a notification on the channel tws for direct connections.

create function private.batch_done(p_tenant uuid, p_events uuid[]) returns integer
language plpgsql security definer set search_path = '' as $$
declare
    live    boolean := to_regprocedure('realtime.send(jsonb,text,text,boolean)') is not null;
    event   uuid;
    message jsonb;
    told    integer := 0;
begin
    for event in select distinct e from unnest(p_events) e order by e loop
        message := jsonb_build_object('tenant_id', p_tenant, 'event_id', event);
        if live then
            execute 'select realtime.send($1, $2, $3, true)' using message, 'event_changed', 'tenant:' || p_tenant;
        end if;
        perform pg_notify('tws', message::text);
        told := told + 1;
    end loop;
    return told;
end $$;
revoke execute on function private.batch_done(uuid, uuid[]) from public;
grant execute on function private.batch_done(uuid, uuid[]) to service_role;

do $$
begin
    if to_regclass('realtime.messages') is null or to_regprocedure('realtime.topic()') is null then
        raise notice 'no Realtime here: changes are told by NOTIFY only';
        return;
    end if;
    execute $policy$create policy tws_members_listen on realtime.messages for select to authenticated
        using (extension = 'broadcast' and (select realtime.topic())
            in (select 'tenant:' || t from unnest((select private.member_tenants())) t))$policy$;
exception when insufficient_privilege then
    raise notice 'realtime.messages is not ours to write policies for: members cannot join private channels';
end $$;
