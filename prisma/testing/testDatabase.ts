import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startPostgres } from '../embedded/start';
import { migratePostgres } from '../migrate';

export interface TestDatabase {
  databaseUrl: string;
  /** The running server; another object after restart(). */
  engine(): EmbeddedPostgres;
  /** Starts the stopped or killed server again on the same data and port. */
  restart(): Promise<void>;
  dataPath: string;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

/** A PostgreSQL server of its own in a fresh temporary folder, migrated unless `migrated` is false. */
export async function startTestDatabase(options: { migrated?: boolean } = {}): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-postgres-'));
  // As root the server runs as another account, which has to get through.
  await chmod(folder, 0o711);
  const start = {
    dataPath: join(folder, 'data'),
    logPath: join(folder, 'logs'),
    password: 'test',
    database: 'weir',
    durable: false,
  };
  const remove = () => rm(folder, { recursive: true, force: true });
  let engine: EmbeddedPostgres;
  try {
    engine = await startPostgres(start);
  } catch (error) {
    await remove();
    throw error;
  }
  const stop = async () => {
    await engine.stop();
    await remove();
  };
  try {
    if (options.migrated ?? true) await migratePostgres(engine.databaseUrl);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    databaseUrl: engine.databaseUrl,
    engine: () => engine,
    restart: async () => {
      await engine.stop();
      engine = await startPostgres({ ...start, port: engine.port });
    },
    dataPath: start.dataPath,
    stop,
  };
}
