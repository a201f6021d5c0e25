import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { targetsToEnv } from '@/lib/server/env';
import { startTestDatabase, type TestDatabase } from '@/prisma/testing/testDatabase';

const root = fileURLToPath(new URL('../..', import.meta.url));
const FIXTURES = join(root, 'clickhouse/demo/fixtures');

let clickhouse: TestClickHouse;
let postgres: TestDatabase;
let folder: string;
let env: Record<string, string>;
beforeAll(async () => {
  [clickhouse, postgres] = await Promise.all([startTestClickHouse(), startTestDatabase({ migrated: false })]);
  folder = await mkdtemp(join(tmpdir(), 'weir-cli-'));
  const targets = { clickhouse: clickhouse.target, databaseUrl: postgres.databaseUrl };
  env = { ...targetsToEnv(targets), WEIR_DATA: join(folder, 'data') };
});
afterAll(async () => {
  await Promise.all([clickhouse?.stop(), postgres?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(
  command: 'ingest' | 'sql' | 'reconcile' | 'person' | 'token',
  args: string[],
  stdin?: Buffer,
): Promise<Outcome> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=react-server', `lib/cli/${command}.ts`, ...args],
    { cwd: root, env: { ...process.env, NODE_OPTIONS: '', ...env } },
  );
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    out.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    out.stderr += chunk.toString();
  });
  child.stdin.end(stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...out }));
  });
}

const cell = async (statement: string): Promise<string> =>
  (await run('sql', [statement, '--format', 'TSV'])).stdout.trim();

test('people and tokens can be made before anything was started', async () => {
  const person = await run('person', ['first@weir.example', '--role', 'admin']);
  expect([person.code, person.stdout]).toEqual([
    0,
    expect.stringMatching(/^Made first@weir\.example \(admin\)/),
  ]);
  expect((await run('token', ['list'])).stdout).toBe('There are no tokens.\n');
});

test('a file gets in once: summary as one object, the second time all duplicates, readable by npm run sql', async () => {
  const args = ['--format', 'nfdump-csv', '--zone', 'UTC', '--json', join(FIXTURES, 'zeek-nfdump.csv')];
  const first = await run('ingest', args);
  expect(first.code).toBe(0);
  const summary = JSON.parse(first.stdout) as Record<string, number>;
  expect(Object.keys(summary)).toEqual([
    'records',
    'accepted',
    'rejected',
    'duplicates',
    'flagged',
    'bytes',
    'packets',
    'seconds',
  ]);
  expect(summary).toMatchObject({ records: 38, accepted: 38, rejected: 0, bytes: 3_814_782, packets: 3_901 });
  const second = JSON.parse((await run('ingest', args)).stdout) as Record<string, number>;
  expect(second).toMatchObject({ records: 38, accepted: 0, duplicates: 38, bytes: 0 });
  expect(await cell('SELECT count(), sum(bytes) FROM flows')).toBe('38\t3814782');
  const json = await run('sql', [
    'SELECT sum(packets) AS packets FROM traffic_5m',
    '--format',
    'JSONEachRow',
  ]);
  expect(json.stdout.trim()).toBe('{"packets":"3901"}');
  const piped = await run('sql', ['SELECT sum(packets) AS packets FROM traffic_5m']);
  expect(piped.stdout).toBe('packets\n3901\n');
  const chosen = await run('sql', ['SELECT sum(packets) AS packets FROM traffic_5m FORMAT TSV']);
  expect(chosen.stdout).toBe('3901\n');
  const reconciled = await run('reconcile', ['--json']);
  expect([reconciled.code, (JSON.parse(reconciled.stdout) as { ok: boolean }).ok]).toEqual([0, true]);
});

