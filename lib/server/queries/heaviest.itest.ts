import ipaddr from 'ipaddr.js';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import type { Meta } from '@/lib/flows/contracts/envelope';
import { exploreGroups } from '@/lib/flows/contracts/exploreGroups';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import type { Dimension } from '@/lib/flows/dimensions';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { execute } from '@/lib/server/clickhouse/execute';
import { join, sql } from '@/lib/server/clickhouse/sql';
import { closeMonth, HEAVY_TABLES } from '@/lib/server/rollups/closeMonth';
import { closeMonths } from '@/lib/server/rollups/closeMonths';
import { planFor } from './asked';
import { columnList, dimensionColumn } from './columns';
import { answerExploreGroups } from './exploreGroups';
import { answerExploreOverTime } from './exploreOverTime';
import { forgetFacts, loadFacts } from './facts';
import { exact } from './rows';
import { slotsOf } from './slots';
import { ask } from './testing/ask';
import { minuteSlots, type Slot, sumBy } from './testing/expected';
import { KEY } from './testing/exploreFixture';
import { randomFlows, type TestFlow } from './testing/randomFlows';
import { testContext } from './testing/useEngine';

const at = (text: string) => Date.parse(text) / 1000;
const NOVEMBER = at('2025-11-01T00:00:00Z');
const SEPTEMBER = at('2025-09-01T00:00:00Z');
const OCTOBER = at('2025-10-01T00:00:00Z');
const range = { from: OCTOBER, to: at('2025-11-02T00:00:00Z') };
const flows: TestFlow[] = randomFlows(
  21,
  3_000,
  at('2025-09-28T00:00:00Z') * 1000,
  at('2025-11-03T00:00:00Z') * 1000,
);

const engine = engineWithFlows(flows, (started) => closeMonths(started.target, NOVEMBER));

const stored = ({ ip }: TestFlow, address: string) =>
  ip === 4 ? `::ffff:${address}` : ipaddr.parse(address).toString();

/** The heaviest as the records say, added up by hand. */
function byHand(key: (flow: TestFlow) => string): string[] {
  const totals = new Map<string, bigint>();
  for (const { flow, at: slot, bytes } of minuteSlots(flows)) {
    if (slot < range.from || slot >= range.to || !['ingress', 'egress'].includes(flow.direction)) continue;
    totals.set(key(flow), (totals.get(key(flow)) ?? 0n) + bytes);
  }
  return [...totals]
    .sort(([a, left], [b, right]) => (left === right ? (a < b ? -1 : 1) : left < right ? 1 : -1))
    .slice(0, 20)
    .map(([name, bytes]) => `${name} ${bytes}`);
}

async function asked(dimensions: Dimension[]) {
  forgetFacts();
  const facts = await loadFacts();
  const plan = planFor(DEFAULT_SCOPE, facts, {
    measure: 'volume',
    dimensions,
    range,
    axis: false,
    heaviest: true,
  });
  const rows = await execute(
    testContext(),
    sql`SELECT arrayStringConcat([${join(
      dimensions.map((name) => sql`toString(${dimensionColumn(name)})`),
      ', ',
    )}], ' ') AS name, sum(toUInt128(bytes)) AS total
FROM (${slotsOf({ parts: plan.parts, dimensions, direction: 'both', filters: [], rawSlotSeconds: 60, lookback: 7_200 })})
GROUP BY ${columnList(dimensions)} ORDER BY total DESC, name LIMIT 20`,
    z.object({ name: z.string(), total: exact }),
  );
  return { table: plan.table, rows: rows.map(({ name, total }) => `${name} ${total}`) };
}

test('top addresses of a closed month and the days after it are those of the records', async () => {
  const { table, rows } = await asked(['remoteAddress']);
  expect(table).toBe('heavy_addresses_1mo + endpoints_1d');
  expect(rows).toHaveLength(20);
  expect(rows).toEqual(byHand((flow) => stored(flow, flow.remoteAddress)));
});

test('so are top pairs by type', async () => {
  const { table, rows } = await asked(['remoteAddress', 'localAddress', 'type']);
  expect(table).toBe('heavy_pairs_1mo + pairs_1d');
  expect(rows).toEqual(
    byHand((flow) => `${stored(flow, flow.remoteAddress)} ${stored(flow, flow.localAddress)} ${flow.type}`),
  );
});

