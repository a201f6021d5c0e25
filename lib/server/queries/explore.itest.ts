import ipaddr from 'ipaddr.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { type Contract, parseRequest } from '@/lib/flows/contracts/contract';
import type { Answer } from '@/lib/flows/contracts/envelope';
import { exploreGroups, type Figures, type GroupRows } from '@/lib/flows/contracts/exploreGroups';
import { type ExploreColumns, exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { whatChanged } from '@/lib/flows/contracts/whatChanged';
import { DIMENSIONS, type Dimension } from '@/lib/flows/dimensions';
import { closeReader } from '@/lib/server/clickhouse/client';
import type { QueryContext } from '@/lib/server/clickhouse/execute';
import { answerExploreGroups } from './exploreGroups';
import { answerExploreOverTime } from './exploreOverTime';
import { forgetFacts } from './facts';
import { addressesBy, minuteSlots, type Slot, sumBy } from './testing/expected';
import { insertFlows, loadReference } from './testing/loadFlows';
import { randomFlows, type TestFlow } from './testing/randomFlows';
import { testContext, useEngine } from './testing/useEngine';
import { answerWhatChanged } from './whatChanged';

const at = (text: string) => Date.parse(text) / 1000;
const HOUR = 3_600;
const FROM = at('2025-11-01T00:00:00Z');
const TO = at('2025-11-04T00:00:00Z');
/** Two whole days, the day before them is compared. */
const RANGE = 'from=2025-11-02T00:00:00Z&to=2025-11-04T00:00:00Z';
const range = { from: at('2025-11-02T00:00:00Z'), to: TO };

const flows = randomFlows(91, 4_000, FROM * 1000, (TO - 2 * HOUR) * 1000);
const slots = minuteSlots(flows);

let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await loadReference(engine.owner);
  await insertFlows(engine.owner, flows);
  await useEngine(engine.target);
});

afterAll(async () => {
  await closeReader();
  await engine?.stop();
});

/** Days that raw flows are kept; 0 = for ever. */
async function keepFlows(days: number): Promise<void> {
  await engine.owner.insert({
    table: 'retention',
    values: [
      {
        table_name: 'flows',
        keep_days: days,
        set_at: new Date().toISOString().slice(0, 23).replace('T', ' '),
      },
    ],
    format: 'JSONEachRow',
  });
  forgetFacts();
}

/** Asks as a route does, and holds the answer against the contract. */
async function ask<Options, Rows>(
  contract: Contract<Options, Rows>,
  answer: (request: { scope: never; options: Options }, context: QueryContext) => Promise<Answer<Rows>>,
  query: string,
): Promise<Answer<Rows>> {
  const parsed = parseRequest(contract, new URLSearchParams(query));
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return contract.answer.parse(await answer(parsed.request as never, testContext()));
}

const overTime = (query: string) =>
  ask(exploreOverTime, answerExploreOverTime, `${RANGE}&compare=none&${query}`);

const withLength = (flow: TestFlow, address: string, length: number) =>
  flow.ip === 4 ? address : `${ipaddr.parse(address)}/${length}`;

/** The key of each dimension, from the test's own records. */
const KEY: Record<Dimension, (flow: TestFlow) => string> = {
  type: (flow) => flow.type,
  region: (flow) => flow.region,
  direction: (flow) => flow.direction,
  ip: (flow) => String(flow.ip),
  linkKind: (flow) => flow.linkKind,
  provider: (flow) => flow.provider,
  exporter: (flow) => flow.exporter,
  interface: (flow) => `${flow.exporter} ${flow.interface}`,
  asn: (flow) => String(flow.asn),
  country: (flow) => flow.country,
  metro: (flow) => flow.metro,
  protocol: (flow) => String(flow.protocol),
  servicePort: (flow) => String(flow.servicePort),
  remotePrefix: (flow) =>
    flow.ip === 4 ? `${flow.remotePrefix}/24` : `${ipaddr.parse(flow.remotePrefix)}/48`,
  remoteAddress: (flow) => withLength(flow, flow.remoteAddress, 64),
  localAddress: (flow) => withLength(flow, flow.localAddress, 64),
};

const counted = (slot: Slot) => ['ingress', 'egress'].includes(slot.flow.direction);
const inRange = slots.filter((slot) => counted(slot) && slot.at >= range.from && slot.at < range.to);
const bucketOf = (seconds: number) => (slot: Slot) => slot.at - (slot.at % seconds);

/** Sums of a series' buckets as the records say, in the order of the answer's buckets. */
function expectedSums(
  rows: ExploreColumns,
  among: readonly Slot[],
  seconds: number,
  value: 'bytes' | 'packets' | 'flowRecords',
) {
  const sums = sumBy(among, (slot) => String(bucketOf(seconds)(slot)));
  return rows.buckets.map((start) => String(sums.get(String(start))?.[value] ?? 0n));
}

