import { execFile } from 'node:child_process';
import { access, appendFile, copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { needsSharedData, sharedData } from '@/lib/testing/sharedData';
import { openIngest } from '../ingest';
import { nfcapdAsJson } from '../nfcapd';
import { nfdumpLines } from '../testing/nfdumpLines';
import { emptyTables, totalsLine } from '../testing/stored';
import type { FollowOptions } from './follow';
import { followFolder } from './followFolder';

const nfdump = await promisify(execFile)('nfdump', ['-V']).then(
  () => true,
  () => false,
);

let engine: TestClickHouse;
let folder: string;
beforeAll(async () => {
  engine = await startTestClickHouse();
  folder = await mkdtemp(join(tmpdir(), 'weir-follow-'));
});
afterAll(async () => {
  await engine?.stop();
  await rm(folder, { recursive: true, force: true });
});

function start(path: string, more: Partial<FollowOptions> = {}) {
  const stop = new AbortController();
  const ingest = openIngest({ clickhouse: engine.target, databaseUrl: '' }, { spool: join(folder, 'spool') });
  const warnings: string[] = [];
  let read = 0;
  const done = followFolder(ingest, {
    path,
    format: 'nfdump-json',
    zone: 'UTC',
    checkpoints: join(folder, 'checkpoints'),
    settleMs: 0,
    signal: stop.signal,
    onStored: (part) => {
      read += part.records;
    },
    onWarning: (text) => warnings.push(text),
    ...more,
  }).finally(() => ingest.close());
  done.catch(() => undefined);
  return {
    warnings,
    read: () => read,
    async stop() {
      stop.abort();
      await done;
    },
  };
}

const untilStored = (line: string) =>
  waitUntil(
    async () => ((await totalsLine(engine.owner, 'flows')) === line ? true : undefined),
    60_000,
    () => new Error(`flows never became ${line}`),
  );

test('files that appear are stored once; unfinished ones are left alone, grown ones completed, wrong ones named', async () => {
  const path = await mkdtemp(join(folder, 'inbox-'));
  const [one, two, three] = [0, 1, 2].map((i) => nfdumpLines(25, '192.0.2.9', i * 1000));
  if (!one || !two || !three) throw new Error('no lines');
  const sum = (key: 'bytes' | 'packets', ...sets: (typeof one)[]) =>
    sets.reduce((total, set) => total + set[key], 0);
  await writeFile(join(path, 'a.json'), one.lines.join(''));
  await writeFile(join(path, 'b.json.tmp'), two.lines.join(''));
  await writeFile(join(path, 'c.csv'), 'ts,te,td,sa,da,sp,dp,pr\n1,2,3,4,5,6,7,8\n');
  const first = start(path);
  await untilStored(`25 ${one.packets} ${one.bytes}`);
  await rename(join(path, 'b.json.tmp'), join(path, 'b.json'));
  await untilStored(`50 ${sum('packets', one, two)} ${sum('bytes', one, two)}`);
  await waitUntil(
    () => (first.warnings.length > 0 ? true : undefined),
    20_000,
    () => new Error('c.csv is not named'),
  );
  expect(first.warnings).toEqual([expect.stringMatching(/c\.csv: .* It is left out until it changes\.$/)]);
  await appendFile(join(path, 'a.json'), three.lines.join(''));
  const all = `75 ${sum('packets', one, two, three)} ${sum('bytes', one, two, three)}`;
  await untilStored(all);
  await first.stop();

  // Started again it reads nothing that has not changed; without a checkpoint all of it, and stores nothing twice.
  const second = start(path, { pattern: '*.json' });
  await writeFile(join(path, 'd.json'), nfdumpLines(1, '192.0.2.9', 9000).lines.join(''));
  await waitUntil(
    async () => ((await totalsLine(engine.owner, 'flows')).startsWith('76 ') ? true : undefined),
    60_000,
    () => new Error('d.json is not stored'),
  );
  await second.stop();
  expect(second.read()).toBe(1);
  await rm(join(folder, 'checkpoints'), { recursive: true });
  const third = start(path, { pattern: '*.json' });
  await waitUntil(
    () => (third.read() === 76 ? true : undefined),
    60_000,
    () => new Error(`only ${third.read()} were read again`),
  );
  await third.stop();
  expect(await totalsLine(engine.owner, 'flows')).toMatch(/^76 /);
  expect(await totalsLine(engine.owner, 'links_5m')).toBe(await totalsLine(engine.owner, 'flows'));
});

test.skipIf(sharedData === null || !nfdump)(
  needsSharedData('a file of nfcapd is read through nfdump as soon as it has its final name (needs nfdump)'),
  async () => {
    await emptyTables(engine.owner);
    const path = await mkdtemp(join(folder, 'nfcapd-'));
    const capture = join(sharedData ?? '', 'flows/nfcapd-netflow9.nfcapd');
    await copyFile(capture, join(path, 'nfcapd.current.4711'));
    // A collector elsewhere: the zone of its clock plays no part, and files with their final name need not settle.
    const follower = start(path, { format: 'nfcapd', zone: 'Asia/Tokyo', settleMs: 3_600_000 });
    await rename(join(path, 'nfcapd.current.4711'), join(path, 'nfcapd.202611221000'));
    await untilStored('2764 26595 15076546');
    await follower.stop();
    expect(follower.warnings).toEqual([]);
    const result = await engine.owner.query({
      query: `SELECT min(toDate(ts_start)) AS day, min(toHour(ts_start)) AS hour FROM flows`,
      format: 'JSONEachRow',
    });
    expect(await result.json()).toEqual([{ day: '2026-11-22', hour: 9 }]);
  },
);

test('where nfdump is not installed the error says what to do', async () => {
  const path = join(folder, 'nfcapd.202611221000');
  await writeFile(path, Buffer.from([0x0c, 0xa5, 2, 0]));
  await access(path);
  const read = async () => {
    for await (const _ of nfcapdAsJson(path, 'no-such-nfdump'));
  };
  await expect(read()).rejects.toThrow(/nfdump, which reads those, is not installed.*apt-get install nfdump/);
});
