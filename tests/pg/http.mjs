// The API over HTTP: Supabase's own client against a server that speaks PostgREST (@supabase/lite), on the rows of tests.seed().
// usage: node http.mjs LITE DATABASE_URL, in a throw-away folder.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createClient } from '@supabase/supabase-js';
import ws from 'ws';

const [lite, database] = process.argv.slice(2);
const secret = 'a-secret-of-the-tests-that-is-long-enough';
const port = await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => resolve(port));
    });
});
mkdirSync('supabase/.temp', { recursive: true });
writeFileSync('supabase/config.toml', `
[api]
port = ${port}
[db]
driver = "postgres"
url = "${database}"
[auth]
enabled = true
jwt_secret = "${secret}"
publishable_key = "sb_publishable_tests"
secret_key = "sb_secret_tests"
`);
const server = spawn(lite, ['start', '--no-admin', '--config', 'supabase/config.toml'], { stdio: ['ignore', 'pipe', 'pipe'] });
let said = '';
server.stdout.on('data', (data) => { said += data; });
server.stderr.on('data', (data) => { said += data; });
process.on('exit', () => server.kill());
const url = `http://127.0.0.1:${port}`;
for (let tries = 0; ; tries++) {
    try {
        await fetch(url);
        break;
    } catch (error) {
        if (tries === 100) throw new Error(`no server: ${said}`, { cause: error });
        await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
}

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(sub) {
    const head = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub, role: 'authenticated', aud: 'authenticated', exp: 4102444800 })}`;
    return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
}
const client = (headers = {}) => createClient(url, 'sb_publishable_tests',
    { auth: { persistSession: false, autoRefreshToken: false }, global: { headers }, realtime: { transport: ws } });
const alice = client({ Authorization: `Bearer ${token('aaaaaaaa-0000-4000-8000-00000000000a')}` });
const stranger = client({ Authorization: `Bearer ${token('dddddddd-0000-4000-8000-00000000000d')}` });
const robot = client({ 'x-api-key': 'tws_key_of_a' });
const event = (n) => `eeeeeeee-0000-4000-8000-00000000000${n}`;

for (const get of [true, false]) {
    const answer = await alice.rpc('get_price_trends', { event_id: event(1), granularity: 'hour' }, { get });
    assert.equal(answer.error, null, JSON.stringify(answer));
    assert.deepEqual(Object.keys(answer.data), ['data', 'meta']);
    assert.deepEqual(answer.data.data,
        [{ timestamp: '2026-02-09T10:00:00Z', min_price: 100, avg_price: 150, median_price: 150, max_price: 200, snapshots: 1 }]);
    assert.equal(answer.data.meta.trend, 'flat');
}
const zones = await alice.rpc('get_event_zones', { event_id: event(1) });
assert.deepEqual(zones.data.data[0].sections, ['A']);
assert.equal((await alice.rpc('get_events')).data.data.length, 2);
assert.equal((await robot.rpc('get_ticket_counts', { event_id: event(1) })).data.data[0].total_tickets, 4);
assert.equal((await client().rpc('get_ticket_counts', { event_id: event(3) })).data.data[0].total_tickets, 4);

for (const [who, name, args, status, code, message] of [
    [alice, 'get_price_trends', { event_id: event(1), granularity: 'week' }, 400, 'PT400', /granularity: 'week' is none of/],
    [alice, 'get_price_trends', { event_id: event(3) }, 404, 'PT404', /no such event/],
    [alice, 'get_ticket_counts', { event_id: event(1), zone: 'Pit' }, 404, 'PT404', /has no zone 'Pit'/],
    [stranger, 'get_event_zones', { event_id: event(1) }, 404, 'PT404', /no such event/],
    [client(), 'get_event_zones', { event_id: event(1) }, 404, 'PT404', /no such event/],
]) {
    const answer = await who.rpc(name, args);
    assert.equal(answer.status, status, JSON.stringify(answer));
    assert.equal(answer.error.code, code);
    assert.match(answer.error.message, message);
}
assert.match((await alice.rpc('get_ticket_counts', { event_id: event(1), zone: 'Pit' })).error.hint, /Its zones: Floor/);

const rows = await alice.from('aggregated_analytics').select('event_id,scope,min').eq('event_id', event(1)).order('kind');
assert.deepEqual(rows.data.map((row) => row.scope), ['*', 'Floor', 'A']);
assert.equal((await alice.from('daily_price_trends').select('day,min_price').eq('event_id', event(2))).data.length, 2);
assert.equal((await stranger.from('events').select('event_id')).data.length, 0);
assert.equal((await client().from('events').select('event_id')).data.length, 1);
process.exit(0);
