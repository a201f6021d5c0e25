import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { setPreparedData } from './preparedData';
import { startTestClickHouse } from './testEngine';

/**
 * Migrates an empty database once for a run of tests, whose engines then start on copies of it: the statements of all migrations cost as
 * much time as many a file's tests.
 * @returns removes it
 */
export default async function prepareOnce(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-prepared-'));
  const remove = async () => {
    setPreparedData(null);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const serverPath = join(folder, 'server');
    const made = await startTestClickHouse({ migrated: 'here' });
    try {
      await packLedger(made.owner);
      await made.engine().stop();
      await rename(made.engine().serverPath, serverPath);
    } finally {
      await made.stop();
    }
    setPreparedData({ serverPath, dictionaryPassword: made.target.dictionary.password });
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

/** Leaves the ledger's last rows in one part: the parts of its many inserts are nine of ten files of a fresh database. */
async function packLedger(owner: ClickHouseClient): Promise<void> {
  for (const query of [
    'CREATE TABLE packed AS schema_migrations',
    'INSERT INTO packed SELECT * FROM schema_migrations FINAL',
    'EXCHANGE TABLES packed AND schema_migrations',
    'DROP TABLE packed SYNC',
  ]) {
    await owner.command({ query });
  }
}
