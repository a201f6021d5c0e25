import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { minuteSlots, type Slot } from '@/lib/server/queries/testing/expected';
import { insertFlows, loadReference } from '@/lib/server/queries/testing/loadFlows';
import { randomFlows, type TestFlow } from '@/lib/server/queries/testing/randomFlows';
import { closeMonth, HEAVY_TABLES } from './closeMonth';
import { closeMonths } from './closeMonths';
import { sumsOf } from './periodSums';

const at = (text: string) => Date.parse(text) / 1000;
const OCTOBER = at('2026-10-01T00:00:00Z');
const NOVEMBER = at('2026-11-01T00:00:00Z');
const flows: TestFlow[] = randomFlows(
  8,
  2_500,
  at('2026-10-30T00:00:00Z') * 1000,
  at('2026-11-02T00:00:00Z') * 1000,
);

let engine: TestClickHouse;
beforeAll(async () => {
  engine = await startTestClickHouse();
  await loadReference(engine.owner);
  await insertFlows(engine.owner, flows);
});
afterAll(async () => engine?.stop());

const rows = async <Row>(query: string): Promise<Row[]> =>
  (
    await engine.owner.query({
      query,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
    })
  ).json<Row>();

const inMonth = ({ at: t }: Slot) => t >= OCTOBER && t < NOVEMBER;

test('a month that the watermark has not passed stays open, as does a month without a watermark', async () => {
  expect(await closeMonths(engine.target, NOVEMBER - 1)).toEqual({ closed: [], left: [] });
  expect(await closeMonths(engine.target, null)).toEqual({ closed: [], left: [] });
});

const SUM_NAMES = ['bytes', 'packets', 'flowRecords'] as const;
type Sums = Record<(typeof SUM_NAMES)[number], bigint>;
const NOTHING: Sums = { bytes: 0n, packets: 0n, flowRecords: 0n };
const most = (values: bigint[]) => values.sort((a, b) => (a < b ? 1 : -1))[0] ?? 0n;

