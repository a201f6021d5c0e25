import { beforeAll, describe, expect, test, vi } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import type { Dimension } from '@/lib/flows/dimensions';
import { closeMonth, HEAVY_TABLES } from '@/lib/server/rollups/closeMonth';
import { closeMonths } from '@/lib/server/rollups/closeMonths';
import { closeQuarter, QUARTER_TABLES } from '@/lib/server/rollups/closeQuarter';
import { answerExploreGroups } from './exploreGroups';
import { answerExploreOverTime } from './exploreOverTime';
import { forgetFacts } from './facts';
import { ask } from './testing/ask';
import { minuteSlots, type Slot, sumBy } from './testing/expected';
import { at, counted, KEY } from './testing/exploreFixture';
import { insertFlows } from './testing/loadFlows';
import { randomFlows, type TestFlow } from './testing/randomFlows';
import { testContext } from './testing/useEngine';

// However few records there are.
vi.mock('./explore/worthLists', () => ({ WORTH_LISTS: 0 }));

/** August is cut little, or more than half; November is not closed; October whole, or cut. All edges lie within a day. */
const LONG = ['2025-08-05T07:00:00Z', '2025-11-02T07:00:00Z'] as const;
const SHORT = ['2025-08-20T07:00:00Z', '2025-10-28T07:00:00Z'] as const;
const queryOf = ([from, to]: readonly [string, string]) => `from=${from}&to=${to}&compare=none`;
const [AUGUST, SEPTEMBER, OCTOBER, NOVEMBER] = ['08', '09', '10', '11'].map((month) =>
  at(`2025-${month}-01T00:00:00Z`),
) as [number, number, number, number];

const flows = randomFlows(53, 3_000, AUGUST * 1000, at('2025-11-03T00:00:00Z') * 1000);
const engine = engineWithFlows(flows, (started) => closeMonths(started.target, NOVEMBER, { fiscalStart: 2 }));

const crossing = (of: readonly TestFlow[], [from, to]: readonly [string, string]) =>
  minuteSlots(of).filter((slot) => counted(slot) && slot.at >= at(from) && slot.at < at(to));

type Value = 'bytes' | 'packets' | 'flowRecords';
const keysOf = (by: readonly Dimension[], { flow }: Slot) => by.map((name) => KEY[name](flow)).join(' ');

/** The heaviest groups with their sums, the rest, and everything, as the records say. */
function byHand(own: readonly Slot[], by: readonly Dimension[], value: Value, top: number) {
  const sums = [...sumBy(own, (slot) => keysOf(by, slot))]
    .map(([name, each]) => ({ name, sum: each[value] }))
    .sort((a, b) => (a.sum < b.sum ? 1 : -1));
  const total = sums.reduce((sum, each) => sum + each.sum, 0n);
  const groups = sums.slice(0, top);
  const named = groups.reduce((sum, each) => sum + each.sum, 0n);
  return {
    groups: groups.map(({ name, sum }) => `${name} ${sum}`),
    others: String(total - named),
    found: sums.length,
  };
}

async function answered(range: readonly [string, string], query: string) {
  forgetFacts();
  const context = testContext();
  const { rows, meta } = await ask(
    exploreOverTime,
    answerExploreOverTime,
    `${queryOf(range)}&${query}`,
    context,
  );
  const named = rows.series.filter(({ keys }) => keys !== null);
  const total = (of: typeof rows.series) =>
    of.flatMap(({ sums }) => sums).reduce((sum, each) => sum + BigInt(each), 0n);
  return {
    rows,
    isSaid: meta.notes.some(({ code }) => code === 'by_lists'),
    groups: named.map((each) => `${each.keys?.join(' ')} ${total([each])}`),
    others: String(total(rows.series.filter(({ keys }) => keys === null))),
    isOfQuarter: context.statements.some(({ sql }) => /FROM heavy_\w+_1q/.test(sql)),
    isByMonths: context.statements.some(({ sql }) => /FROM heavy_\w+_1mo/.test(sql)),
    /** everybody's days were added up */
    isOfAll: context.statements.some(
      ({ sql }) =>
        sql.includes('LIMIT') &&
        sql.includes('FROM endpoints_1d') &&
        !/remote_address (IN|BETWEEN) /.test(sql) &&
        !sql.includes('FROM heavy_'),
    ),
  };
}