describe('sums over time', () => {
  test.each(DIMENSIONS.flatMap((dimension) => [3, 50].map((top) => [dimension, top] as const)))(
    'by %s, top %i: the heaviest in order, Other is the total minus what is shown, every bucket as the records say',
    async (dimension, top) => {
      const { rows, meta } = await overTime(`by=${dimension}&top=${top}`);
      const seconds = meta.bucketSeconds ?? 0;
      const key = (slot: Slot) => KEY[dimension](slot.flow);
      const order = [...sumBy(inRange, key)].sort(([, a], [, b]) => (a.bytes < b.bytes ? 1 : -1));
      const heaviest = order.slice(0, top).map(([name]) => name);
      expect(rows.found).toBe(order.length);
      expect(rows.series.flatMap(({ keys }) => keys ?? [])).toEqual(heaviest);
      const groups = rows.series.filter(({ keys }) => keys !== null);
      for (const { keys, sums } of groups) {
        const own = inRange.filter((slot) => key(slot) === keys?.[0]);
        expect(sums).toEqual(expectedSums(rows, own, seconds, 'bytes'));
      }
      const others = rows.series.find(({ keys }) => keys === null);
      const rest = inRange.filter((slot) => !heaviest.includes(key(slot)));
      expect(others === undefined).toBe(order.length <= top);
      if (others) expect(others.sums).toEqual(expectedSums(rows, rest, seconds, 'bytes'));
      expect(rows.totals[0]?.sums).toEqual(expectedSums(rows, inRange, seconds, 'bytes'));
    },
  );

  test('by three dimensions at once, directions apart', async () => {
    const { rows, meta } = await overTime('by=region,type,ip&top=5&mirror=1');
    const seconds = meta.bucketSeconds ?? 0;
    expect(rows.totals.map(({ direction }) => direction)).toEqual(['ingress', 'egress']);
    for (const series of rows.series) {
      const own = inRange.filter(
        ({ flow }) =>
          flow.direction === series.direction &&
          (series.keys === null
            ? !rows.series.some(({ keys }) => keys?.join() === [flow.region, flow.type, flow.ip].join())
            : series.keys.join() === [flow.region, flow.type, flow.ip].join()),
      );
      expect(series.sums).toEqual(expectedSums(rows, own, seconds, 'bytes'));
    }
    expect(rows.series).toHaveLength(12);
  });

  test.each(['packets', 'flowRecords'] as const)('of %s', async (measure) => {
    const { rows, meta } = await overTime(`measure=${measure}&by=asn&top=2`);
    expect(rows.totals[0]?.sums).toEqual(expectedSums(rows, inRange, meta.bucketSeconds ?? 0, measure));
  });

  test('without a dimension there is the total alone', async () => {
    const { rows } = await overTime('');
    expect([rows.series, rows.found, rows.totals.length]).toEqual([[], 0, 1]);
  });

  test('in steps of a day of New York', async () => {
    const { rows, meta } = await overTime('by=type&step=1d&zone=America/New_York');
    expect(meta.bucket).toBe('1 day');
    // Midnights of New York around the end of summer time, which was at 06:00 UTC on November 2.
    expect(rows.buckets).toEqual(
      ['2025-11-01T04:00:00Z', '2025-11-02T04:00:00Z', '2025-11-03T05:00:00Z'].map(at),
    );
    const total = rows.totals[0]?.sums.reduce((sum, value) => sum + BigInt(value), 0n);
    expect(total).toBe(inRange.reduce((sum, slot) => sum + slot.bytes, 0n));
  });

  test('a filter narrows groups, Other and total alike', async () => {
    const { rows, meta } = await overTime('by=asn&top=1&region=US-West');
    const own = inRange.filter(({ flow }) => flow.region === 'US-West');
    expect(rows.totals[0]?.sums).toEqual(expectedSums(rows, own, meta.bucketSeconds ?? 0, 'bytes'));
  });
});

