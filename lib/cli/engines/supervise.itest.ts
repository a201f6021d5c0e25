import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ClickHouseTarget } from '@/lib/server/env';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { ready, type Supervisor, spawnSupervisor } from './testing/supervisor';

const folders: string[] = [];
const supervisors: Supervisor[] = [];

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-data-'));
  chmodSync(folder, 0o711);
  folders.push(folder);
  return folder;
}

function start(folder: string, env: Record<string, string> = {}): Supervisor {
  const supervisor = spawnSupervisor(folder, env);
  supervisors.push(supervisor);
  return supervisor;
}

async function stop(supervisor: Supervisor): Promise<number | null> {
  supervisor.child.kill('SIGTERM');
  return (await supervisor.exited).code;
}

afterEach(async () => {
  for (const supervisor of supervisors.splice(0)) {
    supervisor.child.kill('SIGTERM');
    await supervisor.exited;
  }
  for (const folder of folders.splice(0)) {
    await nobodyIn(folder);
    rmSync(folder, { recursive: true, force: true });
  }
});

async function owner(target: ClickHouseTarget, sql: string): Promise<string> {
  const response = await fetch(target.url, {
    method: 'POST',
    body: sql,
    headers: { 'X-ClickHouse-User': 'owner', 'X-ClickHouse-Key': target.owner.password },
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(text);
  return text.trim();
}

async function sql(databaseUrl: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(query)).rows;
  } finally {
    await client.end();
  }
}

/** Processes whose command line names the folder: the engines and their guards. */
function processesIn(folder: string): number[] {
  const list = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args=']).toString();
  return list
    .split('\n')
    .filter((line) => line.includes(folder))
    .map((line) => Number.parseInt(line, 10));
}

async function nobodyIn(folder: string): Promise<void> {
  await waitUntil(
    () => (processesIn(folder).length === 0 ? true : undefined),
    30_000,
    () => new Error(`These processes still use ${folder}: ${processesIn(folder).join(', ')}`),
    100,
  );
}

function engineOf(folder: string, program: string): number {
  const list = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args=']).toString();
  const line = list
    .split('\n')
    .find((l) => l.includes(folder) && l.includes(program) && !l.includes('guard.mjs'));
  if (!line) throw new Error(`No ${program} runs in ${folder}.`);
  return Number.parseInt(line, 10);
}

const restarted = (engine: string) => (message: unknown) =>
  z.object({ restarted: z.literal(engine), uncleanStop: z.boolean() }).safeParse(message).data;