describe.each([
  ['lists of everybody', 10_000, false, LONG],
  ['lists of everybody, both edges cut', 10_000, false, SHORT],
  ['lists of twelve a region and type', 12, false, LONG],
  ['lists of one: who is on none may be heavier than the last', 1, true, LONG],
] as const)('%s', (_, kept, isOfAll, range) => {
  const slots = crossing(flows, range);

  beforeAll(async () => {
    for (const table of HEAVY_TABLES)
      for (const month of [AUGUST, SEPTEMBER, OCTOBER])
        await closeMonth(engine().owner, 'weir', table, month, kept);
  });

  test.each(['traffic', 'packets', 'flowRecords'] as const)('%s by address', async (measure) => {
    const value = measure === 'traffic' ? 'bytes' : measure;
    const found = await answered(range, `by=remoteAddress&measure=${measure}&top=3`);
    const expected = byHand(slots, ['remoteAddress'], value, 3);
    expect(found.groups.map((each) => each.split(' ').at(-1))).toEqual(
      expected.groups.map((each) => each.split(' ').at(-1)),
    );
    if (measure === 'traffic') expect(found.groups).toEqual(expected.groups);
    expect(found.others).toBe(expected.others);
    expect(found.rows.found).toBeLessThanOrEqual(expected.found);
    if (!found.rows.foundAtLeast) expect(found.rows.found).toBe(expected.found);
    if (measure === 'traffic') expect([found.isOfAll, found.isSaid]).toEqual([isOfAll, !isOfAll]);
  });

  test.each<Dimension[][]>([
    [['localAddress']],
    [['remoteAddress', 'localAddress']],
    [['remoteAddress', 'type']],
    [['remotePrefix']],
    [['remotePrefix', 'region']],
  ])('bytes by %j', async (by) => {
    const found = await answered(range, `by=${by}&top=4`);
    const { groups, others } = byHand(slots, by, 'bytes', 4);
    expect([found.groups, found.others]).toEqual([groups, others]);
    // There are too few prefixes for one that no list holds.
    if (by.includes('remotePrefix')) expect([found.isOfAll, found.isSaid]).toEqual([false, true]);
  });

  test('directions apart, of one network type, day by day', async () => {
    const { rows } = await answered(range, 'by=remoteAddress&top=2&mirror=1&step=1d&filter=type+%3D+CDN');
    const own = slots.filter(({ flow }) => flow.type === 'CDN');
    const top = byHand(own, ['remoteAddress'], 'bytes', 2).groups.map((each) => each.split(' ')[0]);
    for (const { keys, direction, sums } of rows.series) {
      const sumsByDay = sumBy(
        own.filter(
          ({ flow }) =>
            flow.direction === direction &&
            (keys === null ? !top.includes(KEY.remoteAddress(flow)) : KEY.remoteAddress(flow) === keys[0]),
        ),
        (slot) => String(slot.at - (slot.at % 86_400)),
      );
      expect(sums).toEqual(rows.buckets.map((start) => String(sumsByDay.get(String(start))?.bytes ?? 0n)));
    }
    expect(rows.series).toHaveLength(6);
  });

  test.each([
    ['remoteAddress', 'type'],
    ['remoteAddress', 'month'],
    ['remoteAddress', 'asn'],
    ['remotePrefix', 'type'],
  ] as const)('cells of %s and %s, their totals and everything', async (first, other) => {
    const { rows } = await ask(
      exploreGroups,
      answerExploreGroups,
      `${queryOf(range)}&by=${first},${other}&top=4`,
    );
    const [shown, keys] = rows.axes.map((axis) => axis.keys) as [string[], string[]];
    expect(shown).toEqual(byHand(slots, [first], 'bytes', 4).groups.map((each) => each.split(' ')[0]));
    const otherOf = (slot: Slot) =>
      other === 'month' ? new Date(slot.at * 1000).toISOString().slice(0, 7) : KEY[other](slot.flow);
    const orStar = (of: readonly string[], key: string) => (of.includes(key) ? key : '*');
    const cellOf = (slot: Slot) => `${orStar(shown, KEY[first](slot.flow))} ${orStar(keys, otherOf(slot))}`;
    const expected = [...sumBy(slots, cellOf)].flatMap(([name, { bytes }]) =>
      bytes === 0n ? [] : [[name, String(bytes)]],
    );
    const cells = rows.cells.flatMap(({ at: [a = 0, b = 0], now }) =>
      now.sum === '0' ? [] : [[`${shown[a] ?? '*'} ${keys[b] ?? '*'}`, now.sum]],
    );
    expect(Object.fromEntries(cells)).toEqual(Object.fromEntries(expected));
    const others = expected
      .filter(([name]) => name?.startsWith('* '))
      .reduce((sum, [, each]) => sum + BigInt(each ?? 0), 0n);
    expect(rows.totals[0]?.at(-1)?.now?.sum).toBe(String(others));
    expect(rows.total.now.sum).toBe(String(slots.reduce((sum, { bytes }) => sum + bytes, 0n)));
  });
});

