import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { openIngest } from '../ingest';
import { nfdumpLines } from '../testing/nfdumpLines';
import { emptyTables, totalsLine } from '../testing/stored';
import type { FollowOptions, FollowState } from './follow';
import { followFile } from './followFile';

let engine: TestClickHouse;
let folder: string;
let running: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  engine = await startTestClickHouse();
});
beforeEach(async () => {
  await emptyTables(engine.owner);
  folder = await mkdtemp(join(tmpdir(), 'weir-follow-'));
  return async () => {
    await Promise.allSettled(running.map((one) => one.stop()));
    running = [];
    await rm(folder, { recursive: true, force: true });
  };
});
afterAll(() => engine?.stop());

interface Started {
  states: FollowState[];
  warnings: string[];
  done: Promise<void>;
  stop(): Promise<void>;
}

function start(path: string, more: Partial<FollowOptions> = {}): Started {
  const stop = new AbortController();
  const ingest = openIngest({ clickhouse: engine.target, databaseUrl: '' }, { spool: join(folder, 'spool') });
  const states: FollowState[] = [];
  const warnings: string[] = [];
  const done = followFile(ingest, {
    path,
    format: 'nfdump-json',
    zone: 'UTC',
    checkpoints: join(folder, 'checkpoints'),
    flushMs: 50,
    signal: stop.signal,
    onState: (state) => states.push(state),
    onWarning: (text) => warnings.push(text),
    ...more,
  }).finally(() => ingest.close());
  done.catch(() => undefined);
  const started: Started = {
    states,
    warnings,
    done,
    async stop() {
      stop.abort();
      await done;
    },
  };
  running.push(started);
  return started;
}

/** Resolves when flows holds so many records; rejects when the follower ends before. */
async function untilStored(records: number, follower: Started): Promise<void> {
  await Promise.race([
    waitUntil(
      async () => ((await totalsLine(engine.owner, 'flows')).startsWith(`${records} `) ? true : undefined),
      60_000,
      () => new Error(`not stored: ${JSON.stringify([follower.states.at(-1), follower.warnings])}`),
    ),
    follower.done.then(() => Promise.reject(new Error('the follower ended'))),
  ]);
}

async function expectStored(...sets: { lines: string[]; bytes: number; packets: number }[]): Promise<void> {
  const records = sets.reduce((sum, { lines }) => sum + lines.length, 0);
  const packets = sets.reduce((sum, set) => sum + set.packets, 0);
  const bytes = sets.reduce((sum, set) => sum + set.bytes, 0);
  const line = `${records} ${packets} ${bytes}`;
  expect(await totalsLine(engine.owner, 'flows')).toBe(line);
  expect(await totalsLine(engine.owner, 'links_5m')).toBe(line);
}

test('a file grows, half a line waits for its end, is renamed, replaced and cut: every line once', async () => {
  const path = join(folder, 'flows.json');
  const [one, two, three, four] = [0, 1, 2, 3].map((i) => nfdumpLines(40, '192.0.2.9', i * 1000));
  if (!one || !two || !three || !four) throw new Error('no lines');
  const follower = start(path);
  await waitUntil(
    () => (follower.states.at(-1)?.kind === 'gone' ? true : undefined),
    20_000,
    () => new Error('it does not say that the file is not there'),
  );
  const half = one.lines[39]?.slice(0, 70) ?? '';
  await writeFile(path, one.lines.slice(0, 39).join('') + half);
  await untilStored(39, follower);
  await appendFile(path, one.lines[39]?.slice(70) ?? '');
  await untilStored(40, follower);

  // logrotate: the old name moves on, its last line comes after the move and without a line break.
  await rename(path, `${path}.1`);
  await appendFile(`${path}.1`, two.lines.join('').trimEnd());
  await writeFile(path, three.lines.join(''));
  await untilStored(120, follower);

  // copytruncate: the same file is empty at once, and written anew.
  await truncate(path, 0);
  await appendFile(path, four.lines.join(''));
  await untilStored(160, follower);
  expect(follower.warnings).toEqual([expect.stringMatching(/flows\.json was cut short/)]);
  await follower.stop();
  await expectStored(one, two, three, four);
});

