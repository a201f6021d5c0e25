import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { shiftedFixture } from './shiftedFixture';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-fixture-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('moves every record to the day and keeps its time of day, duration and counters', async () => {
  const records = JSON.parse(
    await readFile(await shiftedFixture('2026-11-21', 'nfdump-json', folder), 'utf8'),
  );
  expect(records).toHaveLength(38);
  expect(records[0]).toMatchObject({
    first: '2026-11-21T17:04:02.006',
    last: '2026-11-21T17:04:07.398',
    received: '2026-11-21T17:04:08.398',
    in_packets: 22,
    in_bytes: 1744,
  });
  expect(records.every((r: { first: string }) => r.first.startsWith('2026-11-21'))).toBe(true);
  expect(records.reduce((sum: number, r: { in_bytes: number }) => sum + r.in_bytes, 0)).toBe(3_814_782);
});

it('moves the CSV alike and leaves header and summary alone', async () => {
  const lines = (await readFile(await shiftedFixture('2026-11-21', 'nfdump-csv', folder), 'utf8')).split(
    '\n',
  );
  expect(lines[1]).toMatch(/^2026-11-21 17:04:02,2026-11-21 17:04:07,5\.392,10\.0\.2\.15,/);
  expect(lines[1]).toMatch(/,2026-11-21 17:04:09\.000$/);
  expect(lines.filter((line) => line.startsWith('2026-11-21'))).toHaveLength(38);
  expect(lines.join('\n')).toContain('38,3814782,3901,');
});

it('names the fix when the day is not a day', async () => {
  await expect(shiftedFixture('yesterday', 'nfdump-json', folder)).rejects.toThrow('YYYY-MM-DD');
});
