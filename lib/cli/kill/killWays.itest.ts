import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { killWays } from './killWays';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-kill-ways-'));
  // As root PostgreSQL runs as another account, which has to get through.
  await chmod(folder, 0o711);
  vi.stubEnv('WEIR_DATA', join(folder, 'data'));
  vi.stubEnv('CLICKHOUSE_URL', '');
  vi.stubEnv('DATABASE_URL', '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('ten kills of engine, following command and web server (the route module in a process of its own) lose nothing and double nothing', async () => {
  const result = await killWays({ kills: 10, seed: 1, web: 'route' }, () => undefined);
  const counts = Object.values(result.counts);
  expect(Object.values(result.counts).map(({ kills }) => kills)).toEqual([2, 4, 4]);
  expect(counts.reduce((sum, { hits }) => sum + hits, 0)).toBeGreaterThan(0);
  expect(result.wrong).toEqual([]);
  expect(result.reports[0].ok).toBe(true);
  // What the first look mended stays mended.
  const { batches, rollups, orphans } = result.reports[1];
  expect({ batches, rollups, orphans: orphans.rows }).toEqual({ batches: [], rollups: [], orphans: 0 });
}, 1_800_000);
