import { describe, expect, test } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import type { Answer } from '@/lib/flows/contracts/envelope';
import {
  exploreGroups,
  type Figures,
  GROUP_AXES,
  GROUP_MEASURES,
  type GroupRows,
} from '@/lib/flows/contracts/exploreGroups';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { whatChanged } from '@/lib/flows/contracts/whatChanged';
import { DIMENSIONS, type Dimension } from '@/lib/flows/dimensions';
import { SERIES_MEASURES } from '@/lib/flows/exploreLimits';
import { AppError } from '@/lib/server/errors';
import { answerExploreGroups } from './exploreGroups';
import { answerExploreOverTime } from './exploreOverTime';
import { ask } from './testing/ask';
import { addressesBy, type Slot, sumBy } from './testing/expected';
import {
  bucketOf,
  counted,
  FROM,
  flows,
  HOUR,
  inRange,
  KEY,
  RANGE,
  range,
  slots,
  TO,
} from './testing/exploreFixture';
import { answerWhatChanged } from './whatChanged';

engineWithFlows(flows);

const overTime = (query: string) =>
  ask(exploreOverTime, answerExploreOverTime, `${RANGE}&compare=none&${query}`);

describe('groups', () => {
  const groups = (query: string) => ask(exploreGroups, answerExploreGroups, `${RANGE}&compare=none&${query}`);

  /** Parts of the calendar from the clock on the wall, by Intl alone. */
  const wall = (zone: string) => {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      weekday: 'short',
      hourCycle: 'h23',
    });
    const known = new Map<number, Record<string, string>>();
    return (slot: Slot, part: 'month' | 'day' | 'weekday' | 'hour'): string => {
      const hour = slot.at - (slot.at % 900);
      const read =
        known.get(hour) ??
        Object.fromEntries(format.formatToParts(hour * 1000).map(({ type, value }) => [type, value]));
      known.set(hour, read);
      if (part === 'month') return `${read.year}-${read.month}`;
      if (part === 'day') return `${read.year}-${read.month}-${read.day}`;
      if (part === 'hour') return String(Number(read.hour));
      return String(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(read.weekday ?? '') + 1);
    };
  };

  /** Each cell by the names of its keys; all others are `*`. */
  const byName = (rows: GroupRows, read: (figures: Figures) => unknown) =>
    Object.fromEntries(
      rows.cells.map(({ at: places, now }) => [
        places.map((place, i) => rows.axes[i]?.keys[place] ?? '*').join(' | '),
        read(now),
      ]),
    );
  const named = (rows: GroupRows, axis: number, key: string) =>
    rows.axes[axis]?.keys.includes(key) ? key : '*';
  const total = (own: readonly Slot[]) => own.reduce((sum, { bytes }) => sum + bytes, 0n);

  const PAIRS: [Dimension, Dimension][] = [
    ['region', 'type'],
    ['type', 'country'],
    ['region', 'metro'],
    ['exporter', 'interface'],
    ['asn', 'servicePort'],
  ];

  test.each(PAIRS)(
    '%s by %s: cells, all others, totals and everything are the sums of the records',
    async (a, b) => {
      const { rows } = await groups(`by=${a},${b}&top=2`);
      const nameOf = (slot: Slot) =>
        [a, b].map((dimension, i) => named(rows, i, KEY[dimension](slot.flow))).join(' | ');
      const sums = sumBy(inRange, nameOf);
      expect(byName(rows, ({ sum }) => sum)).toEqual(
        Object.fromEntries([...sums].map(([name, { bytes }]) => [name, String(bytes)])),
      );
      for (const [axis, dimension] of [a, b].entries()) {
        for (const [place, { now }] of (rows.totals[axis] ?? []).entries()) {
          const key = rows.axes[axis]?.keys[place] ?? '*';
          const own = inRange.filter(({ flow }) => named(rows, axis, KEY[dimension](flow)) === key);
          expect(now?.sum ?? '0').toBe(String(total(own)));
        }
      }
      expect(rows.total.now.sum).toBe(String(total(inRange)));
    },
  );

  test('three axes, as a Sankey diagram has them', async () => {
    const { rows } = await groups('by=region,type,direction&top=3');
    const sums = sumBy(inRange, ({ flow }) =>
      [flow.region, flow.type, flow.direction].map((key, i) => named(rows, i, key)).join(' | '),
    );
    expect(byName(rows, ({ sum }) => sum)).toEqual(
      Object.fromEntries([...sums].map(([name, { bytes }]) => [name, String(bytes)])),
    );
  });

  test.each(['UTC', 'America/New_York', 'Asia/Kathmandu'])('by weekday and hour of %s', async (zone) => {
    const { rows } = await groups(`by=weekday,hour&zone=${zone}`);
    const part = wall(zone);
    const sums = sumBy(inRange, (slot) => `${part(slot, 'weekday')} | ${part(slot, 'hour')}`);
    expect(byName(rows, ({ sum }) => sum)).toEqual(
      Object.fromEntries([...sums].map(([name, { bytes }]) => [name, String(bytes)])),
    );
    expect(rows.axes.map(({ keys }) => keys.length)).toEqual([7, 24]);
  });

  test('by type and day of New York, over the end of summer time', async () => {
    const { rows } = await groups('by=type,day&zone=America/New_York');
    const part = wall('America/New_York');
    const sums = sumBy(inRange, (slot) => `${slot.flow.type} | ${part(slot, 'day')}`);
    expect(byName(rows, ({ sum }) => sum)).toEqual(
      Object.fromEntries([...sums].map(([name, { bytes }]) => [name, String(bytes)])),
    );
    expect(rows.axes[1]?.keys).toEqual(['2025-11-01', '2025-11-02', '2025-11-03']);
  });

  test('a rate divides by the covered seconds of its part of the calendar', async () => {
    const { rows } = await ask(
      exploreGroups,
      answerExploreGroups,
      'from=2025-11-02T00:00:00Z&to=2025-11-03T22:00:00Z&compare=none&by=hour',
    );
    // Everybody sends all the time until 22:00 of the second day: hour 3 is there twice, hour 22 once.
    for (const [hour, times] of [
      [3, 2],
      [22, 1],
    ] as const) {
      const own = inRange.filter(
        (slot) => new Date(slot.at * 1000).getUTCHours() === hour && slot.at < TO - 2 * HOUR,
      );
      expect(rows.totals[0]?.[hour]?.now?.rate).toBeCloseTo((Number(total(own)) * 8) / (times * HOUR), 3);
    }
  });

  test.each(['uniqueness', 'magnitude'] as const)(
    '%s is merged for each cell and each total',
    async (measure) => {
      const { rows } = await groups(`measure=${measure}&by=region,type&top=2`);
      const nameOf = (slot: Slot) =>
        [slot.flow.region, slot.flow.type].map((key, i) => named(rows, i, key)).join(' | ');
      const sets = addressesBy(inRange, nameOf);
      expect(byName(rows, ({ addresses }) => addresses)).toEqual(
        Object.fromEntries([...sets].map(([name, set]) => [name, set.size])),
      );
      const everybody = new Set(inRange.map(({ flow }) => flow.remoteAddress)).size;
      expect(rows.total.now.addresses).toBe(everybody);
      expect(rows.total.now.magnitude).toBeCloseTo((Number(total(inRange)) * 8) / everybody, 3);
    },
  );

  test('distinct addresses by type and day', async () => {
    const { rows } = await groups('measure=uniqueness&by=type,day');
    const sets = addressesBy(
      inRange,
      (slot) => `${slot.flow.type} | ${new Date(slot.at * 1000).toISOString().slice(0, 10)}`,
    );
    expect(byName(rows, ({ addresses }) => addresses)).toEqual(
      Object.fromEntries([...sets].map(([name, set]) => [name, set.size])),
    );
  });

  test('distinct addresses by exporter and hour of Kathmandu, from raw flows', async () => {
    const { rows } = await groups('measure=uniqueness&by=exporter,hour&zone=Asia/Kathmandu');
    const part = wall('Asia/Kathmandu');
    const sets = addressesBy(inRange, (slot) => `${slot.flow.exporter} | ${part(slot, 'hour')}`);
    expect(byName(rows, ({ addresses }) => addresses)).toEqual(
      Object.fromEntries([...sets].map(([name, set]) => [name, set.size])),
    );
  });

  test('p95 of cells, of totals and of everything: each of its own summed series', async () => {
    const { rows } = await ask(
      exploreGroups,
      answerExploreGroups,
      'from=2025-11-02T00:00:00Z&to=2025-11-03T22:00:00Z&compare=none&measure=p95&by=region,type&top=2',
    );
    const settled = inRange.filter((slot) => slot.at < TO - 2 * HOUR);
    const p95 = (own: readonly Slot[]) => {
      const sums = sumBy(own, (slot) => String(bucketOf(300)(slot)));
      const values = Array.from({ length: (46 * HOUR) / 300 }, (_, i) =>
        Number(sums.get(String(range.from + i * 300))?.bytes ?? 0n),
      ).sort((a, b) => a - b);
      return ((values[Math.ceil(0.95 * values.length) - 1] ?? Number.NaN) * 8) / 300;
    };
    expect(rows.p95).toBe('slots');
    expect(rows.total.now.p95).toBeCloseTo(p95(settled), 3);
    const [region] = rows.axes[0]?.keys ?? [];
    const [type] = rows.axes[1]?.keys ?? [];
    const inRegion = settled.filter(({ flow }) => flow.region === region);
    expect(rows.totals[0]?.[0]?.now?.p95).toBeCloseTo(p95(inRegion), 3);
    const cell = rows.cells.find(({ at: places }) => places.join() === '0,0');
    expect(cell?.now.p95).toBeCloseTo(p95(inRegion.filter(({ flow }) => flow.type === type)), 3);
  });

  test('p95 by hour of the day counts the slots of that hour', async () => {
    const { rows } = await ask(
      exploreGroups,
      answerExploreGroups,
      'from=2025-11-02T00:00:00Z&to=2025-11-03T22:00:00Z&compare=none&measure=p95&by=hour',
    );
    const own = sumBy(
      inRange.filter((slot) => new Date(slot.at * 1000).getUTCHours() === 5),
      (slot) => String(bucketOf(300)(slot)),
    );
    const starts = [0, 24].flatMap((day) =>
      Array.from({ length: 12 }, (_, i) => range.from + (day + 5) * HOUR + i * 300),
    );
    const values = starts.map((start) => Number(own.get(String(start))?.bytes ?? 0n)).sort((a, b) => a - b);
    expect(rows.totals[0]?.[5]?.now?.p95).toBeCloseTo(((values[Math.ceil(0.95 * 24) - 1] ?? 0) * 8) / 300, 3);
  });

  test('delta: the same cells one period earlier', async () => {
    const { rows } = await ask(
      exploreGroups,
      answerExploreGroups,
      'from=2025-11-02T00:00:00Z&to=2025-11-03T00:00:00Z&by=type,region&delta=1',
    );
    expect(rows.compared).toEqual({ from: FROM, to: range.from });
    const before = slots.filter((slot) => counted(slot) && slot.at < range.from);
    const sums = sumBy(before, ({ flow }) => `${flow.type} | ${flow.region}`);
    for (const { at: places, before: then } of rows.cells) {
      const name = places.map((place, i) => rows.axes[i]?.keys[place] ?? '*').join(' | ');
      expect(then?.sum ?? '0').toBe(String(sums.get(name)?.bytes ?? 0n));
    }
  });
});

