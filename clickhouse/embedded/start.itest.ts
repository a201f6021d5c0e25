import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PortTakenError } from '@/lib/server/process/portTaken';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { type EmbeddedClickHouse, type EmbeddedClickHouseOptions, startClickHouse } from './start';

const folders: string[] = [];
const engines: EmbeddedClickHouse[] = [];

function options(folder = mkdtempSync(join(tmpdir(), 'weir-clickhouse-'))): EmbeddedClickHouseOptions {
  if (!folders.includes(folder)) folders.push(folder);
  return {
    dataPath: folder,
    logPath: join(folder, 'logs'),
    database: 'weir',
    secrets: { owner: 'o', ingest: 'i', reader: 'r', dictionary: 'd' },
    maxMemoryBytes: 1024 ** 3,
  };
}

async function start(o: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const engine = await startClickHouse(o);
  engines.push(engine);
  return engine;
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function owner(engine: EmbeddedClickHouse, sql: string): Promise<string> {
  const response = await fetch(engine.target.url, {
    method: 'POST',
    body: sql,
    headers: { 'X-ClickHouse-User': 'owner', 'X-ClickHouse-Key': engine.target.owner.password },
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return text.trim();
}

/** The engine writes this line when it has shut its tables down. */
function shutDownCleanly(folder: string): boolean {
  const log = readFileSync(join(folder, 'logs', 'clickhouse.log'), 'utf8');
  return log.includes('Context: Shutdown disk default') && !log.includes('shutdown forcefully');
}

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'on %s shuts the tables down and exits with 0',
    async (signal) => {
      const o = options();
      const engine = await start(o);
      await owner(engine, 'CREATE DATABASE weir ENGINE = Atomic');
      engine.kill(signal);
      expect(await engine.exited).toEqual({ code: 0, signal: null });
      expect(shutDownCleanly(o.dataPath)).toBe(true);
      // ClickHouse keeps this file for as long as it uses the folder.
      expect(existsSync(join(engine.serverPath, 'status'))).toBe(false);
    },
  );

  it('ends running queries and does not wait for idle connections', async () => {
    const o = options();
    const engine = await start(o);
    const idle = owner(engine, 'SELECT 1');
    await idle;
    const running = owner(engine, 'SELECT count() FROM numbers(1e15) SETTINGS max_execution_time = 0').then(
      () => 'finished',
      () => 'ended',
    );
    await waitUntil(
      async () => ((await owner(engine, 'SELECT count() FROM system.processes')) === '3' ? true : undefined),
      10_000,
      () => new Error('The long query did not start.'),
    );
    expect(await engine.stop()).toBe(true);
    expect(await running).toBe('ended');
  });

  it('waits for a server that is just leaving the folder', async () => {
    const o = options();
    const first = await start(o);
    first.kill('SIGTERM');
    const second = await start(o);
    expect(await owner(second, 'SELECT 1')).toBe('1');
    expect((await first.exited).code).toBe(0);
  });
});

describe('starting', () => {
  it('brings committed rows back after a kill -9, on the ports that are asked for', async () => {
    const o = options();
    const first = await start(o);
    await owner(first, 'CREATE DATABASE weir ENGINE = Atomic');
    await owner(first, 'CREATE TABLE weir.kept (n UInt32) ENGINE = MergeTree ORDER BY n');
    await owner(first, 'INSERT INTO weir.kept SELECT number FROM numbers(1000)');
    first.kill('SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const { httpPort, tcpPort } = first;
    const second = await start({ ...o, httpPort, tcpPort });
    expect(second.target.url).toBe(first.target.url);
    expect(await owner(second, 'SELECT count(), sum(n) FROM weir.kept')).toBe('1000\t499500');
  });

  it('says which port is taken, and starts nothing', async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        const address = holder.address();
        resolve(address && typeof address === 'object' ? address.port : 0);
      });
    });
    try {
      const error = await startClickHouse({ ...options(), httpPort: port }).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(PortTakenError);
      expect(String(error)).toContain(`Port ${port} on 127.0.0.1`);
    } finally {
      holder.close();
    }
  });

  it('shows the end of the output of a server that cannot start', async () => {
    const o = options();
    const engine = await start(o);
    await owner(engine, 'CREATE DATABASE weir ENGINE = Atomic');
    await owner(engine, 'CREATE TABLE weir.kept (n UInt32) ENGINE = MergeTree ORDER BY n');
    const file = await owner(engine, "SELECT metadata_path FROM system.tables WHERE name = 'kept'");
    await engine.stop();
    writeFileSync(join(engine.serverPath, file), 'not SQL');
    await expect(startClickHouse(o)).rejects.toThrow(
      /ClickHouse ended before it was ready .*clickhouse\.out\.log/s,
    );
  });

  it('speaks the native protocol too, so that two servers answer as a cluster', async () => {
    const a = await start(options());
    const b = await start({
      ...options(),
      clusters: [
        {
          name: 'pair',
          shards: [{ host: '127.0.0.1', tcpPort: a.tcpPort, user: 'owner', password: 'o' }],
        },
      ],
    });
    expect(b.target.cluster).toBe('pair');
    expect(await owner(b, "SELECT tcpPort() FROM cluster('pair', system.one)")).toBe(String(a.tcpPort));
  });
});
