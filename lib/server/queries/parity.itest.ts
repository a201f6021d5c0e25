import ipaddr from 'ipaddr.js';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import { type BucketName, bucketWidth } from '@/lib/flows/buckets';
import { chooseRollup } from '@/lib/flows/chooseRollup';
import type { Dimension } from '@/lib/flows/dimensions';
import type { Direction } from '@/lib/flows/direction';
import type { Part } from '@/lib/flows/plan';
import type { TimeRange } from '@/lib/flows/presets';
import { KEEPS_EVERYTHING, TABLE_FACTS, TABLES, type Table } from '@/lib/flows/tables';
import { execute } from '@/lib/server/clickhouse/execute';
import { sql, uint64 } from '@/lib/server/clickhouse/sql';
import { bucketExpression, columnList, dimensionColumn } from './columns';
import { exact } from './rows';
import { slotsOf } from './slots';
import { addressesBy, minuteSlots, type Slot, type Sums, sumBy } from './testing/expected';
import { randomFlows, type TestFlow } from './testing/randomFlows';
import { testContext } from './testing/useEngine';
import { plusMinusOf, uniqueStates } from './uniques';

const at = (text: string) => Date.parse(text) / 1000;
const LOOKBACK = 7_200;

/** Three days around each change of New York's clocks, and days over a month's end. */
const SPANS: TimeRange[] = [
  { from: at('2025-11-01T00:00:00Z'), to: at('2025-11-04T00:00:00Z') },
  { from: at('2026-03-07T00:00:00Z'), to: at('2026-03-10T00:00:00Z') },
  { from: at('2026-01-30T00:00:00Z'), to: at('2026-02-02T00:00:00Z') },
];
const flows: TestFlow[] = SPANS.flatMap(({ from, to }, i) =>
  randomFlows(40 + i, 3_000, from * 1000, to * 1000),
);
const slots: Slot[] = minuteSlots(flows);

const engine = engineWithFlows(flows);

/** Each dimension that a table of sums holds, as the test's own records know it. */
const VALUE: Partial<Record<Dimension, (flow: TestFlow) => string | number>> = {
  type: (flow) => flow.type,
  region: (flow) => flow.region,
  direction: (flow) => flow.direction,
  ip: (flow) => flow.ip,
  linkKind: (flow) => flow.linkKind,
  provider: (flow) => flow.provider,
  exporter: (flow) => flow.exporter,
  interface: (flow) => flow.interface,
  asn: (flow) => flow.asn,
  protocol: (flow) => flow.protocol,
  servicePort: (flow) => flow.servicePort,
  country: (flow) => flow.country,
  metro: (flow) => flow.metro,
  remotePrefix: (flow) => stored(flow, flow.remotePrefix),
  remoteAddress: (flow) => stored(flow, flow.remoteAddress),
  localAddress: (flow) => stored(flow, flow.localAddress),
};

/** As ClickHouse prints an IPv6: IPv4 is mapped into it. */
function stored({ ip }: TestFlow, address: string): string {
  return ip === 4 ? `::ffff:${address}` : ipaddr.parse(address).toString();
}

const DIMENSIONS = Object.keys(VALUE) as Dimension[];

const row = z.object({
  start: z.coerce.number(),
  value: z.coerce.string(),
  bytes: exact,
  packets: exact,
  flowRecords: exact,
  sampledPackets: exact,
});

/** What the tables say, by bucket and one dimension. */
async function answered(
  parts: Part[],
  dimension: Dimension,
  bucket: BucketName,
  zone: string,
  direction: Direction,
  rawSlotSeconds = 60,
) {
  const rows = await execute(
    testContext(),
    sql`SELECT ${bucketExpression(bucket, zone)} AS start, toString(${dimensionColumn(dimension)}) AS value, sum(toUInt128(s.bytes)) AS bytes,
  sum(toUInt128(s.packets)) AS packets, sum(toUInt128(s.flow_records)) AS flowRecords, sum(toUInt128(s.sampled_packets)) AS sampledPackets
FROM (${slotsOf({ parts, dimensions: [dimension], direction, filters: [], rawSlotSeconds, lookback: LOOKBACK })}) AS s
GROUP BY start, value`,
    row,
  );
  return printed(rows.map(({ start, value, ...sums }) => [`${start} ${value}`, sums]));
}