describe('what changed', () => {
  const day = 'from=2025-11-02T00:00:00Z&to=2025-11-03T00:00:00Z';
  const on = (from: number) =>
    slots.filter((slot) => counted(slot) && slot.at >= from && slot.at < from + 24 * HOUR);
  const [now, before] = [on(range.from), on(FROM)];
  const rateOf = (own: readonly Slot[], keep: (slot: Slot) => boolean) =>
    (Number(own.filter(keep).reduce((sum, { bytes }) => sum + bytes, 0n)) * 8) / (24 * HOUR);

  test('every figure is that of the records, and an endpoint that appeared was not there before', async () => {
    const { rows } = await ask(whatChanged, answerWhatChanged, day);
    expect(rows.changes.length).toBeGreaterThan(0);
    expect(rows.compared).toEqual({ from: FROM, to: range.from });
    const total = Math.max(
      rateOf(now, () => true),
      rateOf(before, () => true),
    );
    for (const change of rows.changes) {
      const isIts = ({ flow }: Slot) => KEY[change.dimension](flow) === change.key;
      if (change.kind === 'mover') {
        // One slot or two of a region may be uncovered: rates divide by 287 slots then, not by 288.
        expect(change.now / rateOf(now, isIts)).toBeCloseTo(1, 2);
        expect(change.before / rateOf(before, isIts)).toBeCloseTo(1, 2);
        expect(change.weight).toBeCloseTo(Math.abs(rateOf(now, isIts) - rateOf(before, isIts)) / total, 2);
      } else if (change.kind !== 'shift') {
        const [there, gone] = change.kind === 'appeared' ? [now, before] : [before, now];
        expect(change.rate / rateOf(there, isIts)).toBeCloseTo(1, 2);
        expect(gone.filter(isIts)).toEqual([]);
      }
    }
  });

  test('with three days of records nobody can tell what is usual, and it is said', async () => {
    const { rows } = await ask(whatChanged, answerWhatChanged, day);
    expect(rows.judged).toMatchObject({ endpoints: true, baseline: false });
  });

  test('without a comparison nothing is compared', async () => {
    const { rows } = await ask(whatChanged, answerWhatChanged, `${day}&compare=none`);
    expect([rows.changes, rows.judged.groups, rows.compared]).toEqual([[], 0, null]);
  });
});