test('wrong arguments are refused with what to do, before anything is read', async () => {
  const file = join(FIXTURES, 'zeek-nfdump.json');
  const cases: [string[], RegExp][] = [
    [
      ['--format', 'netflow', '--zone', 'UTC', file],
      /no format "netflow": the formats are nfdump-json, nfdump-csv, pmacct-json/,
    ],
    [['--format', 'nfdump-json', file], /no time zone of its own: pass --zone .* for example --zone UTC/],
    [
      ['--format', 'nfdump-json', '--zone', 'Mars/Base', file],
      /--zone is "Mars\/Base": give an IANA zone such as UTC/,
    ],
    [
      ['--format', 'nfdump-json', '--zone', 'UTC', '--sampling-rate', '0', file],
      /--sampling-rate is "0": give a whole number/,
    ],
    [['--format', 'nfdump-json', '--zone', 'UTC'], /no file was named/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await run('ingest', args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  }
});

test('what cannot be read at all ends with exit code 1 and the reason', async () => {
  const missing = await run('ingest', [
    '--format',
    'nfdump-json',
    '--zone',
    'UTC',
    join(folder, 'none.json'),
  ]);
  expect([missing.code, missing.stderr]).toEqual([1, expect.stringMatching(/There is no file .*none\.json/)]);
  // Said once, and not hidden behind a table of zeros.
  expect(missing.stderr.match(/none\.json/g)).toHaveLength(1);
  expect(missing.stdout).toBe('');
  const other = await run('ingest', [
    '--format',
    'nfdump-json',
    '--zone',
    'UTC',
    join(FIXTURES, 'zeek-nfdump.csv'),
  ]);
  expect(other.code).toBe(1);
  expect(other.stderr).toMatch(/nfdump-csv/);
});

test('one bad record or a cut file costs only itself: the rest gets in, each reject is kept with its reason', async () => {
  const good = (JSON.parse(await readFile(join(FIXTURES, 'zeek-nfdump.json'), 'utf8')) as object[]).slice(
    0,
    8,
  );
  const [one, two, three, four, five, six, seven, eight] = good.map((record, i) => ({
    ...record,
    src_port: 2000 + i,
  }));
  const lines = [
    JSON.stringify(one),
    '{"type" : "FLOW", "first" : ',
    JSON.stringify({ ...two, in_bytes: -5 }),
    JSON.stringify({ ...three, first: '1970-01-01T00:00:00.000', last: '1970-01-01T00:00:01.000' }),
    JSON.stringify(four).replace(/"in_bytes":\d+/, '"in_bytes":99999999999999999999'),
    JSON.stringify({ ...five, src_as: 4294967295 }),
    JSON.stringify({
      ...six,
      src4_addr: undefined,
      dst4_addr: undefined,
      src6_addr: '2001:db8::1',
      dst6_addr: '2001:db8::2',
    }),
    JSON.stringify({ ...seven, proto: 1, src_port: 0, dst_port: 0, icmp_type: 8, icmp_code: 0 }),
    JSON.stringify({ ...eight, src4_addr: '300.1.2.3' }),
  ];
  const path = join(folder, 'bad.ndjson');
  await writeFile(path, `${lines.join('\n')}\n`);
  const before = Number(await cell('SELECT count() FROM flows'));
  const { code, stdout } = await run('ingest', ['--format', 'nfdump-json', '--zone', 'UTC', '--json', path]);
  expect(code).toBe(0);
  const summary = JSON.parse(stdout) as Record<string, number>;
  expect(summary).toMatchObject({ records: 9, accepted: 4, rejected: 5, duplicates: 0 });
  expect(Number(await cell('SELECT count() FROM flows'))).toBe(before + 4);
  const reasons = await cell('SELECT reason FROM flows_rejected ORDER BY source_offset');
  expect(reasons.split('\n')).toEqual([
    'malformed',
    'negative_counter',
    'time_before_1980',
    'counter_overflow',
    'invalid_address',
  ]);
  expect(await cell('SELECT countIf(src_as = 0) = count() FROM flows WHERE src_port = 2004')).toBe('1');
});

test('a truncated gzip on standard input: a clear error, and what came before is counted', async () => {
  const zipped = gzipSync(await readFile(join(FIXTURES, 'zeek-nfdump.json')));
  const { code, stdout, stderr } = await run(
    'ingest',
    ['--format', 'nfdump-json', '--zone', 'Asia/Kathmandu', '--json', '-'],
    zipped.subarray(0, Math.floor(zipped.length * 0.7)),
  );
  expect(code).toBe(1);
  expect(stderr).toMatch(/standard input is a truncated gzip file/);
  const summary = JSON.parse(stdout) as Record<'records' | 'accepted' | 'rejected' | 'duplicates', number>;
  expect(summary.accepted).toBeGreaterThan(10);
  expect(summary.accepted + summary.rejected + summary.duplicates).toBe(summary.records);
});

test('an import that is killed goes on where it was, and stores every record once', async () => {
  const records = Array.from({ length: 4000 }, (_, i) => ({
    type: 'FLOW',
    first: `2026-10-1${i % 10}T09:00:00.000`,
    last: `2026-10-1${i % 10}T09:10:00.000`,
    received: `2026-10-1${i % 10}T09:11:00.000`,
    in_packets: 2,
    in_bytes: 100 + i,
    proto: 17,
    src_port: i,
    dst_port: 53,
    src4_addr: '192.168.9.9',
    dst4_addr: '203.0.113.77',
    ip4_router: '192.0.2.77',
  }));
  const path = join(folder, 'killed.json');
  await writeFile(path, `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`);
  const args = ['--format', 'nfdump-json', '--zone', 'UTC', '--batch-size', '200', '--json', path];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions=react-server', 'lib/cli/ingest.ts', ...args],
    {
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: '', ...env },
      stdio: 'ignore',
    },
  );
  const ended = new Promise((resolve) => child.once('close', resolve));
  const owner = clickhouse.client('owner');
  const mine = `source_name = '${path}'`;
  const deadline = Date.now() + 60_000;
  for (let stored = 0; stored < 3 && child.exitCode === null; ) {
    if (Date.now() > deadline) throw new Error('the import stores nothing');
    const answer = await owner.query({
      query: `SELECT count() FROM ingest_batches WHERE ${mine}`,
      format: 'TabSeparated',
    });
    stored = Number(await answer.text());
  }
  child.kill('SIGKILL');
  await ended;

  const again = await run('ingest', args);
  expect(again.code).toBe(0);
  const summary = JSON.parse(again.stdout) as Record<'records' | 'accepted' | 'duplicates', number>;
  expect(summary.records).toBe(4000);
  expect(summary.accepted + summary.duplicates).toBe(4000);
  const bytes = records.reduce((sum, record) => sum + record.in_bytes, 0);
  expect(await cell("SELECT count(), sum(bytes) FROM flows WHERE exporter = '192.0.2.77'")).toBe(
    `4000\t${bytes}`,
  );
  expect(await cell("SELECT sum(flow_records), sum(bytes) FROM links_5m WHERE exporter = '192.0.2.77'")).toBe(
    `4000\t${bytes}`,
  );
  expect(
    await cell(`SELECT countIf(state = 'committed'), count() FROM ingest_batches FINAL WHERE ${mine}`),
  ).toBe('20\t20');
});

test('the account of npm run sql can read and nothing else', async () => {
  for (const statement of [
    "INSERT INTO flows_rejected (reason) VALUES ('x')",
    'DROP TABLE flows',
    "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  ]) {
    const { code, stderr } = await run('sql', [statement]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/privileges|readonly|ACCESS_DENIED/i)]);
  }
  expect((await run('sql', [])).code).toBe(2);
});
