import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { AppError } from '@/lib/server/errors';
import { progressOf } from '@/lib/server/queries/progress';
import { testContext, useEngine } from '@/lib/server/queries/testing/useEngine';
import { closeReader } from './client';
import { execute } from './execute';
import { sql, text, uint64 } from './sql';
import { begin, tagOf } from './underWay';

let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await useEngine(engine.target);
});

afterAll(async () => {
  await closeReader();
  await engine?.stop();
});

const anything = z.record(z.string(), z.unknown());

/** A query of a minute. */
const slow = sql`SELECT sum(sleepEachRow(0.1)) FROM numbers(${uint64(600)}) SETTINGS max_block_size = 1`;

/** How many queries of a question run on the server now. */
async function running(question: string): Promise<number> {
  const result = await engine.owner.query({
    query: `SELECT count() AS n FROM system.processes WHERE JSONExtractString(Settings['log_comment'], 'question') = {question:String}`,
    query_params: { question },
    format: 'JSONEachRow',
  });
  return Number(z.array(z.object({ n: z.coerce.number() })).parse(await result.json())[0]?.n);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('it never came to be');
    await sleep(50);
  }
}

/** Which error comes, as a person sees it. */
async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (error instanceof AppError) return error;
  throw new Error(`no AppError but ${String(error)}`);
}

function context(question: string, signal?: AbortSignal) {
  return { ...testContext(signal), question };
}

test('integers of 64 and 128 bits arrive as decimal strings, and rows read are known', async () => {
  const asked = context('wide');
  const rows = await execute(
    asked,
    sql`SELECT toUInt64(18446744073709551615) AS a, toUInt128('340282366920938463463374607431768211455') AS b, toInt64(-1) AS c`,
    z.object({ a: z.string(), b: z.string(), c: z.string() }),
  );
  expect(rows).toEqual([
    { a: '18446744073709551615', b: '340282366920938463463374607431768211455', c: '-1' },
  ]);
  await execute(asked, sql`SELECT count() AS n FROM numbers(${uint64(1234)}) WHERE number % 2 = 0`, anything);
  expect(asked.statements.map(({ rowsRead }) => rowsRead)).toEqual([1, 1234]);
  expect(asked.statements[1]?.sql).toContain('{p1:UInt64}');
  expect(asked.statements[1]?.parameters).toEqual({ p1: '1234' });
});

test('a value is never SQL', async () => {
  const nasty = `'); DROP TABLE flows; -- \\' \n\t{p1:String} ünï😀`;
  const rows = await execute(
    context('nasty'),
    sql`SELECT ${text(nasty)} AS value, length(${text(nasty)}) AS n`,
    z.object({ value: z.string(), n: z.coerce.number() }),
  );
  expect(rows).toEqual([{ value: nasty, n: Buffer.byteLength(nasty) }]);
});

describe('cancellation', () => {
  test('when the client goes, the query ends on the server', async () => {
    const controller = new AbortController();
    const asked = failure(execute(context('gone', controller.signal), slow, anything));
    await until(async () => (await running('gone')) === 1);
    controller.abort();
    expect(await asked).toMatchObject({ code: 'cancelled' });
    await until(async () => (await running('gone')) === 0);
  });

  test('equal questions share one query, which ends when the last one has gone', async () => {
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const asked = controllers.map(({ signal }) =>
      failure(execute(context('shared', signal), slow, anything)),
    );
    await until(async () => (await running('shared')) === 1);
    controllers[0]?.abort();
    controllers[1]?.abort();
    expect((await asked[0])?.code).toBe('cancelled');
    expect((await asked[1])?.code).toBe('cancelled');
    expect(await running('shared')).toBe(1);
    controllers[2]?.abort();
    expect((await asked[2])?.code).toBe('cancelled');
    await until(async () => (await running('shared')) === 0);
  });
});