test('the others, kept as one row without an address, are on no list', async () => {
  await engine().owner.command({
    query: `INSERT INTO heavy_addresses_1mo (bucket, region, network_type, rank, direction, bytes, packets)
      VALUES (toDateTime('2025-10-01 00:00:00', 'UTC'), 'US-West', 'CDN', 0, 'egress', 1000000000000000, 1)`,
  });
  expect((await asked(['remoteAddress'])).rows).toEqual(byHand((flow) => stored(flow, flow.remoteAddress)));
});

describe('Explore, where days are gone', () => {
  const slots = minuteSlots(flows);
  const MONTHS = [SEPTEMBER, OCTOBER] as const;
  const RANGE = 'from=2025-09-01T00:00:00Z&to=2025-11-01T00:00:00Z&compare=none';
  const KEPT = 5;

  beforeAll(async () => {
    const { owner } = engine();
    for (const table of HEAVY_TABLES)
      for (const month of MONTHS) await closeMonth(owner, 'weir', table, month, KEPT);
    const keep_days = Math.floor((Date.now() / 1000 - NOVEMBER) / 86_400);
    const set_at = new Date().toISOString().slice(0, 23).replace('T', ' ');
    await owner.insert({
      table: 'retention',
      values: ['flows', 'endpoints_1d', 'pairs_1d'].map((table_name) => ({ table_name, keep_days, set_at })),
      format: 'JSONEachRow',
    });
    forgetFacts();
  });

  const monthOf = (slot: Slot) => (slot.at < OCTOBER ? SEPTEMBER : OCTOBER);
  const counted = slots.filter(
    ({ at: t, flow }) => t < NOVEMBER && ['ingress', 'egress'].includes(flow.direction),
  );
  type Key = (flow: TestFlow) => string;
  const address: Key = (flow) => KEY.remoteAddress(flow);
  const pair: Key = (flow) => `${KEY.remoteAddress(flow)},${KEY.localAddress(flow)}`;
  const cellOf = ({ flow }: Slot) => `${flow.region} ${flow.type}`;

  /** Keys on the lists of each month: the five heaviest of any region and type. */
  const listedIn = (key: Key) =>
    new Map(
      MONTHS.map((month) => {
        const own = counted.filter((slot) => monthOf(slot) === month);
        const cells = [...new Set(own.map(cellOf))].map((cell) =>
          [
            ...sumBy(
              own.filter((slot) => cellOf(slot) === cell),
              ({ flow }) => key(flow),
            ),
          ]
            .sort(([, a], [, b]) => (a.bytes < b.bytes ? 1 : -1))
            .slice(0, KEPT)
            .map(([name]) => name),
        );
        return [month, new Set(cells.flat())] as const;
      }),
    );
  const prefix: Key = (flow) => KEY.remotePrefix(flow);
  const listed = new Map([address, pair, prefix].map((key) => [key, listedIn(key)]));
  const isListed = (slot: Slot, key: Key = address) =>
    listed.get(key)?.get(monthOf(slot))?.has(key(slot.flow)) === true;

  const greatest = (values: Iterable<bigint>) => [...values].sort((a, b) => (a < b ? 1 : -1))[0] ?? 0n;
  type Value = 'bytes' | 'packets' | 'flowRecords';
  /** What one address carried at most in each month without being listed, over both months. */
  const mostLeftOut = (own: readonly Slot[], value: Value) =>
    MONTHS.reduce((sum, month) => {
      const left = own.filter((slot) => monthOf(slot) === month && !isListed(slot));
      return sum + greatest([...sumBy(left, ({ flow }) => address(flow)).values()].map((s) => s[value]));
    }, 0n);

  const overTime = (query: string) =>
    ask(exploreOverTime, answerExploreOverTime, `${RANGE}&by=remoteAddress&${query}`);
  const groups = (query: string) => ask(exploreGroups, answerExploreGroups, `${RANGE}&${query}`);
  const figure = (meta: Meta) => meta.notes.find(({ code }) => code === 'heaviest_only')?.figure;

  test.each(['traffic', 'packets', 'flowRecords'] as const)(
    '%s over time by address: months, what is listed as the records say, Other exact, and a bound that holds',
    async (measure) => {
      const value = measure === 'traffic' ? 'bytes' : measure;
      const { rows, meta } = await overTime(`measure=${measure}&top=6`);
      expect([meta.table, meta.bucket, rows.buckets]).toEqual([
        'heavy_addresses_1mo',
        '1 month',
        [...MONTHS],
      ]);
      const whole = sumBy(
        counted.filter((slot) => isListed(slot)),
        ({ flow }) => address(flow),
      );
      const order = [...whole].sort(([, a], [, b]) => (a[value] < b[value] ? 1 : -1));
      const shown = rows.series.flatMap(({ keys }) => keys ?? []);
      expect(shown.map((name) => whole.get(name)?.[value])).toEqual(
        order.slice(0, 6).map(([, sums]) => sums[value]),
      );
      const perMonth = (own: Slot[]) => {
        const sums = sumBy(own, (slot) => String(monthOf(slot)));
        return MONTHS.map((month) => String(sums.get(String(month))?.[value] ?? 0n));
      };
      for (const { keys, sums } of rows.series) {
        const isIts = (slot: Slot) =>
          keys === null
            ? !shown.includes(address(slot.flow)) || !isListed(slot)
            : address(slot.flow) === keys[0] && isListed(slot);
        expect(sums).toEqual(perMonth(counted.filter(isIts)));
      }
      expect(rows.series).toHaveLength(7);
      expect(rows.totals[0]?.sums).toEqual(perMonth(counted));

      const bound = BigInt(figure(meta)?.value ?? -1);
      expect(bound).toBe(mostLeftOut(counted, value));
      // Nobody is missing more than the bound says.
      const everything = sumBy(counted, ({ flow }) => address(flow));
      const missing = [...everything].map(([name, sums]) => sums[value] - (whole.get(name)?.[value] ?? 0n));
      expect(greatest(missing)).toBeGreaterThan(0n);
      expect(greatest(missing)).toBeLessThanOrEqual(bound);
    },
  );

  test('the bound is of what is asked: one region, one direction', async () => {
    const { meta, rows } = await overTime('region=US-West&dir=ingress&top=3');
    const own = counted.filter(({ flow }) => flow.region === 'US-West' && flow.direction === 'ingress');
    expect(rows.totals[0]?.statistics.total).toBe(String(own.reduce((sum, { bytes }) => sum + bytes, 0n)));
    const expected = MONTHS.map((month) => {
      const left = own.filter((slot) => monthOf(slot) === month && !isListed(slot));
      const cells = sumBy(left, (slot) => `${cellOf(slot)} ${address(slot.flow)}`);
      const most = new Map<string, bigint>();
      for (const [name, { bytes }] of cells) {
        const cell = name.slice(0, name.lastIndexOf(' '));
        most.set(cell, greatest([most.get(cell) ?? 0n, bytes]));
      }
      const everywhere = mostLeftOut(
        counted.filter((slot) => monthOf(slot) === month),
        'bytes',
      );
      const here = [...most.values()].reduce((sum, bytes) => sum + bytes, 0n);
      return [here, everywhere].sort((a, b) => (a < b ? -1 : 1))[0] ?? 0n;
    });
    expect(figure(meta)).toEqual({ value: String(expected.reduce((a, b) => a + b, 0n)), unit: 'bytes' });
    expect(mostLeftOut(own, 'bytes')).toBeLessThanOrEqual(BigInt(figure(meta)?.value ?? -1));
  });

  test.each([
    ['localAddress', 'heavy_locals_1mo'],
    ['remotePrefix', 'heavy_prefixes_1mo'],
  ] as const)('by %s: each month with all that the listed ones carried', async (by, table) => {
    const key: Key = (flow) => KEY[by](flow);
    const kept = listedIn(key);
    const isKept = (slot: Slot) => kept.get(monthOf(slot))?.has(key(slot.flow)) === true;
    const { rows, meta } = await ask(exploreOverTime, answerExploreOverTime, `${RANGE}&by=${by}&top=50`);
    expect(meta.table).toBe(table);
    const whole = sumBy(counted.filter(isKept), ({ flow }) => key(flow));
    const shown = rows.series.flatMap(({ keys, statistics }) => (keys ? [[keys[0], statistics.total]] : []));
    expect(Object.fromEntries(shown)).toEqual(
      Object.fromEntries([...whole].map(([name, { bytes }]) => [name, String(bytes)])),
    );
    expect(rows.totals[0]?.statistics.total).toBe(
      String(counted.reduce((sum, { bytes }) => sum + bytes, 0n)),
    );
  });

  test('pairs, by type and month', async () => {
    const { rows, meta } = await ask(
      exploreOverTime,
      answerExploreOverTime,
      `${RANGE}&by=remoteAddress,localAddress&top=4`,
    );
    expect(meta.table).toBe('heavy_pairs_1mo');
    const whole = sumBy(
      counted.filter((slot) => isListed(slot, pair)),
      ({ flow }) => pair(flow),
    );
    const order = [...whole.values()].map(({ bytes }) => bytes).sort((a, b) => (a < b ? 1 : -1));
    expect(
      rows.series.filter(({ keys }) => keys !== null).map(({ statistics }) => BigInt(statistics.total)),
    ).toEqual(order.slice(0, 4));
  });

  test.each([
    ['remoteAddress', 'type', 'heavy_addresses_1mo', address],
    ['remoteAddress', 'month', 'heavy_addresses_1mo', address],
    ['remoteAddress', 'direction', 'heavy_addresses_1mo', address],
    ['remotePrefix', 'type', 'heavy_prefixes_1mo', prefix],
  ] as const)(
    'groups of %s and %s: cells, totals and everything add up to the records',
    async (by, other, table, key) => {
      const { rows, meta } = await groups(`by=${by},${other}&top=4`);
      expect(meta.table).toBe(table);
      const [shown, keys] = rows.axes.map((axis) => axis.keys) as [string[], string[]];
      const otherOf = (slot: Slot) => {
        const own =
          other === 'month' ? new Date(slot.at * 1000).toISOString().slice(0, 7) : KEY[other](slot.flow);
        return keys.includes(own) ? own : '*';
      };
      const nameOf = (slot: Slot) =>
        isListed(slot, key) && shown.includes(key(slot.flow)) ? key(slot.flow) : '*';
      const sums = sumBy(counted, (slot) => `${nameOf(slot)} ${otherOf(slot)}`);
      expect(
        Object.fromEntries(
          rows.cells.map(({ at: [a = 0, b = 0], now }) => [`${shown[a] ?? '*'} ${keys[b] ?? '*'}`, now.sum]),
        ),
      ).toEqual(Object.fromEntries([...sums].map(([name, { bytes }]) => [name, String(bytes)])));
      expect(rows.total.now.sum).toBe(String(counted.reduce((sum, { bytes }) => sum + bytes, 0n)));
      expect(rows.axes[0]?.found).toBeGreaterThan(4);
    },
  );

  test('a part of a month is widened to it, and it is said', async () => {
    const { meta } = await ask(
      exploreOverTime,
      answerExploreOverTime,
      'from=2025-09-29T00:00:00Z&to=2025-10-20T00:00:00Z&compare=previous&by=remoteAddress',
    );
    expect([meta.from, meta.to]).toEqual([SEPTEMBER, NOVEMBER]);
    expect(meta.widened).toContain('whole months of closed ones');
  });

  test('months that an older rule closed have the whole rest as their bound', async () => {
    await engine().owner.command({
      query:
        'ALTER TABLE heavy_addresses_1mo UPDATE rule = 0 WHERE toYYYYMM(bucket) = 202510 SETTINGS mutations_sync = 2',
    });
    const { meta } = await overTime('top=3');
    const october = counted.filter((slot) => monthOf(slot) === OCTOBER && !isListed(slot));
    const september = counted.filter((slot) => monthOf(slot) === SEPTEMBER);
    expect(BigInt(figure(meta)?.value ?? -1)).toBe(
      october.reduce((sum, { bytes }) => sum + bytes, 0n) + mostLeftOut(september, 'bytes'),
    );
  });

  test.each([
    'by=remotePrefix,asn',
    'by=remoteAddress,localAddress',
    'by=remoteAddress,asn',
    'by=remoteAddress,day',
    'by=remoteAddress&filter=remote%20in%2020.0.1.0/24',
    'by=remoteAddress,month&zone=Asia/Kathmandu',
  ])('%s is refused with the date', async (query) => {
    await expect(groups(query)).rejects.toMatchObject({
      code: 'not_retained',
      hint: expect.stringContaining('Choose a range that begins at 2025-11'),
    });
  });
});
