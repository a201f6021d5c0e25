import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestDatabase, type TestDatabase } from '@/prisma/testing/testDatabase';
import { createIngestLock } from './ingestLock';

let postgres: TestDatabase;
beforeAll(async () => {
  postgres = await startTestDatabase({ migrated: false });
});
afterAll(() => postgres?.stop());

/** Resolves when somebody waits for an advisory lock. */
async function untilWaiting(): Promise<void> {
  const client = new Client({ connectionString: postgres.databaseUrl });
  await client.connect();
  try {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const { rows } = await client.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted",
      );
      if (rows.length > 0) return;
      if (Date.now() > deadline) throw new Error('nobody waits for the lock');
    }
  } finally {
    await client.end();
  }
}

test('across connections: batches share, reconcile waits for them and keeps later ones waiting', async () => {
  const [imports, others, reconcile] = [1, 2, 3].map(() => createIngestLock(postgres.databaseUrl, 'weir'));
  if (!imports || !others || !reconcile) throw new Error('no locks');
  const events: string[] = [];
  let finish: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = imports.shared(async () => {
    events.push('first in');
    await others.shared(async () => {
      events.push('second shares');
    });
    await held;
    events.push('first out');
  });
  while (events.length < 2) await new Promise(setImmediate);
  const alone = reconcile.alone(async () => {
    events.push('alone');
  });
  await untilWaiting();
  const late = others.shared(async () => {
    events.push('late');
  });
  finish();
  await Promise.all([first, alone, late]);
  expect(events).toEqual(['first in', 'second shares', 'first out', 'alone', 'late']);
  await Promise.all([imports, others, reconcile].map((lock) => lock.close()));
});

test('another database has a lock of its own', async () => {
  const [a, b] = [
    createIngestLock(postgres.databaseUrl, 'weir'),
    createIngestLock(postgres.databaseUrl, 'other'),
  ];
  await a.alone(() => b.alone(() => Promise.resolve()));
  await Promise.all([a.close(), b.close()]);
});

test('a holder whose connection dies lets go, and a dead server is named', async () => {
  const lock = createIngestLock(postgres.databaseUrl, 'weir');
  expect(
    await lock.alone(async () => {
      await postgres.restart();
      return 'done';
    }),
  ).toBe('done');
  expect(await lock.shared(() => Promise.resolve('next'))).toBe('next');
  await lock.close();
  const nobody = createIngestLock('postgresql://nobody@127.0.0.1:1/weir', 'weir');
  await expect(nobody.shared(() => Promise.resolve())).rejects.toThrow(
    /PostgreSQL is not reachable.*DATABASE_URL/,
  );
  await nobody.close();
});
