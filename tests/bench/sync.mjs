// What a script would do: rows of a file into the hours, 1,000 at a time, INSERT ... ON CONFLICT DO UPDATE with VALUES or with unnest().
// Arguments: the rows as COPY writes them, the folder of node_modules, the database's URL, `values` or `unnest`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [path, modules, url, how] = process.argv.slice(2);
const { Client } = createRequire(modules + '/')('pg');
const columns = ('tenant_id uuid,event_id uuid,kind smallint,scope text,bucket timestamptz,source_id uuid,currency text,' +
    'snapshots bigint,last_offset integer,tickets bigint,listings bigint,lowest bigint,highest bigint,count bigint,sum bigint,' +
    'min bigint,max bigint,median_x2 bigint,min_1 bigint,min_2 bigint,min_4 bigint,ai_count bigint,ai_sum bigint,ai_min bigint,' +
    'ai_max bigint,ai_median_x2 bigint,ai_min_1 bigint,ai_min_2 bigint,ai_min_4 bigint').split(',').map(c => c.split(' '));
const names = columns.map(c => c[0]).join(', ');
const conflict = ' on conflict (tenant_id, event_id, kind, scope, bucket, source_id) do update set ' +
    columns.slice(6).map(([name]) => `${name} = excluded.${name}`).join(', ');
const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
const fields = line => line.split('\t').map(v => v === '\\N' ? null : v);
const marks = Array.from({ length: 1000 }, (_, row) => '(' + columns.map((_, c) => '$' + (row * columns.length + c + 1)).join(',') + ')');
const thousand = marks.join(',');
const arrays = columns.map(([, type], c) => `$${c + 1}::${type}[]`).join(',');
const client = new Client({ connectionString: url });
await client.connect();
for (let at = 0; at < lines.length; at += 1000) {
    const part = lines.slice(at, at + 1000).map(fields);
    if (how === 'values') {
        const values = part.length === 1000 ? thousand : marks.slice(0, part.length).join(',');
        await client.query(`insert into aggregated_analytics (${names}) values ${values}${conflict}`, part.flat());
    } else {
        const parts = columns.map((_, c) => part.map(row => row[c]));
        await client.query(`insert into aggregated_analytics (${names}) select * from unnest(${arrays})${conflict}`, parts);
    }
}
await client.end();