describe('statistics', () => {
  /** Every slot of the range is covered: somebody sends in each. */
  const values = (seconds: number, own: (slot: Slot) => boolean) => {
    const sums = sumBy(inRange.filter(own), (slot) => String(bucketOf(seconds)(slot)));
    const count = (range.to - 2 * HOUR - range.from) / seconds;
    return Array.from({ length: count }, (_, i) =>
      Number(sums.get(String(range.from + i * seconds))?.bytes ?? 0n),
    ).sort((a, b) => a - b);
  };
  const p95 = (sorted: number[]) => sorted[Math.ceil(0.95 * sorted.length) - 1] ?? Number.NaN;
  const short = `from=2025-11-02T00:00:00Z&to=2025-11-03T22:00:00Z&compare=none`;
  const asked = (query: string) => ask(exploreOverTime, answerExploreOverTime, `${short}&${query}`);

  test('p95 is of five minutes by region, and of the summed series for the total', async () => {
    const { rows } = await asked('by=region&top=1');
    const [first] = rows.series;
    expect(rows.p95).toBe('slots');
    const own = values(300, ({ flow }) => flow.region === first?.keys?.[0]);
    expect(first?.statistics.p95).toBeCloseTo((p95(own) * 8) / 300, 3);
    const rest = values(300, ({ flow }) => flow.region !== first?.keys?.[0]);
    expect(rows.series[1]?.statistics.p95).toBeCloseTo((p95(rest) * 8) / 300, 3);
    expect(rows.totals[0]?.statistics.p95).toBeCloseTo((p95(values(300, () => true)) * 8) / 300, 3);
  });

  test('where raw flows are no longer kept, p95 by ASN is of hourly means and says so', async () => {
    await keepFlows(1);
    const { rows } = await asked('by=asn&top=2').finally(() => keepFlows(0));
    expect(rows.p95).toBe('hours');
    const [first] = rows.series;
    const own = values(HOUR, ({ flow }) => String(flow.asn) === first?.keys?.[0]);
    expect(first?.statistics.p95).toBeCloseTo((p95(own) * 8) / HOUR, 3);
    expect(rows.totals[0]?.statistics.mean).toBeCloseTo(
      (values(HOUR, () => true).reduce((sum, value) => sum + value, 0) * 8) / (46 * HOUR),
      3,
    );
  });
});

describe('distinct addresses over time', () => {
  test.each(['type', 'asn', 'country', 'remotePrefix'] as const)('by %s', async (dimension) => {
    const { rows, meta } = await overTime(`measure=uniqueness&by=${dimension}&top=2`);
    const bucket = bucketOf(meta.bucketSeconds ?? 0);
    const key = (slot: Slot) => KEY[dimension](slot.flow);
    const perKey = addressesBy(inRange, key);
    const order = [...perKey].sort(([a, x], [b, y]) => y.size - x.size || (a < b ? -1 : 1));
    const shown = rows.series.flatMap(({ keys }) => keys ?? []);
    expect(shown.map((name) => perKey.get(name)?.size)).toEqual(order.slice(0, 2).map(([, set]) => set.size));
    const counts = (own: Slot[]) => {
      const sets = addressesBy(own, (slot) => String(bucket(slot)));
      return rows.buckets.map((start) => sets.get(String(start))?.size ?? 0);
    };
    for (const { keys, addresses, statistics } of rows.series) {
      const own = inRange.filter((slot) =>
        keys === null ? !shown.includes(key(slot)) : key(slot) === keys[0],
      );
      expect(addresses).toEqual(counts(own));
      expect(statistics.addresses).toBe(new Set(own.map(({ flow }) => flow.remoteAddress)).size);
    }
    expect(rows.totals[0]?.addresses).toEqual(counts(inRange));
    expect(rows.totals[0]?.statistics.addresses).toBe(
      new Set(inRange.map(({ flow }) => flow.remoteAddress)).size,
    );
  });

  test('magnitude is bits of the bucket by its addresses', async () => {
    const { rows } = await overTime('measure=magnitude&by=type&top=1&step=1d');
    const [first] = rows.series;
    const own = inRange.filter(({ flow }) => flow.type === first?.keys?.[0]);
    const day = own.filter((slot) => slot.at < range.from + 24 * HOUR);
    expect(Number(first?.sums[0])).toBe(Number(day.reduce((sum, { bytes }) => sum + bytes, 0n)));
    expect(first?.addresses?.[0]).toBe(new Set(day.map(({ flow }) => flow.remoteAddress)).size);
  });
});

describe('comparison', () => {
  test('the same groups, in buckets of the same width, one period earlier', async () => {
    const day = 'from=2025-11-02T00:00:00Z&to=2025-11-03T00:00:00Z';
    const { rows } = await ask(
      exploreOverTime,
      answerExploreOverTime,
      `${day}&by=type&top=2&compare=previous`,
    );
    const before = slots.filter((slot) => counted(slot) && slot.at < range.from);
    const types = rows.series.flatMap(({ keys }) => keys ?? []);
    expect(rows.previous?.buckets).toEqual(rows.buckets.map((start) => start - 24 * HOUR));
    for (const [i, type] of types.entries()) {
      const own = before.filter(({ flow }) => flow.type === type);
      expect(rows.previous?.series[i]?.keys).toEqual([type]);
      expect(rows.previous?.series[i]?.statistics.total).toBe(
        String(own.reduce((sum, { bytes }) => sum + bytes, 0n)),
      );
    }
  });

  test('before anything was received there is nothing to compare with, and it is said', async () => {
    const first = 'from=2025-11-01T00:00:00Z&to=2025-11-02T00:00:00Z';
    const { rows } = await ask(exploreOverTime, answerExploreOverTime, `${first}&by=type`);
    expect(rows.previous).toBeNull();
    expect(rows.previousMissing).toContain('Nothing had been received');
  });
});

test('addresses cannot be counted by address: refused in words', async () => {
  await expect(overTime('measure=uniqueness&by=remoteAddress')).rejects.toMatchObject({
    code: 'not_answerable',
  });
});

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