describe('progress', () => {
  test('rows read and to read of a request are told while it runs, also to one that waits for the same query', async () => {
    const controller = new AbortController();
    const requests = ['first', 'second'].map((name) => begin(tagOf('anna', name)));
    const asked = requests.map(({ underWay }) =>
      failure(execute({ ...context('progress-of', controller.signal), underWay }, slow, anything)),
    );
    const of = (person: string, name: string) =>
      progressOf(tagOf(person, name), 'test', testContext().signal);
    await until(async () => (await of('anna', 'first')).rowsRead > 0);
    for (const name of ['first', 'second']) {
      const progress = await of('anna', name);
      expect(progress).toMatchObject({ rowsToRead: 600, ended: 0, running: 1 });
      expect(progress.rowsRead).toBeLessThan(600);
    }
    expect(await of('bert', 'first')).toEqual({ rowsRead: 0, rowsToRead: 0, ended: 0, running: 0 });
    controller.abort();
    await Promise.all(asked);
    await until(async () => (await of('anna', 'first')).running === 0);
    for (const { end } of requests) end();
  });

  test('statements that have ended count with what they read', async () => {
    const { underWay, end } = begin(tagOf('anna', 'ended'));
    const count = sql`SELECT count() AS n FROM numbers(${uint64(1234)}) WHERE number % 2 = 0`;
    await execute({ ...context('progress-ended'), underWay }, count, anything);
    expect(await progressOf(underWay.tag, 'test', testContext().signal)).toEqual({
      rowsRead: 1234,
      rowsToRead: 1234,
      ended: 1,
      running: 0,
    });
    end();
  });
});

describe('limits', () => {
  test('too long is a timeout that says what to narrow', async () => {
    const limited = { ...context('long'), limits: { seconds: 1 } };
    const error = await failure(
      execute(
        limited,
        sql`SELECT sum(sleepEachRow(0.05)) FROM numbers(${uint64(1000)}) SETTINGS max_block_size = 1`,
        anything,
      ),
    );
    expect(error).toMatchObject({ code: 'timeout', status: 504 });
    expect(error.hint).toMatch(/shorter range/);
  });

  test('too many rows is too expensive', async () => {
    const limited = { ...context('many'), limits: { rows: 1000 } };
    const error = await failure(
      execute(limited, sql`SELECT sum(number) AS s FROM numbers(${uint64(100_000)})`, anything),
    );
    expect(error).toMatchObject({ code: 'too_expensive', status: 429 });
  });

  test('the account cannot write, nor lift its limits', async () => {
    const error = await failure(
      execute(context('write'), sql`INSERT INTO flows_landing (batch_key) SELECT 1`, anything),
    );
    expect(['unavailable', 'internal']).toContain(error.code);
    const lifted = await failure(
      execute(context('lift'), sql`SELECT 1 SETTINGS max_execution_time = 0`, anything),
    );
    expect(lifted.code).toBe('internal');
  });
});

test('a zone that only the browser knows is a bad request', async () => {
  const asked = execute(
    context('zone'),
    sql`SELECT toStartOfInterval(now(), INTERVAL 1 DAY, ${text('EUROPE/BERLIN')}) AS t`,
    anything,
  );
  expect(await failure(asked)).toMatchObject({ code: 'bad_request', field: 'zone' });
});

test('an answer of another shape than promised is our mistake, and says so', async () => {
  expect(
    await failure(execute(context('shape'), sql`SELECT 1 AS a`, z.object({ b: z.number() }))),
  ).toMatchObject({ code: 'internal' });
});

// Last, as it takes the engine away.
describe('the engine away', () => {
  test('is unavailable, named, with a hint; a question asked while it restarts is answered', async () => {
    engine.engine().kill('SIGKILL');
    await engine.engine().exited;
    const error = await failure(execute(context('down'), sql`SELECT 1 AS a`, anything));
    expect(error).toMatchObject({ code: 'unavailable', status: 503 });
    // A person cannot use an address of the server's own network, and should not be shown it.
    expect(error.message).toContain('ClickHouse does not answer');
    expect(`${error.message} ${error.hint}`).not.toContain('127.0.0.1');
    expect(error.hint).toContain('npm run doctor');
    await engine.restart();
    expect(await execute(context('back'), sql`SELECT 1 AS a`, anything)).toEqual([{ a: 1 }]);
  });
});