const sums = new Map<string, Record<string, string>>();

/** What the records say, by the same, worked out once for all tables. */
function expected(
  range: TimeRange,
  dimension: Dimension,
  bucket: BucketName,
  zone: string,
  direction: Direction,
) {
  const key = [range.from, range.to, dimension, bucket, zone, direction].join(' ');
  const known = sums.get(key) ?? workedOut(range, dimension, bucket, zone, direction);
  sums.set(key, known);
  return known;
}

/** Bucket starts are found by stepping local time, not by the code under test. */
function workedOut(
  range: TimeRange,
  dimension: Dimension,
  bucket: BucketName,
  zone: string,
  direction: Direction,
) {
  const value = VALUE[dimension];
  if (!value) throw new Error(dimension);
  const inScope = slots.filter(
    (slot) =>
      slot.at >= range.from &&
      slot.at < range.to &&
      (direction === 'both' ? ['ingress', 'egress'] : [direction]).includes(slot.flow.direction),
  );
  const startOf = independentStart(bucket, zone);
  return printed([...sumBy(inScope, (slot) => `${startOf(slot.at)} ${value(slot.flow)}`)]);
}

function printed(entries: [string, Sums | z.infer<typeof row> | Record<keyof Sums, string>][]) {
  return Object.fromEntries(
    entries
      .map(([key, sums]): [string, string] => [
        key,
        `${sums.bytes} ${sums.packets} ${sums.flowRecords} ${sums.sampledPackets}`,
      ])
      .filter(([, text]) => text !== '0 0 0 0')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Walks back minute by minute until the local clock shows a bucket's start. */
function independentStart(bucket: BucketName, zone: string): (t: number) => number {
  const { unit, count } = bucketWidth(bucket);
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    weekday: 'short',
    day: '2-digit',
  });
  const known = new Map<number, number>();
  const read = (t: number) => {
    const parts = Object.fromEntries(clock.formatToParts(t * 1000).map(({ type, value }) => [type, value]));
    return { hour: Number(parts.hour), minute: Number(parts.minute), day: parts.day };
  };
  const isStart = (t: number) => {
    const { hour, minute } = read(t);
    if (unit === 'minute') return minute % count === 0;
    if (minute !== 0) return false;
    if (unit === 'hour')
      return (
        hour % count === 0 &&
        (count === 1 || read(t - 60).hour % count !== 0 || read(t - 60).day !== read(t).day)
      );
    return hour === 0;
  };
  const startOf = (t: number): number => {
    const start = known.get(t) ?? (isStart(t) ? t : startOf(t - 60));
    known.set(t, start);
    return start;
  };
  return startOf;
}

const ADDITIVE = TABLES.filter((table) => TABLE_FACTS[table].additive);

/** Ranges on edges of the table's slots, and in buckets that a zone with such slots can have. */
const CASES: { zone: string; bucket: BucketName; range: TimeRange }[] = [
  { zone: 'UTC', bucket: '1h', range: { from: at('2025-11-01T05:00:00Z'), to: at('2025-11-03T17:00:00Z') } },
  {
    zone: 'America/New_York',
    bucket: '1d',
    range: { from: at('2025-11-01T00:00:00Z'), to: at('2025-11-04T00:00:00Z') },
  },
  {
    zone: 'America/New_York',
    bucket: '4h',
    range: { from: at('2026-03-07T03:00:00Z'), to: at('2026-03-09T21:00:00Z') },
  },
  {
    zone: 'Asia/Kathmandu',
    bucket: '1d',
    range: { from: at('2026-01-30T02:00:00Z'), to: at('2026-02-01T23:00:00Z') },
  },
];

const DAYS: typeof CASES = [
  { zone: 'UTC', bucket: '1d', range: { from: at('2025-11-01T00:00:00Z'), to: at('2025-11-04T00:00:00Z') } },
  { zone: 'UTC', bucket: '1d', range: { from: at('2026-01-30T00:00:00Z'), to: at('2026-02-02T00:00:00Z') } },
];