describe('startEngines', () => {
  it('lets one instance run in a folder, and tells a second one whom to stop and how', async () => {
    const folder = dataFolder();
    const first = start(folder);
    await ready(first);
    const second = start(folder);
    const message = await second.message((m) => z.object({ failed: z.string() }).safeParse(m).data?.failed);
    expect(message).toContain(folder);
    expect(message).toContain(`process ${first.child.pid}`);
    expect(message).toContain(`\`kill ${first.child.pid}\``);
    expect(message).toContain('WEIR_DATA=');
    expect((await second.exited).code).toBe(3);
    expect(await stop(first)).toBe(0);
  });

  it('keeps ports, passwords and data over a clean stop, and leaves no process behind', async () => {
    const folder = dataFolder();
    const first = start(folder);
    const before = await ready(first);
    expect(before.uncleanStop).toBe(false);
    await owner(before.targets.clickhouse, 'CREATE DATABASE IF NOT EXISTS weir ENGINE = Atomic');
    await owner(before.targets.clickhouse, 'CREATE TABLE weir.kept (n Int8) ENGINE = MergeTree ORDER BY n');
    await owner(before.targets.clickhouse, 'INSERT INTO weir.kept VALUES (42)');
    await sql(before.targets.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    expect(await stop(first)).toBe(0);
    expect(processesIn(folder)).toEqual([]);

    const after = await ready(start(folder));
    expect(after.targets).toEqual(before.targets);
    expect(after.uncleanStop).toBe(false);
    expect(after.appEnv.NEXTAUTH_SECRET).toBe(before.appEnv.NEXTAUTH_SECRET);
    expect(await owner(after.targets.clickhouse, 'SELECT n FROM weir.kept')).toBe('42');
    expect(await sql(after.targets.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    for (const file of ['secrets.json', 'run.json', 'clickhouse/users.xml', 'clickhouse/config.xml']) {
      expect({ file, mode: statSync(join(folder, file)).mode & 0o777 }).toEqual({ file, mode: 0o600 });
    }
    const users = readFileSync(join(folder, 'clickhouse/users.xml'), 'utf8');
    expect(users).not.toContain(after.targets.clickhouse.reader.password);
  });

  it('starts a crashed engine again on the same port with its data, and remembers the crash of ClickHouse until the batches were checked', async () => {
    const folder = dataFolder();
    const supervisor = start(folder);
    const { targets } = await ready(supervisor);
    await owner(targets.clickhouse, 'CREATE DATABASE IF NOT EXISTS weir ENGINE = Atomic');
    await owner(targets.clickhouse, 'CREATE TABLE weir.kept (n Int8) ENGINE = MergeTree ORDER BY n');
    await owner(targets.clickhouse, 'INSERT INTO weir.kept VALUES (42)');
    await sql(targets.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS n');

    process.kill(engineOf(folder, 'bin/postgres'), 'SIGKILL');
    expect(await supervisor.message(restarted('postgres'))).toMatchObject({ uncleanStop: false });
    expect(await sql(targets.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);

    process.kill(engineOf(folder, 'engine.mjs'), 'SIGKILL');
    expect(await supervisor.message(restarted('clickhouse'))).toMatchObject({ uncleanStop: true });
    expect(await owner(targets.clickhouse, 'SELECT n FROM weir.kept')).toBe('42');
    expect(await stop(supervisor)).toBe(0);

    const next = start(folder);
    expect((await ready(next)).uncleanStop).toBe(true);
    next.child.stdin?.write('reconciled\n');
    await next.message((m) => z.object({ reconciled: z.literal(true) }).safeParse(m).data);
    expect(await stop(next)).toBe(0);
    expect((await ready(start(folder))).uncleanStop).toBe(false);
  });

  it('takes the engines with it when it is killed; the next start says that the stop was unclean', async () => {
    const folder = dataFolder();
    const first = start(folder);
    const before = await ready(first);
    expect(processesIn(folder).length).toBeGreaterThanOrEqual(3);
    first.child.kill('SIGKILL');
    await first.exited;
    // At once, while the old engines are still leaving.
    const after = await ready(start(folder));
    expect(after.uncleanStop).toBe(true);
    expect(after.targets).toEqual(before.targets);
  });

  it('leaves no process behind when it is killed', async () => {
    const folder = dataFolder();
    const supervisor = start(folder);
    await ready(supervisor);
    supervisor.child.kill('SIGKILL');
    await supervisor.exited;
    await nobodyIn(folder);
  });

  it('ends a PostgreSQL that outlived its guard', async () => {
    const folder = dataFolder();
    const supervisor = start(folder);
    const { targets } = await ready(supervisor);
    const guard = processesIn(folder).find(
      (pid) => pid !== engineOf(folder, 'engine.mjs') && pid !== engineOf(folder, 'bin/postgres'),
    );
    process.kill(guard ?? Number.NaN, 'SIGKILL');
    await supervisor.message(restarted('postgres'));
    expect(await sql(targets.databaseUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('starts nothing where the environment names both servers', async () => {
    const folder = dataFolder();
    const outside = {
      CLICKHOUSE_URL: 'http://clickhouse.example:8123',
      CLICKHOUSE_OWNER_PASSWORD: 'o',
      CLICKHOUSE_INGEST_PASSWORD: 'i',
      CLICKHOUSE_READER_PASSWORD: 'r',
      CLICKHOUSE_DICTIONARY_PASSWORD: 'd',
      DATABASE_URL: 'postgresql://weir:pw@db.example:5432/weir',
    };
    const message = await ready(start(folder, outside));
    expect(message.embedded).toEqual({ clickhouse: false, postgres: false });
    expect(message.targets.clickhouse.url).toBe('http://clickhouse.example:8123');
    expect(message.targets.databaseUrl).toBe('postgresql://weir:pw@db.example:5432/weir');
    expect(processesIn(folder)).toEqual([]);
  });

  it('starts only PostgreSQL where the environment names ClickHouse, and announces it in production', async () => {
    const folder = dataFolder();
    const supervisor = start(folder, {
      NODE_ENV: 'production',
      CLICKHOUSE_URL: 'http://clickhouse.example:8123',
      CLICKHOUSE_OWNER_PASSWORD: 'o',
      CLICKHOUSE_INGEST_PASSWORD: 'i',
      CLICKHOUSE_READER_PASSWORD: 'r',
      CLICKHOUSE_DICTIONARY_PASSWORD: 'd',
    });
    const message = await ready(supervisor);
    expect(message.embedded).toEqual({ clickhouse: false, postgres: true });
    expect(await sql(message.targets.databaseUrl, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(supervisor.messages[0]).toEqual({
      log: `In production with the embedded PostgreSQL (DATABASE_URL replaces it): one machine carries everything, so back up ${folder}.`,
    });
  });

  it('says which variable is wrong before it starts anything', async () => {
    const folder = dataFolder();
    const supervisor = start(folder, { CLICKHOUSE_URL: 'http://clickhouse.example:8123' });
    const message = await supervisor.message(
      (m) => z.object({ failed: z.string() }).safeParse(m).data?.failed,
    );
    expect(message).toContain('CLICKHOUSE_OWNER_PASSWORD is not set');
    expect(processesIn(folder)).toEqual([]);
  });
});
