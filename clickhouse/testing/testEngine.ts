import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import type { ClickHouseTarget, Credentials } from '@/lib/server/env';
import { type EmbeddedClickHouse, type EmbeddedClickHouseOptions, startClickHouse } from '../embedded/start';
import { migrateClickHouse } from '../migrate';
import { copyPrepared, preparedData } from './preparedData';

export interface TestClickHouse {
  target: ClickHouseTarget;
  /** Client of the owner account, with the database as default. */
  owner: ClickHouseClient;
  /** Client of any account; closed by stop(). */
  client(account: 'owner' | 'ingest' | 'reader' | 'dictionary' | Credentials): ClickHouseClient;
  /** The running server; another object after restart(). */
  engine(): EmbeddedClickHouse;
  /** Starts the stopped or killed server again on the same data and ports. */
  restart(): Promise<void>;
  dataPath: string;
  /** Stops the server and removes its folder. */
  stop(): Promise<void>;
}

export interface TestClickHouseOptions
  extends Partial<Pick<EmbeddedClickHouseOptions, 'clusters' | 'maxMemoryBytes' | 'httpPort' | 'tcpPort'>> {
  /**
   * false = an empty database; 'here' = migrated by this server. By default it starts on a copy of what was migrated once for the whole run:
   * its views then are as after a restart, which is what settleViews has to make of them where they are made.
   */
  migrated?: boolean | 'here';
  /** Configuration besides the generated one: what stands between `<clickhouse>` and its end. */
  config?: string;
}

/** A ClickHouse server of its own in a fresh temporary folder, migrated. */
export async function startTestClickHouse(options: TestClickHouseOptions = {}): Promise<TestClickHouse> {
  const { migrated = true, maxMemoryBytes = 2 * 1024 ** 3, config, ...rest } = options;
  const dataPath = await mkdtemp(join(tmpdir(), 'weir-clickhouse-'));
  const secret = () => randomBytes(12).toString('base64url');
  const prepared = migrated === true && rest.clusters === undefined ? preparedData() : null;
  const start = {
    ...rest,
    maxMemoryBytes,
    dataPath,
    logPath: join(dataPath, 'logs'),
    database: 'weir',
    secrets: {
      owner: secret(),
      ingest: secret(),
      reader: secret(),
      dictionary: prepared?.dictionaryPassword ?? secret(),
    },
  };
  let engine: EmbeddedClickHouse;
  try {
    if (config !== undefined) {
      await mkdir(join(dataPath, 'config.d'));
      await writeFile(join(dataPath, 'config.d', 'test.xml'), `<clickhouse>${config}</clickhouse>`);
    }
    if (prepared !== null) await copyPrepared(prepared, join(dataPath, 'server'));
    engine = await startClickHouse(start);
  } catch (error) {
    await rm(dataPath, { recursive: true, force: true });
    throw error;
  }
  const { target } = engine;
  const clients: ClickHouseClient[] = [];
  const client = (account: Parameters<TestClickHouse['client']>[0]) => {
    const { user, password } = typeof account === 'string' ? target[account] : account;
    const made = createClient({ url: target.url, username: user, password, database: target.database });
    clients.push(made);
    return made;
  };
  const stop = async () => {
    await Promise.all(clients.map((c) => c.close()));
    await engine.stop();
    await rm(dataPath, { recursive: true, force: true });
  };
  try {
    if (migrated !== false && prepared === null) await migrateClickHouse(target);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    target,
    owner: client('owner'),
    client,
    engine: () => engine,
    restart: async () => {
      await engine.stop();
      engine = await startClickHouse({ ...start, httpPort: engine.httpPort, tcpPort: engine.tcpPort });
    },
    dataPath,
    stop,
  };
}
