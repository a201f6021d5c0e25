import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@/lib/server/process/waitUntil';
import { ready, type Supervisor, spawnSupervisor } from './testing/supervisor';

let folder: string;
let supervisor: Supervisor | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-data-'));
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  supervisor?.child.kill('SIGTERM');
  await supervisor?.exited;
  supervisor = undefined;
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number | null;
  output: string;
}

/** A command of its own process: asks ClickHouse who it is, once per line of `script`. */
function command(kind: 'withTargets' | 'withClickHouse', env: Record<string, string> = {}) {
  const module = fileURLToPath(new URL('./withTargets.ts', import.meta.url));
  const script = `import(${JSON.stringify(module)}).then((m) => m.${kind}(async (found) => {
    const target = found.clickhouse ?? found;
    console.log('asks', target.url, found.databaseUrl ? 'and PostgreSQL' : 'alone');
    if (process.env.HOLD) await new Promise((resolve) => process.stdin.once('data', resolve));
    const response = await fetch(target.url + '/?query=SELECT+currentUser()', {
      headers: { 'X-ClickHouse-User': 'reader', 'X-ClickHouse-Key': target.reader.password },
    });
    console.log('is', (await response.text()).trim());
    process.stdin.destroy();
  })).catch((error) => { console.log(error.message); process.exitCode = 1; })`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=react-server', '-e', script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CLICKHOUSE_URL: '',
      DATABASE_URL: '',
      WEIR_DATA: folder,
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, output }));
  });
  const says = (text: string) =>
    waitUntil(
      () => (output.includes(text) ? true : undefined),
      60_000,
      () => new Error(`It did not say "${text}" but: ${output}`),
    );
  return { child, ended, says };
}

describe('withTargets', () => {
  it('uses the instance that runs in the folder', async () => {
    supervisor = spawnSupervisor(folder);
    const { targets } = await ready(supervisor);
    const { code, output } = await command('withTargets').ended;
    expect(output).toContain(`asks ${targets.clickhouse.url} and PostgreSQL`);
    expect(output).toContain('is reader');
    expect(code).toBe(0);
  });

  it('waits for an instance that is still starting', async () => {
    supervisor = spawnSupervisor(folder);
    await waitUntil(
      () => (existsSync(join(folder, 'lock.1')) ? true : undefined),
      60_000,
      () => new Error('The supervisor did not take the folder.'),
      5,
    );
    const early = command('withTargets');
    const { targets } = await ready(supervisor);
    const { code, output } = await early.ended;
    expect(code, output).toBe(0);
    expect(output).toContain('is reader');
    expect(output).toMatch(/asks http:\/\/127\.0\.0\.1:\d+ and PostgreSQL/);
    expect(targets.databaseUrl).toContain('127.0.0.1');
  });
});

describe('withClickHouse', () => {
  it('starts ClickHouse alone for its own duration where nothing runs, and stops it cleanly', async () => {
    const { code, output } = await command('withClickHouse').ended;
    expect(output).toContain('alone');
    expect(output).toContain('is reader');
    expect(code).toBe(0);
    const state = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    expect(state).toMatchObject({
      state: 'stopped',
      unclean: false,
      embedded: { clickhouse: true, postgres: false },
    });
  });

  it('does not stop its engine under another command that uses it', async () => {
    const first = command('withClickHouse', { HOLD: '1' });
    await first.says('asks');
    const second = command('withClickHouse', { HOLD: '1' });
    await second.says('asks');
    first.child.stdin.write('go\n');
    await first.says('is reader');
    second.child.stdin.write('go\n');
    const ended = await second.ended;
    expect(ended.output).toContain('is reader');
    expect((await first.ended).code).toBe(0);
  });

  it('stops its engine when it is interrupted', async () => {
    const running = command('withClickHouse', { HOLD: '1' });
    await running.says('asks');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject({ state: 'stopped' });
  });

  it('starts nothing where CLICKHOUSE_URL is set', async () => {
    const { output } = await command('withClickHouse', {
      CLICKHOUSE_URL: 'http://127.0.0.1:1',
      CLICKHOUSE_OWNER_PASSWORD: 'o',
      CLICKHOUSE_INGEST_PASSWORD: 'i',
      CLICKHOUSE_READER_PASSWORD: 'r',
      CLICKHOUSE_DICTIONARY_PASSWORD: 'd',
    }).ended;
    expect(output).toContain('asks http://127.0.0.1:1 alone');
    expect(() => readFileSync(join(folder, 'run.json'))).toThrow('ENOENT');
  });
});