test('after a stop it goes on from the checkpoint; without one, and renamed meanwhile, nothing is stored twice', async () => {
  const path = join(folder, 'flows.json');
  const [one, two, three] = [0, 1, 2].map((i) => nfdumpLines(30, '192.0.2.9', i * 1000));
  if (!one || !two || !three) throw new Error('no lines');
  await writeFile(path, one.lines.join(''));
  const first = start(path);
  await untilStored(30, first);
  await first.stop();

  await appendFile(path, two.lines.slice(0, 10).join(''));
  const second = start(path);
  await untilStored(40, second);
  await second.stop();

  // While nobody looks the rest of the file comes, and it is renamed.
  await appendFile(path, two.lines.slice(10).join(''));
  await rename(path, join(folder, 'older.json'));
  await writeFile(path, three.lines.join(''));
  const third = start(path);
  await untilStored(90, third);
  await third.stop();

  // Without a checkpoint everything is read again, and recognised by the ledger.
  await rm(join(folder, 'checkpoints'), { recursive: true });
  const fourth = start(path);
  await appendFile(path, nfdumpLines(1, '192.0.2.9', 9000).lines.join(''));
  await untilStored(91, fourth);
  await fourth.stop();
  await expectStored(one, two, three, nfdumpLines(1, '192.0.2.9', 9000));
});

test('the heading of a CSV file is no record, and is known again after a restart', async () => {
  const path = join(folder, 'flows.csv');
  const heading = 'firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n';
  const line = (i: number): string =>
    `2026-11-01 10:00:${String(i).padStart(2, '0')}.000,1.000,6,192.168.1.1,443,203.0.113.5,${1000 + i},2,${100 + i},1\n`;
  await writeFile(path, heading + line(1));
  const first = start(path, { format: 'nfdump-csv' });
  await untilStored(1, first);
  await appendFile(path, line(2));
  await untilStored(2, first);
  await first.stop();
  await appendFile(path, line(3));
  const second = start(path, { format: 'nfdump-csv' });
  await untilStored(3, second);
  await second.stop();
  expect(await totalsLine(engine.owner, 'flows')).toBe('3 6 306');
  expect(await totalsLine(engine.owner, 'traffic_5m')).toBe('3 6 306');
});

test('a server that goes away is waited for, and the records that come meanwhile are stored once', async () => {
  const path = join(folder, 'flows.json');
  const [one, two] = [nfdumpLines(20, '192.0.2.9'), nfdumpLines(20, '192.0.2.9', 1000)];
  await writeFile(path, one.lines.join(''));
  const ingest = openIngest(
    { clickhouse: engine.target, databaseUrl: '' },
    { spool: join(folder, 'spool'), retryMs: 200 },
  );
  const stop = new AbortController();
  const states: FollowState[] = [];
  const done = followFile(ingest, {
    path,
    format: 'nfdump-json',
    zone: 'UTC',
    checkpoints: join(folder, 'checkpoints'),
    flushMs: 20,
    signal: stop.signal,
    onState: (state) => states.push(state),
  });
  const follower: Started = { states, warnings: [], done, stop: async () => stop.abort() };
  await untilStored(20, follower);
  engine.engine().kill('SIGKILL');
  await engine.engine().exited;
  await appendFile(path, two.lines.join(''));
  await waitUntil(
    () => (states.at(-1)?.kind === 'unavailable' ? true : undefined),
    30_000,
    () => new Error(`it does not say that it waits: ${JSON.stringify(states.at(-1))}`),
  );
  await engine.restart();
  await untilStored(40, follower);
  stop.abort();
  await done;
  await ingest.close();
  await expectStored(one, two);
});

test.each([
  ['a list', '[\n{"type": "FLOW"}\n', /does not have one record a line.*nfdump -o ndjson/],
  ['an object over several lines', '{\n"type": "FLOW"\n', /does not have one record a line/],
  ['a packed file', gzipSync('{}\n'), /gzip file, whose end cannot be followed/],
  ['another format', 'ts,te,td,sa,da,sp,dp,pr\n', /this is .* and not nfdump-json/],
])('what cannot be followed is refused with the reason: %s', async (_name, content, message) => {
  const path = join(folder, 'other');
  // A gzip header may hold no line break, and half a first line is waited for.
  await writeFile(path, Buffer.concat([Buffer.from(content), Buffer.from('\n')]));
  await expect(start(path).done).rejects.toThrow(message);
});
