import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PortTakenError } from '@/lib/server/process/portTaken';
import { type EmbeddedPostgres, startPostgres } from './start';

let folder: string;
let server: EmbeddedPostgres;
const options = () => ({
  dataPath: join(folder, 'data'),
  logPath: join(folder, 'logs'),
  // Characters that mean something in a URL.
  password: 'p@ss/w?rd#%',
  database: 'weir',
  durable: false,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-postgres-'));
  chmodSync(folder, 0o711);
  server = await startPostgres(options());
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

describe('startPostgres', () => {
  it('listens on the loopback only, knows no socket file, keeps UTC and sorts text alike everywhere', async () => {
    const names = ['listen_addresses', 'unix_socket_directories', 'TimeZone', 'server_encoding'];
    const values = await ask(
      server.databaseUrl,
      `SELECT ${names.map((name) => `current_setting('${name}')`).join(', ')}`,
    );
    expect(values).toEqual(['127.0.0.1', '', 'UTC', 'UTF8']);
    expect(await ask(server.databaseUrl, "SELECT datlocale FROM pg_database WHERE datname = 'weir'")).toEqual(
      ['C.UTF-8'],
    );
  });

  it('wants the password, also from this machine', async () => {
    const wrong = server.databaseUrl.replace(encodeURIComponent(options().password), 'wrong');
    await expect(ask(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
    const hba = readFileSync(join(options().dataPath, 'cluster/pg_hba.conf'), 'utf8');
    expect(hba).not.toMatch(/^[^#]*\btrust\b/m);
  });

  it('keeps its data to itself and leaves the password in no file of its own', () => {
    expect(statSync(join(options().dataPath, 'cluster')).mode & 0o777).toBe(0o700);
    expect(() => statSync(join(options().dataPath, 'password'))).toThrow('ENOENT');
    expect(statSync(join(options().logPath, 'postgres.log')).mode & 0o777).toBe(0o600);
  });

  it('stops cleanly within the deadline and comes back on the same port with its data', async () => {
    await ask(server.databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS n');
    const { port, databaseUrl } = server;
    expect(await server.stop()).toBe(true);
    expect(readFileSync(join(options().logPath, 'postgres.log'), 'utf8')).toContain(
      'database system is shut down',
    );
    server = await startPostgres({ ...options(), port });
    expect(server.databaseUrl).toBe(databaseUrl);
    expect(await ask(server.databaseUrl, 'SELECT n FROM kept')).toEqual([42]);
  });

  it('says which port is taken', async () => {
    const holder = createServer();
    const port = await new Promise<number>((resolve) => {
      holder.listen(0, '127.0.0.1', () => {
        const address = holder.address();
        resolve(address && typeof address === 'object' ? address.port : 0);
      });
    });
    const other = { ...options(), dataPath: join(folder, 'other'), port };
    await expect(startPostgres(other)).rejects.toBeInstanceOf(PortTakenError);
    holder.close();
  });

  it('begins a first start again that was cut short', async () => {
    const cut = { ...options(), dataPath: join(folder, 'cut') };
    const first = await startPostgres(cut);
    await first.stop();
    rmSync(join(cut.dataPath, 'initialised'));
    rmSync(join(cut.dataPath, 'cluster/global'), { recursive: true });
    const second = await startPostgres(cut);
    expect(await ask(second.databaseUrl, 'SELECT 1')).toEqual([1]);
    await second.stop();
  });

  it('refuses the data of another major version and says what to do', async () => {
    const old = { ...options(), dataPath: join(folder, 'old') };
    await (await startPostgres(old)).stop();
    writeFileSync(join(old.dataPath, 'cluster/PG_VERSION'), '17\n');
    await expect(startPostgres(old)).rejects.toThrow(
      /is of PostgreSQL 17, but this Weir brings 18\. Move it over with pg_dump/,
    );
  });
});
