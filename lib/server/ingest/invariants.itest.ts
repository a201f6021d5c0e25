import type { ClickHouseClient } from '@clickhouse/client';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import type { FlowRecord } from './record';
import { flowRecord, ipv4, parsed } from './testing/records';
import { emptyTables, ROLLUP_SLOT_MS, rollupLines, TABLES, totalsLine } from './testing/stored';
import { type TestIngest, testIngest } from './testing/testIngest';

let engine: TestClickHouse;
let owner: ClickHouseClient;
let ingest: TestIngest;
beforeAll(async () => {
  engine = await startTestClickHouse();
  owner = engine.client('owner');
  ingest = await testIngest(engine.target);
});
afterAll(async () => {
  await engine?.stop();
  await ingest?.remove();
});

const DAY = Date.UTC(2026, 10, 20);
// A format of its own for each import, so that no import of another run is among its duplicates.
let imports = 0;

/** Records that differ from each other at least in their source port. */
const someRecords = fc
  .array(
    fc.record({
      start: fc.integer({ min: 0, max: 3 * 86_400_000 }),
      durationMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 3_600_000 })),
      bytes: fc.oneof(
        fc.integer({ min: 0, max: 100_000 }),
        fc.constant(2 ** 45),
        fc.integer({ min: 0, max: 7 }),
      ),
      packets: fc.integer({ min: 0, max: 5000 }),
      rate: fc.constantFrom(0, 1, 10, 1000),
      host: fc.integer({ min: 1, max: 250 }),
      outward: fc.boolean(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ start, durationMs, bytes, packets, rate, host, outward }, i) =>
      flowRecord({
        tsStartMs: DAY + start,
        durationMs,
        tsRecvMs: DAY + start + durationMs,
        bytesRaw: bytes,
        packetsRaw: packets,
        samplingRate: rate,
        srcPort: i,
        srcIp: outward ? ipv4(10, 0, 0, host) : ipv4(203, 0, 113, host),
        dstIp: outward ? ipv4(203, 0, 113, host) : ipv4(10, 0, 0, host),
      }),
    ),
  );

/** Imports records into empty tables. @returns rows, packets and bytes of each table, and the series of each rollup */
async function stored(records: FlowRecord[], batchSize: number) {
  imports += 1;
  await emptyTables(owner);
  const summary = await ingest.run(
    records.map((record) => parsed({ ...record, sourceFormat: `run ${imports}` })),
    { batchSize, source: `run ${imports}` },
  );
  const totals: Record<string, string> = {};
  for (const table of TABLES) totals[table] = await totalsLine(owner, table);
  const series: Record<string, string[]> = {};
  for (const table of Object.keys(ROLLUP_SLOT_MS)) series[table] = await rollupLines(owner, table);
  return { summary, totals, series };
}

test('permuting and repeating records, and cutting them into other batches, changes no total and no slot', async () => {
  await fc.assert(
    fc.asyncProperty(
      someRecords,
      fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
      fc.integer({ min: 1, max: 50 }),
      async (records, draws, batchSize) => {
        const once = await stored(records, 50_000);
        expect(once.summary).toMatchObject({ accepted: records.length, duplicates: 0 });
        const repeated = records.flatMap((record, i) =>
          Array<FlowRecord>(1 + ((draws[i] ?? 0) % 3)).fill(record),
        );
        const mixed = repeated
          .map((record, i) => ({
            record,
            at: ((draws[i % draws.length] ?? 0) * 7919 + i * 104_729) % 1_000_003,
          }))
          .sort((a, b) => a.at - b.at)
          .map(({ record }) => record);
        const other = await stored(mixed, batchSize);
        expect(other.summary).toMatchObject({
          records: mixed.length,
          accepted: records.length,
          duplicates: mixed.length - records.length,
        });
        expect({ totals: other.totals, series: other.series }).toEqual({
          totals: once.totals,
          series: once.series,
        });
      },
    ),
    { numRuns: 6, seed: 20_261_122 },
  );
}, 600_000);

test('splitting records in parts changes no total of bytes and packets, and no slot by more than a unit a part', async () => {
  await fc.assert(
    fc.asyncProperty(someRecords, fc.integer({ min: 2, max: 5 }), async (records, parts) => {
      const whole = await stored(records, 50_000);
      const split = await stored(
        records.flatMap((record) => splitInto(record, parts)),
        13,
      );
      for (const table of TABLES) {
        const sums = (line: string | undefined) => (line ?? '').split(' ').slice(1);
        expect([table, sums(split.totals[table])]).toEqual([table, sums(whole.totals[table])]);
      }
      for (const table of Object.keys(ROLLUP_SLOT_MS)) {
        const expected = bySlot(whole.series[table] ?? []);
        const actual = bySlot(split.series[table] ?? []);
        for (const slot of new Set([...expected.keys(), ...actual.keys()])) {
          const off = (actual.get(slot) ?? 0n) - (expected.get(slot) ?? 0n);
          // Each part of each record may round its share down by less than one unit, times its sampling rate.
          const most = BigInt(parts * records.length * 1000);
          expect(off <= most && -off <= most, `${table} ${slot}: off by ${off}`).toBe(true);
        }
      }
    }),
    { numRuns: 4, seed: 20_261_122 },
  );
}, 600_000);

/** Cuts a record in time into parts that carry their share of bytes and packets, as an exporter's active timeout does. */
function splitInto(record: FlowRecord, parts: number): FlowRecord[] {
  const cut = (total: number, i: number): number => Math.floor((total * i) / parts);
  return Array.from({ length: parts }, (_, i) => {
    const from = cut(record.durationMs, i);
    return {
      ...record,
      tsStartMs: record.tsStartMs + from,
      durationMs: cut(record.durationMs, i + 1) - from,
      bytesRaw: cut(Number(record.bytesRaw), i + 1) - cut(Number(record.bytesRaw), i),
      packetsRaw: cut(Number(record.packetsRaw), i + 1) - cut(Number(record.packetsRaw), i),
      // Parts of a record without duration can be equal in every field that is compared.
      sequence: i,
    };
  });
}

function bySlot(lines: string[]): Map<string, bigint> {
  return new Map(
    lines.map((line) => {
      const [slot = '', bytes = '0'] = line.split(' ');
      return [slot, BigInt(bytes)];
    }),
  );
}
