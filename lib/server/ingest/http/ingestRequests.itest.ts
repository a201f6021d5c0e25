import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { targetsToEnv } from '@/lib/server/env';
import { createToken, listTokens, revokeToken } from '@/lib/server/repos/apiTokens';
import { database } from '@/lib/server/repos/database';
import { tokenRoute } from '@/lib/server/tokenRoute';
import { startTestDatabase, type TestDatabase } from '@/prisma/testing/testDatabase';
import { nfdumpLines } from '../testing/nfdumpLines';
import { totalsLine } from '../testing/stored';
import { closeIngestRequests, handleIngest } from './ingestRequests';

/** As app/api/ingest/route.ts mounts it. */
const POST = tokenRoute({ name: 'ingest', scope: 'ingest', handle: handleIngest });

let clickhouse: TestClickHouse;
let postgres: TestDatabase;
let folder: string;
let token: string;
beforeAll(async () => {
  [clickhouse, postgres] = await Promise.all([startTestClickHouse(), startTestDatabase()]);
  folder = await mkdtemp(join(tmpdir(), 'weir-http-'));
  const env = targetsToEnv({ clickhouse: clickhouse.target, databaseUrl: postgres.databaseUrl });
  for (const [name, value] of Object.entries({ ...env, WEIR_DATA: folder, WEIR_INGEST_BODY: '1M' })) {
    vi.stubEnv(name, value);
  }
  ({ token } = await createToken({ name: 'collector', scopes: ['ingest'], expiresAt: null }, null));
});
afterAll(async () => {
  await closeIngestRequests();
  await database().$disconnect();
  await Promise.all([clickhouse?.stop(), postgres?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const FORMAT = '?format=nfdump-json&zone=UTC';

async function post(
  body: string | Buffer | ReadableStream | null,
  headers: Record<string, string> = {},
  query = FORMAT,
) {
  const response = await POST(
    new Request(`http://weir.test/api/ingest${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, ...headers },
      body: body instanceof Buffer ? new Uint8Array(body) : body,
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    } as RequestInit),
  );
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: JSON.parse(text) };
}

const untimed = (text: string): string => text.replace(/,"seconds":[\d.]+/, '');
const stored = () => totalsLine(clickhouse.owner, 'flows');

test('records of a body are stored once they are answered, plain or gzip, under any key; the same again are duplicates', async () => {
  const one = nfdumpLines(50, '192.0.2.1');
  const first = await post(one.lines.join(''));
  expect([first.status, first.json]).toMatchObject([
    200,
    { records: 50, accepted: 50, rejected: 0, duplicates: 0, bytes: one.bytes, packets: one.packets },
  ]);
  expect(Object.keys(first.json)).toEqual([
    'records',
    'accepted',
    'rejected',
    'duplicates',
    'flagged',
    'bytes',
    'packets',
    'seconds',
  ]);
  expect(await stored()).toBe(`50 ${one.packets} ${one.bytes}`);
  const again = await post(gzipSync(one.lines.join('')), { 'content-encoding': 'gzip' });
  expect(again.json).toMatchObject({ records: 50, accepted: 0, duplicates: 50 });
  const keyed = await post(one.lines.join(''), { 'idempotency-key': 'k0' });
  expect(keyed.json).toMatchObject({ records: 50, accepted: 0, duplicates: 50 });
  expect(await stored()).toBe(`50 ${one.packets} ${one.bytes}`);
});

test('a key with the same content is answered as before, even at the same time; with other content it is 409', async () => {
  const before = Number((await stored()).split(' ')[0]);
  const two = nfdumpLines(20, '192.0.2.1', 1000).lines.join('');
  const both = await Promise.all([1, 2].map(() => post(two, { 'idempotency-key': 'k1' })));
  const third = await post(gzipSync(two), { 'content-encoding': 'gzip' }, `${FORMAT}&batch=k1`);
  expect([...both, third].map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(new Set([...both, third].map(({ text }) => untimed(text))).size).toBe(1);
  expect(third.json).toMatchObject({ records: 20, accepted: 20 });
  expect(third.headers.get('idempotency-replayed')).toBe('true');
  const other = await post(nfdumpLines(20, '192.0.2.1', 5000).lines.join(''), { 'idempotency-key': 'k1' });
  expect([other.status, other.json.error]).toMatchObject([
    409,
    { code: 'conflict', message: expect.stringMatching(/"k1" was sent before with other content/) },
  ]);
  expect(Number((await stored()).split(' ')[0])).toBe(before + 20);
});

test('who may not is refused before anything is read; a session is no token', async () => {
  const { token: old } = await createToken({ name: 'old', scopes: ['ingest'], expiresAt: new Date(0) }, null);
  const { token: gone } = await createToken({ name: 'gone', scopes: ['ingest'], expiresAt: null }, null);
  const { token: none } = await createToken({ name: 'none', scopes: [], expiresAt: null }, null);
  await revokeToken('gone', null);
  const refused = async (headers: Record<string, string>) => (await post('{}', headers)).status;
  expect(await refused({ authorization: '' })).toBe(401);
  expect(await refused({ authorization: '', cookie: 'next-auth.session-token=x' })).toBe(401);
  expect(await refused({ authorization: 'Bearer weir_unknown' })).toBe(401);
  expect(await refused({ authorization: `Bearer ${old}` })).toBe(401);
  expect(await refused({ authorization: `Bearer ${gone}` })).toBe(401);
  expect(await refused({ authorization: `Bearer ${none}` })).toBe(403);
  expect(JSON.stringify(await listTokens())).not.toContain(token.slice(5));
  const rows = await database().apiToken.findMany();
  expect(rows.every(({ tokenHash }) => /^[0-9a-f]{64}$/.test(tokenHash))).toBe(true);
});

test('a broken request is refused with its cause, and stores nothing', async () => {
  const before = await stored();
  const good = nfdumpLines(30, '192.0.2.3', 7000).lines.join('');
  const cases: [Awaited<ReturnType<typeof post>>, number, RegExp][] = [
    [await post('\nnot json\n'), 400, /Line 2: malformed/],
    [await post(good, {}, '?format=nfdump-json'), 400, /pass \?zone=/],
    [await post(good, {}, '?format=netflow&zone=UTC'), 400, /no format "netflow"/],
    [await post(good, {}, '?colour=red'), 400, /colour is not a parameter/],
    [await post(null), 400, /no body/],
    [await post(gzipSync(good).subarray(0, 200), { 'content-encoding': 'gzip' }), 400, /cut or damaged/],
    [await post(good, { 'content-encoding': 'gzip' }), 400, /says gzip, and the body is not/],
    [await post(good, { 'content-encoding': 'br' }), 415, /Content-Encoding is br/],
    [await post(good, { 'content-type': 'multipart/form-data' }), 415, /no list of records/],
    [await post('x'.repeat(1_100_000)), 413, /larger than 1,048,576 bytes/],
    [await post(good, { 'idempotency-key': 'two words' }), 400, /name of the batch/],
  ];
  for (const [{ status, json }, expected, message] of cases) {
    expect([status, json.error.message]).toEqual([expected, expect.stringMatching(message)]);
  }
  expect(await stored()).toBe(before);
  // One bad record among good ones costs only itself.
  const mixed = await post(`${good}not json\n`);
  expect([mixed.status, mixed.json]).toMatchObject([200, { records: 31, accepted: 30, rejected: 1 }]);
});

test('an answer with rejected records says why: all by reason, and of the first five which and what', async () => {
  const good = nfdumpLines(4, '192.0.2.6', 11_000).lines;
  const unread = Array.from({ length: 6 }, (_, i) => `not json ${i}\n`);
  const endless = `{"type":"FLOW","first":"${'9'.repeat(5_000)}","last":"2026-11-01T00:00:00.000"}\n`;
  // Records 2, 4 and 6 to 10 of the body cannot be stored; good ones stand between.
  const lines = [good[0], unread[0], good[1], endless, good[2], ...unread.slice(1), good[3]];
  const headers = { 'idempotency-key': 'reasons' };
  const { status, json, text } = await post(lines.join(''), headers);
  expect([status, json]).toMatchObject([200, { records: 11, accepted: 4, rejected: 7 }]);
  const counts = Object.values(json.rejectedBy as Record<string, number>);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(7);
  expect(json.rejectedBy.malformed).toBe(6);
  expect(json.rejectedSamples.map(({ record }: { record: number }) => record)).toEqual([2, 4, 6, 7, 8]);
  expect(json.rejectedSamples[0]).toEqual({
    record: 2,
    reason: 'malformed',
    detail: expect.stringMatching(/JSON/),
  });
  expect(json.rejectedSamples[1].reason).not.toBe('malformed');
  expect(text.length).toBeLessThan(2_500);
  // The same key gets the same answer again, reasons and all.
  expect((await post(lines.join(''), headers)).text).toBe(text);
});

test('a body that breaks off stores nothing', async () => {
  const before = await stored();
  const cut = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(nfdumpLines(5, '192.0.2.4', 8000).lines.join('')));
      controller.error(new Error('connection lost'));
    },
  });
  expect((await post(cut)).status).toBe(499);
  expect(await stored()).toBe(before);
});

test('while ClickHouse is away it is 503 with Retry-After, and the same request is stored once afterwards', async () => {
  const before = Number((await stored()).split(' ')[0]);
  const body = nfdumpLines(40, '192.0.2.5', 9000).lines.join('');
  clickhouse.engine().kill('SIGKILL');
  await clickhouse.engine().exited;
  const away = await post(body, { 'idempotency-key': 'k9' });
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
  await clickhouse.restart();
  const back = await post(body, { 'idempotency-key': 'k9' });
  expect([back.status, back.json]).toMatchObject([200, { records: 40, accepted: 40 }]);
  expect(Number((await stored()).split(' ')[0])).toBe(before + 40);
});
