// What a script would do: fetch, parse, and store every row. Arguments as those of poll.c (DB - stores nothing), then the origin
// and the folder of node_modules. Node 24 brings SQLite; before it better-sqlite3 is used.
import { createRequire } from 'node:module';
import { renameSync, symlinkSync, unlinkSync } from 'node:fs';

const [folder, path, roundCount, warm, origin, modules] = process.argv.slice(2);
const firstId = 7000001, eventCount = 8, startMs = Date.UTC(2026, 2, 1);
const require = createRequire(modules + '/');
const own = Number(process.versions.node.split('.')[0]) >= 24;

// What stores an answer: store(event, at, answer).
async function openStore() {
    const Database = own ? (await import('node:sqlite')).DatabaseSync : require('better-sqlite3');
    const db = new Database(path);
    db.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;
        CREATE TABLE listing (event TEXT, at TEXT, id TEXT, section TEXT, zone TEXT, row TEXT, quantity INTEGER, splits TEXT,
            price REAL);
        CREATE INDEX by_event ON listing (event, at);
        CREATE INDEX by_zone ON listing (event, zone, at)`);
    const insert = db.prepare('INSERT INTO listing VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    return (event, at, answer) => {
        const zones = new Map(answer.groups.map(group => [group.i, group.n]));
        db.exec('BEGIN');
        for (const ticket of answer.tickets)
            insert.run(event, at, ticket.i, ticket.l, zones.get(ticket.c) ?? 'Unmapped', ticket.r, Number(ticket.q), ticket.m,
                Number(ticket.p));
        db.exec('COMMIT');
    };
}

function count(event, at, answer) {
    if (answer.tickets.length === 0)
        throw new Error(`nothing on sale for ${event}`);
}

const store = path === '-' ? count : await openStore();

async function poll(event, at) {
    const response = await fetch(`${origin}/hermes/api/v1/listings?productionId=${event}`);
    if (!response.ok)
        throw new Error(`status ${response.status}`);
    store(String(event), at, await response.json());
}

function showRound(round) {
    try { unlinkSync(folder + '/next'); } catch { /* there is none */ }
    symlinkSync(`round-${round}`, folder + '/next');
    renameSync(folder + '/next', folder + '/current');
}

let start;
for (let round = 0; round < Number(roundCount); round++) {
    showRound(round);
    if (round === Number(warm))
        start = process.cpuUsage();
    const at = new Date(startMs + round * 900_000).toISOString();
    await Promise.all(Array.from({ length: eventCount }, (_, i) => poll(firstId + i, at)));
}
const { user, system } = process.cpuUsage(start);
const polls = (Number(roundCount) - Number(warm)) * eventCount;
console.log(((user + system) / 1000 / polls).toFixed(3), Math.round(process.resourceUsage().maxRSS / 1024));
