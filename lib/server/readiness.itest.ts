import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { startTestDatabase, type TestDatabase } from '@/prisma/testing/testDatabase';
import { closeReader } from './clickhouse/client';
import { type ClickHouseTarget, targetsToEnv } from './env';
import { readiness } from './readiness';
import { database } from './repos/database';

let engine: TestClickHouse;
let people: TestDatabase;

async function pointAt(clickhouse: ClickHouseTarget, databaseUrl: string): Promise<void> {
  Object.assign(process.env, targetsToEnv({ clickhouse, databaseUrl }));
  await closeReader();
}

beforeAll(async () => {
  [engine, people] = await Promise.all([startTestClickHouse(), startTestDatabase()]);
});

afterAll(async () => {
  await closeReader();
  await database().$disconnect();
  await Promise.all([engine?.stop(), people?.stop()]);
});

const failing = async () => (await readiness()).checks.filter(({ ok }) => !ok);

test('with both engines and all migrations it is ready', async () => {
  await pointAt(engine.target, people.databaseUrl);
  expect(await readiness()).toEqual({
    ready: true,
    checks: ['clickhouse', 'postgresql', 'clickhouse migrations', 'postgresql migrations'].map((name) => ({
      name,
      ok: true,
      message: '',
    })),
  });
});

test('a migration that has not been applied is named, with the command', async () => {
  await engine.owner.command({
    query: 'ALTER TABLE schema_migrations DELETE WHERE number = 5 SETTINGS mutations_sync = 1',
  });
  expect(await failing()).toEqual([
    {
      name: 'clickhouse migrations',
      ok: false,
      message: expect.stringMatching(/0005_uniques.*npm run migrate/),
    },
  ]);
});

test('an engine that is away makes it unready within seconds, and nothing of its address is said', async () => {
  engine.engine().kill('SIGKILL');
  await engine.engine().exited;
  const started = performance.now();
  const checks = await failing();
  expect(performance.now() - started).toBeLessThan(8_000);
  expect(checks.map(({ name }) => name)).toEqual(['clickhouse', 'clickhouse migrations']);
  expect(JSON.stringify(checks)).not.toContain(new URL(engine.target.url).port);
  await people.engine().stop();
  expect((await failing()).map(({ name }) => name)).toContain('postgresql');
});
