import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { sumsOfFlows } from '@/lib/server/ingest/reconcile/compareRollup';
import { rebuildPartition } from '@/lib/server/ingest/reconcile/rebuildPartition';
import { reconcile } from '@/lib/server/ingest/reconcile/reconcile';
import { findRollups } from '@/lib/server/ingest/reconcile/rollups';
import { minuteSlots } from './testing/expected';
import { insertFlows, loadReference } from './testing/loadFlows';
import { randomFlows } from './testing/randomFlows';

// The rollup of what is doubtful, against the records themselves: spread sums by hour and exporter, whole records by their start.

const HOUR = 3_600;
const to = Math.floor(Date.now() / 1000 / HOUR) * HOUR;
const flows = randomFlows(41, 3_000, (to - 60 * HOUR) * 1000, to * 1000);

let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await loadReference(engine.owner);
  // Two batches: parts are merged, and sums and maps with them.
  await insertFlows(engine.owner, flows.slice(0, 1_700));
  await insertFlows(engine.owner, flows.slice(1_700));
});
afterAll(() => engine?.stop());

async function lines(query: string): Promise<string[]> {
  const result = await engine.owner.query({ query, format: 'JSONEachRow' });
  return (await result.json<{ line: string }>()).map(({ line }) => line);
}

const hourlyLines = () =>
  lines(`SELECT concat(toString(toUnixTimestamp(bucket)), ' ', exporter, ' ', toString(sum(toUInt128(q.bytes))), ' ', toString(sum(toUInt128(q.packets))), ' ', toString(sum(q.flow_records))) AS line
    FROM quality_1h AS q GROUP BY bucket, exporter ORDER BY bucket, exporter`);

function expectedLines(): string[] {
  const sums = new Map<string, { bytes: bigint; packets: bigint; records: bigint }>();
  // An hour with nothing but records that do not count has a row of zeros.
  for (const flow of flows.filter(({ counted }) => !counted)) {
    for (let t = Math.floor(flow.startMs / 3_600_000); ; t += 1) {
      sums.set(`${t * HOUR} ${flow.exporter}`, { bytes: 0n, packets: 0n, records: 0n });
      if ((t + 1) * 3_600_000 >= flow.startMs + flow.durationMs) break;
    }
  }
  for (const slot of minuteSlots(flows)) {
    const key = `${Math.floor(slot.at / HOUR) * HOUR} ${slot.flow.exporter}`;
    const sum = sums.get(key) ?? { bytes: 0n, packets: 0n, records: 0n };
    sum.bytes += slot.bytes;
    sum.packets += slot.packets;
    sum.records += slot.flowRecords;
    sums.set(key, sum);
  }
  return [...sums]
    .map(([key, { bytes, packets, records }]) => `${key} ${bytes} ${packets} ${records}`)
    .sort((a, b) => (a.split(' ').slice(0, 2).join(' ') < b.split(' ').slice(0, 2).join(' ') ? -1 : 1));
}

test('hours hold what the records put into them, spread as in every rollup', async () => {
  expect(await hourlyLines()).toEqual(expectedLines());
});

test('every record is counted once by its rate, also those that are in no total', async () => {
  const rates = new Map<number, number>();
  for (const { rate } of flows) rates.set(rate, (rates.get(rate) ?? 0) + 1);
  expect(
    await lines(
      `SELECT concat(toString(rate.1), ' ', toString(rate.2)) AS line FROM (SELECT arrayJoin(arraySort(CAST(sumMap(q.rates) AS Array(Tuple(UInt32, UInt64))))) AS rate FROM quality_1h AS q)`,
    ),
  ).toEqual([...rates].sort(([a], [b]) => a - b).map(([rate, count]) => `${rate} ${count}`));
  const uncounted = flows.filter(({ counted }) => !counted);
  const bytes = uncounted.reduce((sum, { bytesRaw, rate }) => sum + bytesRaw * BigInt(rate), 0n);
  expect(
    await lines(
      `SELECT concat(toString(sum(q.not_counted_records)), ' ', toString(sum(toUInt128(q.not_counted_bytes)))) AS line FROM quality_1h AS q`,
    ),
  ).toEqual([`${uncounted.length} ${bytes}`]);
});

test('reconcile finds a lost day of it, and makes it again from flows', async () => {
  const before = await hourlyLines();
  const states = () =>
    lines(
      'SELECT toString(sum(cityHash64(* EXCEPT (rates, flags, lags), mapSort(rates), mapSort(flags), mapSort(lags)))) AS line FROM quality_1h FINAL',
    );
  const content = await states();
  await engine.owner.command({
    query: `ALTER TABLE quality_1h DELETE WHERE toDate(bucket) = toDate(${to - 30 * HOUR})`,
    clickhouse_settings: { mutations_sync: '1' },
  });
  expect(await hourlyLines()).not.toEqual(before);
  const report = await reconcile(
    { clickhouse: engine.target, databaseUrl: '' },
    { scope: 'all', mend: false },
  );
  expect(report.rollups.map(({ rollup }) => rollup)).toEqual(['quality_1h']);
  expect(report.rollups[0]?.text).toContain('differs from flows');
  // The mending itself, without its lock: that needs the other database.
  const { rollups } = await findRollups(engine.owner, engine.target);
  const rollup = rollups.find(({ name }) => name === 'weir.quality_1h');
  if (rollup === undefined) throw new Error('quality_1h is not compared');
  for (const { partition, units } of report.rollups) {
    const expected = await sumsOfFlows(engine.owner, 'weir.flows', units, 7_200_000);
    expect(
      await rebuildPartition(engine.owner, engine.target, rollup, partition, units, 7_200_000, expected),
    ).toBe(true);
  }
  expect(await hourlyLines()).toEqual(before);
  expect(await states()).toEqual(content);
});