function casesOf(table: Table) {
  const { slotSeconds } = TABLE_FACTS[table];
  if (slotSeconds === 86_400) return DAYS;
  return CASES.filter(({ zone }) => slotSeconds !== 3_600 || zone !== 'Asia/Kathmandu');
}

describe.each(ADDITIVE)('%s equals the records', (table: Table) => {
  const dimensions = DIMENSIONS.filter((dimension) => TABLE_FACTS[table].dimensions.includes(dimension));
  describe.each(casesOf(table))('in $zone by $bucket', ({ zone, bucket, range }) => {
    test('bytes, packets and flow records by every dimension it holds', async () => {
      const parts = [{ table, ...range }];
      for (const dimension of dimensions) {
        expect(await answered(parts, dimension, bucket, zone, 'both'), dimension).toEqual(
          expected(range, dimension, bucket, zone, 'both'),
        );
      }
    });
  });
});

describe('ranges that are not on bucket edges', () => {
  const from = at('2025-10-31T22:25:00Z');
  test.each([
    { zone: 'UTC', to: at('2025-11-03T17:40:00Z') },
    { zone: 'America/New_York', to: at('2025-11-03T17:40:00Z') },
    { zone: 'Asia/Kathmandu', to: at('2025-11-03T17:40:00Z') },
  ])('are answered exactly in $zone from days, hours and five minutes together', async ({ zone, to }) => {
    for (const direction of ['both', 'ingress', 'egress'] as const) {
      const choice = chooseRollup({
        measure: 'volume',
        dimensions: ['type'],
        range: { from, to },
        zone,
        axis: false,
        retention: KEEPS_EVERYTHING,
        lookback: LOOKBACK,
      });
      if ('refusal' in choice) throw new Error(choice.refusal.why);
      expect(choice.plan.table).toBe('types_5m + traffic_1d + types_1h');
      expect(choice.plan).toMatchObject({ from, to, widened: null });
      expect(await answered(choice.plan.parts, 'type', '1d', 'UTC', direction)).toEqual(
        expected({ from, to }, 'type', '1d', 'UTC', direction),
      );
    }
  });

  test.each(['asn', 'metro', 'servicePort', 'remoteAddress'] as const)(
    'are answered exactly by %s, with raw flows at the edges',
    async (dimension) => {
      const range = { from: at('2025-10-31T22:23:00Z'), to: at('2025-11-03T17:41:00Z') };
      const choice = chooseRollup({
        measure: 'volume',
        dimensions: [dimension],
        range,
        zone: 'America/New_York',
        axis: false,
        retention: KEEPS_EVERYTHING,
        lookback: LOOKBACK,
      });
      if ('refusal' in choice) throw new Error(choice.refusal.why);
      expect(choice.plan).toMatchObject({ ...range, widened: null });
      expect(choice.plan.parts.length).toBeGreaterThan(2);
      expect(await answered(choice.plan.parts, dimension, '1d', 'UTC', 'both')).toEqual(
        expected(range, dimension, '1d', 'UTC', 'both'),
      );
    },
  );

  test('are answered to the minute from raw flows where they are short', async () => {
    const range = { from: at('2025-11-02T05:13:00Z'), to: at('2025-11-02T07:02:00Z') };
    const choice = chooseRollup({
      measure: 'traffic',
      dimensions: ['region'],
      range,
      zone: 'America/New_York',
      axis: true,
      retention: KEEPS_EVERYTHING,
      lookback: LOOKBACK,
    });
    if ('refusal' in choice) throw new Error(choice.refusal.why);
    expect(choice.plan).toMatchObject({ table: 'flows', ...range, widened: null });
    expect(await answered(choice.plan.parts, 'region', '1m', 'America/New_York', 'both')).toEqual(
      expected(range, 'region', '1m', 'America/New_York', 'both'),
    );
  });

  test('raw flows spread over five minutes are the five-minute rollup', async () => {
    const range = { from: at('2026-03-07T22:05:00Z'), to: at('2026-03-08T09:55:00Z') };
    const raw = await answered([{ table: 'flows', ...range }], 'type', '5m', 'UTC', 'both', 300);
    expect(raw).toEqual(await answered([{ table: 'traffic_5m', ...range }], 'type', '5m', 'UTC', 'both'));
    expect(raw).toEqual(expected(range, 'type', '5m', 'UTC', 'both'));
  });
});