describe('a whole quarter, of fiscal years that begin in February', () => {
  const QUARTER = ['2025-08-01T00:00:00Z', '2025-11-01T00:00:00Z'] as const;
  const slots = crossing(flows, QUARTER);
  const TOP = 4;

  describe.each([
    ['', () => true],
    ['&filter=type+%3D+CDN', ({ flow }: Slot) => flow.type === 'CDN'],
    ['&filter=region+%3D+US-West', ({ flow }: Slot) => flow.region === 'US-West'],
    [
      '&filter=region+%3D+US-West+and+type+%3D+CDN',
      ({ flow }: Slot) => flow.region === 'US-West' && flow.type === 'CDN',
    ],
  ] as const)('%s', (filter, isWithin) => {
    test.each([
      ['remoteAddress', 'both'],
      ['remoteAddress', 'ingress'],
      ['localAddress', 'egress'],
      ['localAddress,remoteAddress', 'both'],
      ['remotePrefix', 'both'],
      ['remotePrefix', 'egress'],
    ] as const)('by %s, %s, from the ranking alone', async (by, direction) => {
      const own = slots.filter(
        (slot) => isWithin(slot) && (direction === 'both' || slot.flow.direction === direction),
      );
      const found = await answered(QUARTER, `by=${by}&top=${TOP}&dir=${direction}${filter}`);
      const expected = byHand(own, by.split(',') as Dimension[], 'bytes', TOP);
      // A type has two prefixes, and hundreds of addresses.
      expect(expected.groups.length).toBeGreaterThanOrEqual(by === 'remotePrefix' ? 2 : TOP);
      expect([found.groups, found.others]).toEqual([expected.groups, expected.others]);
      expect([found.rows.found, found.rows.foundAtLeast]).toEqual([expected.found, false]);
      expect([found.isOfQuarter, found.isByMonths, found.isOfAll, found.isSaid]).toEqual([
        true,
        false,
        false,
        true,
      ]);
    });
  });

  test.each([
    ['another sum', QUARTER, '&measure=packets', 'packets', () => true],
    ['not the whole of it', LONG, '', 'bytes', () => true],
    [
      'two types',
      QUARTER,
      '&filter=type+in+%28CDN%2C+Hosting%29',
      'bytes',
      ({ flow }: Slot) => flow.type === 'CDN' || flow.type === 'Hosting',
    ],
    [
      'everything but a type',
      QUARTER,
      '&filter=type+%21%3D+CDN',
      'bytes',
      ({ flow }: Slot) => flow.type !== 'CDN',
    ],
  ] as const)('%s is not of the ranking', async (_, range, query, value, isWithin) => {
    const found = await answered(range, `by=remoteAddress&top=${TOP}${query}`);
    const expected = byHand(crossing(flows, range).filter(isWithin), ['remoteAddress'], value, TOP);
    const sums = (of: readonly string[]) => of.map((each) => each.split(' ').at(-1));
    expect(found.isOfQuarter).toBe(false);
    expect([value === 'bytes' ? sums(found.groups) : [], found.others]).toEqual([
      value === 'bytes' ? sums(expected.groups) : [],
      expected.others,
    ]);
  });

  test('a ranking too short to prove what is wanted is not believed', async () => {
    const [addresses] = QUARTER_TABLES;
    if (addresses === undefined) throw new Error('no table');
    await closeQuarter(engine().owner, 'weir', addresses, AUGUST, TOP - 1);
    const found = await answered(QUARTER, `by=remoteAddress&top=${TOP}`);
    const expected = byHand(slots, ['remoteAddress'], 'bytes', TOP);
    expect([found.groups, found.others]).toEqual([expected.groups, expected.others]);
    expect([found.isOfQuarter, found.isByMonths]).toEqual([true, true]);
  });
});

test('pairs of a month that is not closed, by way of its heaviest remote addresses', async () => {
  const range = ['2025-11-01T07:00:00Z', '2025-11-02T22:00:00Z'] as const;
  const found = await answered(range, 'by=remoteAddress,localAddress&top=3');
  const { groups, others } = byHand(crossing(flows, range), ['remoteAddress', 'localAddress'], 'bytes', 3);
  expect([found.groups, found.others]).toEqual([groups, others]);
  expect(found.rows.foundAtLeast).toBe(true);
});

test('what came after a month was closed is ranked before its list is made anew', async () => {
  const [first] = flows;
  const [addresses] = HEAVY_TABLES;
  if (first === undefined || addresses === undefined) throw new Error('nothing to begin with');
  const late: TestFlow = {
    ...first,
    startMs: at('2025-09-10T08:00:00Z') * 1000,
    durationMs: 60_000,
    direction: 'ingress',
    counted: true,
    ip: 4,
    remote: '20.0.1.250',
    remoteAddress: '20.0.1.250',
    remotePrefix: '20.0.1.0',
    local: '10.1.1.1',
    localAddress: '10.1.1.1',
    bytesRaw: 2n ** 60n,
    rate: 7,
  };
  for (const month of [AUGUST, SEPTEMBER, OCTOBER])
    await closeMonth(engine().owner, 'weir', addresses, month);
  await insertFlows(engine().owner, [late]);
  const { groups } = await answered(LONG, 'by=remoteAddress&top=1');
  expect(groups).toEqual(byHand(crossing([...flows, late], LONG), ['remoteAddress'], 'bytes', 1).groups);
  expect(groups[0]).toContain('20.0.1.250 ');
  const quarter = ['2025-08-01T00:00:00Z', '2025-11-01T00:00:00Z'] as const;
  const ofQuarter = await answered(quarter, 'by=remoteAddress&top=1');
  expect(ofQuarter.isOfQuarter).toBe(false);
  expect(ofQuarter.groups).toEqual(
    byHand(crossing([...flows, late], quarter), ['remoteAddress'], 'bytes', 1).groups,
  );
});
