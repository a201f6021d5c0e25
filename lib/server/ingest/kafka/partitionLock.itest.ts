import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '@/prisma/testing/testDatabase';
import { createPartitionLock } from './partitionLock';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase({ migrated: false });
});
afterAll(() => postgres?.stop());

const FIRST = { topic: 'flow-messages', partition: 0 };

test('across connections a partition is held once, others are free, and it is free afterwards', async () => {
  const [here, there] = [1, 2].map(() => createPartitionLock(postgres.databaseUrl, 'weir'));
  if (!here || !there) throw new Error('no locks');
  const seen = await here.hold(FIRST, async () => [
    await there.hold(FIRST, async () => 'same'),
    await there.hold({ ...FIRST, partition: 1 }, async () => 'other'),
  ]);
  expect(seen).toEqual([null, 'other']);
  expect(await there.hold(FIRST, async () => 'same')).toBe('same');
  await expect(here.hold(FIRST, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await there.hold(FIRST, async () => 'same')).toBe('same');
  await Promise.all([here.close(), there.close()]);
});

test('whoever loses the connection is told, and the partition is free', async () => {
  const [here, there] = [1, 2].map(() => createPartitionLock(postgres.databaseUrl, 'weir'));
  if (!here || !there) throw new Error('no locks');
  const admin = new Client({ connectionString: postgres.databaseUrl });
  await admin.connect();
  const held = await here.hold(FIRST, async (lost) => {
    const told = new Promise<boolean>((resolve) => {
      lost.addEventListener('abort', () => resolve(true), { once: true });
    });
    await admin.query(
      "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE application_name = 'weir kafka'",
    );
    return told;
  });
  expect(held).toBe(true);
  expect(await there.hold(FIRST, async () => 'free')).toBe('free');
  await Promise.all([here.close(), there.close(), admin.end()]);
});