describe.each([
  ['heavy_addresses_1mo', ({ flow }: Slot) => flow.remoteAddress, 5],
  ['heavy_prefixes_1mo', ({ flow }: Slot) => flow.remotePrefix, 1],
] as const)('%s', (name, key, kept) => {
  /** Of each region and type, key by key: what it carried across the boundary in October. */
  function crossing(): Map<string, Map<string, Record<'ingress' | 'egress', Sums>>> {
    const cells = new Map<string, Map<string, Record<'ingress' | 'egress', Sums>>>();
    for (const slot of minuteSlots(flows).filter(inMonth)) {
      const { region, type, direction } = slot.flow;
      if (direction !== 'ingress' && direction !== 'egress') continue;
      const cell = cells.get(`${region} ${type}`) ?? new Map();
      cells.set(`${region} ${type}`, cell);
      const ways = cell.get(key(slot)) ?? { ingress: { ...NOTHING }, egress: { ...NOTHING } };
      cell.set(key(slot), ways);
      for (const name of SUM_NAMES) ways[direction][name] += slot[name];
    }
    return cells;
  }

  /** Keys that are among the heaviest of any region and type. */
  function heavyAnywhere(): Set<string> {
    return new Set(
      [...crossing().values()].flatMap((cell) =>
        [...cell]
          .map(([each, { ingress, egress }]) => ({ each, bytes: ingress.bytes + egress.bytes }))
          .sort((a, b) => (a.bytes < b.bytes ? 1 : -1))
          .slice(0, kept)
          .map(({ each }) => each),
      ),
    );
  }

  test('who is among the heaviest of one region and type is kept in all of them, the heaviest first, and the month adds up', async () => {
    const table = HEAVY_TABLES.find((each) => each.name === name);
    if (!table) throw new Error('no table');
    // In many parts, as of a large network.
    await closeMonth(engine.owner, 'weir', table, OCTOBER, kept, { rows: 200, keys: 30 });

    const heavy = heavyAnywhere();
    const found = await rows<{ cell: string; ranks: number; bytes: string[] }>(
      `SELECT concat(region, ' ', network_type) AS cell, max(rank) AS ranks, arrayMap(t -> toString(t.2), arraySort(groupArray((rank, total)))) AS bytes
     FROM (SELECT region, network_type, rank, sum(bytes) AS total FROM ${name} WHERE rank > 0 GROUP BY region, network_type, rank) GROUP BY cell`,
    );
    const expected = [...crossing()].map(([cell, byKey]) => [
      cell,
      [...byKey]
        .filter(([each]) => heavy.has(each))
        .map(([, { ingress, egress }]) => ingress.bytes + egress.bytes)
        .sort((a, b) => (a < b ? 1 : -1))
        .map(String),
    ]);
    expect(Object.fromEntries(found.map(({ cell, bytes }) => [cell, bytes]))).toEqual(
      Object.fromEntries(expected),
    );
    expect(Math.max(...found.map(({ ranks }) => ranks))).toBeGreaterThan(kept);

    const whole = new Map<string, bigint>();
    for (const { flow, bytes } of minuteSlots(flows).filter(inMonth)) {
      const cell = `${flow.region} ${flow.type} ${flow.direction}`;
      whole.set(cell, (whole.get(cell) ?? 0n) + bytes);
    }
    const all = await rows<{ cell: string; bytes: string }>(
      `SELECT concat(region, ' ', network_type, ' ', toString(direction)) AS cell, toString(sum(bytes)) AS bytes FROM ${name} GROUP BY region, network_type, direction`,
    );
    expect(Object.fromEntries(all.map(({ cell, bytes }) => [cell, bytes]))).toEqual(
      Object.fromEntries([...whole].map(([cell, bytes]) => [cell, String(bytes)])),
    );
  });

  test('the rows of all others say what one of them carried at most, there and in the whole month', async () => {
    const heavy = heavyAnywhere();
    const others = [...crossing()].map(
      ([cell, byKey]) => [cell, [...byKey].filter(([each]) => !heavy.has(each))] as const,
    );
    const found = await rows<Record<string, string>>(
      `SELECT concat(region, ' ', network_type, ' ', toString(direction)) AS cell, toString(most_bytes) AS bytes, toString(most_packets) AS packets, toString(most_records) AS flowRecords
     FROM ${name} WHERE rank = 0 AND direction IN ('ingress', 'egress') AND others > 0`,
    );
    const expected = others.flatMap(([cell, byKey]) =>
      (['ingress', 'egress'] as const).map((way) => ({
        cell: `${cell} ${way}`,
        ...Object.fromEntries(
          SUM_NAMES.map((name) => [name, String(most(byKey.map(([, ways]) => ways[way][name])))]),
        ),
      })),
    );
    expect(found.length).toBeGreaterThan(10);
    expect(expected).toEqual(expect.arrayContaining(found));

    const months = await rows(
      `SELECT DISTINCT toString(month_most_bytes) AS bytes, toString(month_most_packets) AS packets, toString(month_most_records) AS flowRecords FROM ${name} WHERE rank = 0`,
    );
    const whole = new Map<string, Sums>();
    for (const [each, ways] of others.flatMap(([, byKey]) => byKey)) {
      const sums = whole.get(each) ?? { ...NOTHING };
      for (const name of SUM_NAMES) sums[name] += ways.ingress[name] + ways.egress[name];
      whole.set(each, sums);
    }
    expect(months).toEqual([
      Object.fromEntries(
        SUM_NAMES.map((name) => [name, String(most([...whole.values()].map((sums) => sums[name])))]),
      ),
    ]);
  });

  test('what is not among the heaviest is counted and dated with all others', async () => {
    const inOctober = minuteSlots(flows).filter((slot) => inMonth(slot));
    const found = await rows<{ cell: string; kept: string; others: string }>(
      `SELECT concat(region, ' ', network_type, ' ', toString(direction)) AS cell, toString(countIf(rank > 0)) AS kept, toString(sum(others)) AS others
     FROM ${name} GROUP BY cell`,
    );
    const seen = new Map<string, Set<string>>();
    for (const slot of inOctober) {
      const { flow } = slot;
      const cell = `${flow.region} ${flow.type} ${flow.direction}`;
      seen.set(cell, (seen.get(cell) ?? new Set()).add(key(slot)));
    }
    expect(Object.fromEntries(found.map((row) => [row.cell, Number(row.kept) + Number(row.others)]))).toEqual(
      Object.fromEntries([...seen].map(([cell, keys]) => [cell, keys.size])),
    );
    const keptInside = found.filter((row) => /internal|transit/.test(row.cell) && row.kept !== '0');
    expect(keptInside).toEqual([]);
  });
});

