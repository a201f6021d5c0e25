import { expect, test, vi } from 'vitest';
import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { answerExploreGroups } from './exploreGroups';
import { answerExploreOverTime } from './exploreOverTime';
import { answerOf, at } from './testing/golden';

// What would read too many raw records is refused before anything is read.

vi.mock('./facts', async () => (await import('./testing/golden')).factsModule);
vi.mock('@/lib/server/clickhouse/execute', async () => (await import('./testing/golden')).executeModule);

const FROM = '2026-11-20T00:00:00Z';
const DAY = `from=${FROM}&to=2026-11-21T00:00:00Z`;
const TOO_MANY = 12_000_001;

const overTime = (query: string, records: (from: number) => number) =>
  answerOf(
    exploreOverTime,
    answerExploreOverTime,
    `${DAY}&measure=uniqueness&by=exporter&${query}`,
    {},
    records,
  );

test('distinct addresses over time by what only raw flows hold: as many records as may be read, and one more', async () => {
  const { rows } = await overTime('compare=none', () => TOO_MANY - 1);
  expect(rows.buckets).toHaveLength(24);
  await expect(overTime('compare=none', () => TOO_MANY)).rejects.toMatchObject({
    code: 'too_expensive',
    longestSeconds: 23 * 3_600,
  });
});

test('where the range that is compared has too many, the range itself is answered', async () => {
  const { rows } = await overTime('compare=previous', (from) => (from < at(FROM) ? TOO_MANY : 1));
  expect(rows.previous).toBeNull();
  expect(rows.previousMissing).toMatch(/^The range that is compared: Only raw flows can answer this/);
});

test.each(['exporter,type', 'exporter,day'])(
  'groups by %s, whose sums cost nothing, are refused too',
  async (by) => {
    const asked = `${DAY}&compare=none&measure=uniqueness&by=${by}`;
    await expect(
      answerOf(exploreGroups, answerExploreGroups, asked, {}, () => TOO_MANY),
    ).rejects.toMatchObject({ code: 'too_expensive' });
  },
);
