import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestClickHouse } from '@/clickhouse/testing/testEngine';
import { openIngest } from '@/lib/server/ingest/ingest';
import { flowRecord, inBlocks, ipv4, manyRecords, parsed } from '@/lib/server/ingest/testing/records';
import { contentHashes } from '@/lib/server/ingest/testing/stored';

/**
 * `npx tsx --conditions=react-server lib/cli/kill/manyBatches.ts [BATCHES]`: stores a source, then that many other batches of one record each
 * (default 10,000, which takes a while), restarts the server, sends the first source again with another batch size and without the content
 * keys of the last hour, and compares every table row for row. Exit code 1 when anything changed.
 */
const batches = Number(process.argv[2] ?? 10_000);
if (!Number.isInteger(batches) || batches < 1) {
  process.stderr.write('usage: manyBatches.ts [BATCHES], a whole number\n');
  process.exit(2);
}
const spool = await mkdtemp(join(tmpdir(), 'weir-spool-'));
const engine = await startTestClickHouse();
const targets = { clickhouse: engine.target, databaseUrl: '' };

async function store(source: string, records: ReturnType<typeof manyRecords>, batchSize: number) {
  const ingest = openIngest(targets, { spool });
  try {
    return await ingest.run({
      read: () => inBlocks(records),
      format: { name: 'test', version: 1 },
      sourceName: source,
      source,
      batchSize,
      onProgress: ({ records: done }) => {
        if (source === 'others' && done % 1000 === 0) process.stdout.write(`${done} other batches\n`);
      },
    });
  } finally {
    await ingest.close();
  }
}

try {
  const first = manyRecords(5000, 12);
  await store('first', first, 500);
  const started = performance.now();
  await store(
    'others',
    Array.from({ length: batches }, (_, i) =>
      parsed(
        flowRecord({
          tsStartMs: Date.UTC(2026, 10, 1) + i * 1000,
          srcIp: ipv4(10, 1, (i >> 8) & 255, i & 255),
          srcPort: i % 65_536,
        }),
      ),
    ),
    1,
  );
  const seconds = (performance.now() - started) / 1000;
  await engine.restart();
  const owner = engine.client('owner');
  await owner.command({ query: 'TRUNCATE TABLE ingest_keys' });
  const before = await contentHashes(owner);
  const again = await store('first', first, 700);
  const after = await contentHashes(owner);
  const changed = Object.keys(before).filter((table) => before[table] !== after[table]);
  process.stdout.write(
    `${batches} other batches in ${seconds.toFixed(0)} s, then the first source again: ${again.accepted} accepted, ${again.duplicates} duplicates; ${changed.length === 0 ? 'no table changed' : `CHANGED: ${changed.join(', ')}`}\n`,
  );
  process.exitCode = changed.length === 0 && again.accepted === 0 ? 0 : 1;
} finally {
  await engine.stop();
  await rm(spool, { recursive: true, force: true });
}