test('every month that is over is closed once, and made again when records come later', async () => {
  const first = await closeMonths(engine.target, NOVEMBER);
  expect(first).toEqual({
    closed: HEAVY_TABLES.map(({ name }) => ({ table: name, month: '2026-10', first: true })),
    left: [],
  });
  expect(await closeMonths(engine.target, NOVEMBER)).toEqual({ closed: [], left: [] });

  await insertFlows(engine.owner, flows.slice(0, 50));
  const again = await closeMonths(engine.target, NOVEMBER);
  expect(again.closed.map(({ first: isFirst }) => isFirst)).toEqual(HEAVY_TABLES.map(() => false));
  for (const { name, source } of HEAVY_TABLES) {
    expect(await sumsOf(engine.owner, name, { from: OCTOBER, to: NOVEMBER })).toEqual(
      await sumsOf(engine.owner, source, { from: OCTOBER, to: NOVEMBER }),
    );
  }
});

test('a month that an older rule closed is closed again while its days are kept', async () => {
  await engine.owner.command({
    query: 'ALTER TABLE closed_months UPDATE rule = 0 WHERE 1 SETTINGS mutations_sync = 2',
  });
  const again = await closeMonths(engine.target, NOVEMBER);
  expect(again.closed.map(({ table, first }) => [table, first])).toEqual(
    HEAVY_TABLES.map(({ name }) => [name, false]),
  );
  expect(await closeMonths(engine.target, NOVEMBER)).toEqual({ closed: [], left: [] });
});

test('a month in which traffic got another network type is closed again, though it comes to the same', async () => {
  await engine.owner.command({ query: 'CREATE TABLE retyped AS endpoints_1d' });
  await engine.owner.command({
    query: `INSERT INTO retyped SELECT * REPLACE (if(network_type = 'CDN', 'Enterprise', network_type) AS network_type) FROM endpoints_1d WHERE toYYYYMM(bucket) = 202610`,
  });
  await engine.owner.command({ query: 'ALTER TABLE endpoints_1d REPLACE PARTITION 202610 FROM retyped' });
  expect((await closeMonths(engine.target, NOVEMBER)).closed).toEqual([
    { table: 'heavy_addresses_1mo', month: '2026-10', first: false },
    { table: 'heavy_prefixes_1mo', month: '2026-10', first: false },
  ]);
  expect((await closeMonths(engine.target, NOVEMBER)).closed).toEqual([]);
});

test('a month of which days are gone keeps what was written; one that was never closed is named', async () => {
  const before = await rows('SELECT * FROM heavy_pairs_1mo ORDER BY ALL');
  await engine.owner.command({
    query:
      'ALTER TABLE pairs_1d MODIFY TTL bucket + toIntervalDay(5) SETTINGS materialize_ttl_after_modify = 0',
  });
  expect((await closeMonths(engine.target, NOVEMBER)).left).toEqual([]);
  expect(await rows('SELECT * FROM heavy_pairs_1mo ORDER BY ALL')).toEqual(before);
  await engine.owner.command({ query: 'TRUNCATE TABLE closed_months' });
  const { left } = await closeMonths(engine.target, NOVEMBER);
  expect(left.join()).toMatch(/heavy_pairs_1mo of 2026-10: pairs_1d is complete only from/);
});