test.each(TABLE_FACTS.flows.dimensions)('raw flows by %s add up to all of them', async (dimension) => {
  const range = { from: at('2025-11-01T05:25:00Z'), to: at('2025-11-03T17:40:00Z') };
  const found = await answered([{ table: 'flows', ...range }], dimension, '1w', 'UTC', 'both');
  const mine = slots.filter(
    (slot) =>
      slot.at >= range.from && slot.at < range.to && ['ingress', 'egress'].includes(slot.flow.direction),
  );
  const bytes = Object.values(found).reduce((sum, sums) => sum + BigInt(sums.split(' ')[0] ?? '0'), 0n);
  expect(bytes).toBe(sumBy(mine, () => 'all').get('all')?.bytes);
});

test('coverage_5m holds the sums of every exporter and region, over all four directions', async () => {
  const result = await engine().owner.query({
    query: `SELECT concat(exporter, ' ', region) AS key, toString(sum(bytes)) AS bytes, toString(sum(packets)) AS packets, toString(sum(flow_records)) AS flowRecords FROM coverage_5m GROUP BY key`,
    format: 'JSONEachRow',
  });
  const rows = z
    .array(z.object({ key: z.string(), bytes: exact, packets: exact, flowRecords: exact }))
    .parse(await result.json());
  const sums = sumBy(slots, ({ flow }) => `${flow.exporter} ${flow.region}`);
  expect(Object.fromEntries(rows.map(({ key, ...values }) => [key, values]))).toEqual(
    Object.fromEntries(
      [...sums].map(([key, s]) => [
        key,
        { bytes: `${s.bytes}`, packets: `${s.packets}`, flowRecords: `${s.flowRecords}` },
      ]),
    ),
  );
});

const COUNTED = TABLES.filter((table) => TABLE_FACTS[table].uniques && table !== 'flows');

/** Ranges on the edges of what the tables count by. */
const COUNTED_RANGES: Record<string, { from: number; to: number }> = {
  '1 hour': { from: at('2026-01-30T03:00:00Z'), to: at('2026-02-01T20:00:00Z') },
  '10 days': { from: at('2026-01-21T00:00:00Z'), to: at('2026-02-11T00:00:00Z') },
  '1 month': { from: at('2026-01-01T00:00:00Z'), to: at('2026-02-01T00:00:00Z') },
};

describe.each(COUNTED)('%s counts the addresses of the records', (table) => {
  const range = COUNTED_RANGES[TABLE_FACTS[table].slot] ?? {
    from: at('2026-01-31T00:00:00Z'),
    to: at('2026-02-02T00:00:00Z'),
  };
  const dimensions = TABLE_FACTS[table].dimensions.filter((dimension) => dimension !== 'remoteAddress');
  test.each(dimensions)('by %s, and the bytes they are divided by', async (dimension) => {
    const value = VALUE[dimension];
    if (!value) throw new Error(table);
    const rows = await execute(
      testContext(),
      sql`SELECT toString(${columnList([dimension])}) AS value, uniqCombined64Merge(17)(s.addresses) AS addresses, sum(toUInt128(s.bytes)) AS bytes, sum(toUInt128(s.flow_records)) AS flowRecords
FROM (${uniqueStates([{ table, ...range }], [dimension], 'both', [], LOOKBACK)}) AS s GROUP BY value`,
      z.object({ value: z.string(), addresses: exact, bytes: exact, flowRecords: exact }),
    );
    const inScope = slots.filter(
      (slot) =>
        slot.at >= range.from && slot.at < range.to && ['ingress', 'egress'].includes(slot.flow.direction),
    );
    const key = (slot: Slot) => String(value(slot.flow));
    const addresses = addressesBy(inScope, key);
    const bySlots = sumBy(inScope, key);
    expect(Object.fromEntries(rows.map(({ value: name, ...rest }) => [name, rest]))).toEqual(
      Object.fromEntries(
        [...addresses].map(([name, set]) => [
          name,
          {
            addresses: `${set.size}`,
            bytes: `${bySlots.get(name)?.bytes}`,
            flowRecords: `${bySlots.get(name)?.flowRecords}`,
          },
        ]),
      ),
    );
  });
});