describe('every combination is answered within limits and adds up, or is refused with a way out', () => {
  const add = (values: readonly string[]) => values.reduce((sum, value) => sum + BigInt(value), 0n);
  /** The answer, or null where it was refused as it should be. */
  const orRefused = async <Rows>(asked: Promise<Answer<Rows>>): Promise<Rows | null> =>
    asked.then(
      ({ rows }) => rows,
      (error: unknown) => {
        expect(error).toBeInstanceOf(AppError);
        const { code, hint } = error as AppError;
        expect(['not_answerable', 'not_retained']).toContain(code);
        expect(hint).not.toBe('');
        return null;
      },
    );

  test.each(SERIES_MEASURES)('%s over time by every dimension', async (measure) => {
    const refused: string[] = [];
    for (const dimension of DIMENSIONS) {
      const rows = await orRefused(overTime(`measure=${measure}&by=${dimension}&top=2&mirror=1`));
      if (rows === null) {
        refused.push(dimension);
        continue;
      }
      for (const total of rows.totals) {
        const own = rows.series.filter(({ direction }) => direction === total.direction);
        expect(total.sums).toEqual(
          rows.buckets.map((_, i) => String(add(own.map(({ sums }) => sums[i] ?? '0')))),
        );
      }
    }
    const counts = measure === 'uniqueness' || measure === 'magnitude';
    expect(refused).toEqual(counts ? ['remoteAddress'] : []);
  });

  test.each(GROUP_MEASURES)('%s by every axis and network type', async (measure) => {
    for (const axis of GROUP_AXES.filter((each) => each !== 'type')) {
      const query = `${RANGE}&compare=none&measure=${measure}&by=${axis},type&top=2`;
      const rows = await orRefused(ask(exploreGroups, answerExploreGroups, query));
      if (rows === null) {
        expect([axis, measure]).toEqual(['remoteAddress', expect.stringMatching(/uniqueness|magnitude/)]);
        continue;
      }
      expect(String(add(rows.cells.map(({ now }) => now.sum)))).toBe(rows.total.now.sum);
      for (const totals of rows.totals) {
        expect(String(add(totals.map(({ now }) => now?.sum ?? '0')))).toBe(rows.total.now.sum);
      }
    }
  });
});
