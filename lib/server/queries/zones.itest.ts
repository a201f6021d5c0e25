import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { bucketsOf, bucketWidth, offsetsWithin, STEP_NAMES } from '@/lib/flows/buckets';
import { closeReader } from '@/lib/server/clickhouse/client';
import { execute } from '@/lib/server/clickhouse/execute';
import { instant, sql, uint64 } from '@/lib/server/clickhouse/sql';
import { bucketExpression } from './columns';
import { testContext, useEngine } from './testing/useEngine';

let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await useEngine(engine.target);
});

afterAll(async () => {
  await closeReader();
  await engine?.stop();
});

/** Zones whose clocks move at midnight, by southern seasons, around Ramadan, or that are off by 45, 30 or 15 minutes. */
const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'America/St_Johns',
  'Pacific/Chatham',
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
];

/** Weeks in which some of them move their clocks. */
const WEEKS = [
  '2018-11-01',
  '2024-04-22',
  '2025-03-05',
  '2025-03-28',
  '2025-09-25',
  '2025-10-24',
  '2025-11-01',
  '2026-02-14',
  '2026-03-07',
  '2026-04-03',
];

const row = z.object({ starts: z.array(z.number()) });

test.each(ZONES)('the buckets the page draws in %s are those ClickHouse sums', async (zone) => {
  for (const week of WEEKS) {
    const from = Date.parse(`${week}T00:00:00Z`) / 1000;
    const range = { from, to: from + 6 * 86_400 + 2_100 };
    const offsets = offsetsWithin(range, zone);
    for (const name of STEP_NAMES) {
      const width = bucketWidth(name);
      // Five minutes are the finest slots here. The chooser never takes these: buckets of minutes that do not divide the offset, single hours that shift by half of one.
      if (
        name === '1m' ||
        (width.unit === 'minute' && offsets.some((offset) => offset % width.seconds !== 0))
      )
        continue;
      if (name === '1h' && new Set(offsets.map((offset) => offset % 3_600)).size > 1) continue;
      const [found] = await execute(
        testContext(),
        sql`SELECT arraySort(groupUniqArray(start)) AS starts FROM
(SELECT ${bucketExpression(name, zone)} AS start FROM (SELECT ${instant(range.from)} + 300 * number AS bucket FROM numbers(${uint64((range.to - range.from) / 300)})))`,
        row,
      );
      expect(found?.starts, `${week} by ${name}`).toEqual(bucketsOf(range, zone, width).starts);
    }
  }
});