test.each([
  ['endpoints_1d', (flow: TestFlow) => stored(flow, flow.remoteAddress)],
  ['pairs_1d', (flow: TestFlow) => `${stored(flow, flow.remoteAddress)} ${stored(flow, flow.localAddress)}`],
] as const)('%s knows the hours of each day, and when it first and last saw whom', async (table, keyOf) => {
  const key =
    table === 'pairs_1d'
      ? `concat(toString(remote_address), ' ', toString(local_address))`
      : 'toString(remote_address)';
  const result = await engine().owner.query({
    query: `SELECT toUnixTimestamp(bucket) AS day, ${key} AS who, groupBitOr(hours) AS mask, toUnixTimestamp(min(first_seen)) AS first, toUnixTimestamp(max(last_seen)) AS last
      FROM ${table} GROUP BY day, who`,
    format: 'JSONEachRow',
  });
  const rows = await result.json<{ day: number; who: string; mask: number; first: number; last: number }>();
  const seen = new Map<string, { mask: number; first: number; last: number }>();
  for (const { at: minute, flow } of slots) {
    const day = minute - (minute % 86_400);
    const name = `${day} ${keyOf(flow)}`;
    const known = seen.get(name) ?? { mask: 0, first: Number.POSITIVE_INFINITY, last: 0 };
    const lastMs = Math.max(flow.startMs, flow.startMs + flow.durationMs - 1);
    known.mask |= 1 << ((minute % 86_400) / 3_600);
    known.first = Math.min(known.first, Math.max(day, Math.floor(flow.startMs / 1000)));
    known.last = Math.max(known.last, Math.min(day + 86_399, Math.floor(lastMs / 1000)));
    seen.set(name, known);
  }
  expect(Object.fromEntries(rows.map(({ day, who, ...rest }) => [`${day} ${who}`, rest]))).toEqual(
    Object.fromEntries(seen),
  );
});

describe('counts of addresses', () => {
  const count = async (addresses: number, offset: number, states: number) => {
    const [found] = await execute(
      testContext(),
      sql`SELECT uniqCombined64Merge(17)(state) AS n FROM
(SELECT number % ${uint64(states)} AS part, uniqCombined64State(17)(toIPv6(IPv4NumToString(toUInt32(number + ${uint64(offset)})))) AS state
FROM numbers(${uint64(addresses)}) GROUP BY part)`,
      z.object({ n: z.coerce.number() }),
    );
    return found?.n ?? 0;
  };

  test('up to 4,096 are exact, and say so, in one state or merged from many', async () => {
    for (const [addresses, offset, states] of [
      [1, 9, 1],
      [17, 1e6, 3],
      [1_000, 2e6, 1],
      [4_096, 3e6, 1],
      [4_096, 4e6, 24],
      [4_096, 5e6, 700],
    ] as const) {
      expect(await count(addresses, offset, states)).toBe(addresses);
      expect(plusMinusOf(addresses)).toBe(0);
    }
  });

  test('beyond lie within what is said, at least 19 of 20 times, and always within 1 %', async () => {
    let within = 0;
    const tries = 40;
    for (let i = 0; i < tries; i += 1) {
      const addresses = 5_000 + i * 9_000;
      const found = await count(addresses, 1e7 * (i + 1), 1 + (i % 7));
      if (Math.abs(found - addresses) <= plusMinusOf(found)) within += 1;
      expect(Math.abs(found / addresses - 1)).toBeLessThan(0.01);
    }
    expect(within).toBeGreaterThanOrEqual(0.95 * tries);
  });
});
