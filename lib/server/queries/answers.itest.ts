import { describe, expect, test } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import { dataStatus } from '@/lib/flows/contracts/dataStatus';
import { headline } from '@/lib/flows/contracts/headline';
import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { BUCKET_FLAGS, type TrafficColumns, trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { answerDataStatus } from './dataStatus';
import { forgetFacts } from './facts';
import { answerHeadline } from './headline';
import { answerRegionTypeHeatmap } from './regionTypeHeatmap';
import { ask } from './testing/ask';
import { addressesBy, minuteSlots, type Slot, sumBy } from './testing/expected';
import { insertFlows } from './testing/loadFlows';
import { EXPORTERS, randomFlows, type TestFlow } from './testing/randomFlows';
import { answerTrafficOverTime } from './trafficOverTime';

const at = (text: string) => Date.parse(text) / 1000;
/** Three days around the end of New York's summer time. */
const FROM = at('2025-11-01T00:00:00Z');
const TO = at('2025-11-04T00:00:00Z');
/** Nobody sends. */
const SILENCE = { from: at('2025-11-02T10:00:00Z'), to: at('2025-11-02T11:00:00Z') };
/** The first exporter does not send. */
const ONE_SILENT = { from: at('2025-11-02T14:00:00Z'), to: at('2025-11-02T15:00:00Z') };

const touches = (flow: TestFlow, { from, to }: { from: number; to: number }) =>
  flow.startMs < to * 1000 && Math.max(flow.startMs + flow.durationMs, flow.startMs + 1) > from * 1000;

const flows = randomFlows(7, 6_000, FROM * 1000, TO * 1000)
  .filter((flow) => !touches(flow, SILENCE))
  .filter((flow) => flow.exporter !== EXPORTERS[0].exporter || !touches(flow, ONE_SILENT));
const huge: TestFlow = {
  ...firstCounted(),
  startMs: at('2025-11-01T06:00:00Z') * 1000,
  durationMs: 0,
  bytesRaw: 2n ** 60n,
  rate: 1,
};
const all = [...flows, huge];
const slots = minuteSlots(all);

function firstCounted(): TestFlow {
  const flow = flows.find(
    ({ counted, direction, type }) => counted && direction === 'egress' && type === 'CDN',
  );
  if (!flow) throw new Error('the seed gives no such flow');
  return flow;
}

const engine = engineWithFlows(all);

const RANGE = 'from=2025-11-01T05:25:00Z&to=2025-11-03T17:40:00Z';
const range = { from: at('2025-11-01T05:25:00Z'), to: at('2025-11-03T17:40:00Z') };
const crossing = (slot: Slot) => slot.flow.direction === 'ingress' || slot.flow.direction === 'egress';
const inRange = (slot: Slot) => slot.at >= range.from && slot.at < range.to;

/** Five-minute slots of the range in which somebody, or everybody, was covered, by the rule of the metrics catalogue. */
function coveredSlots() {
  const present = new Map<string, Set<number>>(EXPORTERS.map(({ exporter }) => [exporter, new Set()]));
  for (const slot of slots) present.get(slot.flow.exporter)?.add(Math.floor(slot.at / 300) * 300);
  const isCovered = (exporter: string, slot: number) => {
    const sent = present.get(exporter);
    return sent !== undefined && (sent.has(slot) || (sent.has(slot - 300) && sent.has(slot + 300)));
  };
  const any = new Set<number>();
  const whole = new Set<number>();
  let exporterSlots = 0;
  for (let slot = range.from; slot < range.to; slot += 300) {
    const covered = EXPORTERS.filter(({ exporter }) => isCovered(exporter, slot));
    exporterSlots += covered.length;
    if (covered.length > 0) any.add(slot);
    if (covered.length === EXPORTERS.length) whole.add(slot);
  }
  return { any, whole, share: exporterSlots / (EXPORTERS.length * ((range.to - range.from) / 300)) };
}

/** p95 by hand: the covered five-minute sums in ascending order, zeros included, number ceil(0.95 N). */
function p95ByHand(matching: readonly Slot[]): number {
  const { any } = coveredSlots();
  const sums = new Map([...any].map((slot) => [slot, 0n]));
  for (const slot of matching) {
    const start = Math.floor(slot.at / 300) * 300;
    const sum = sums.get(start);
    if (sum !== undefined) sums.set(start, sum + slot.bytes);
  }
  const ascending = [...sums.values()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const chosen = ascending[Math.ceil((95 * ascending.length) / 100) - 1] ?? 0n;
  return Number(chosen * 8n) / 300;
}

const bytesOf = (matching: readonly Slot[]) => matching.reduce((sum, { bytes }) => sum + bytes, 0n);
const total = (values: readonly string[]) => values.reduce((sum, value) => sum + BigInt(value), 0n);

describe('traffic over time', () => {
  test('bytes of each type and bucket are those of the records, on a day of 25 hours', async () => {
    const { rows, meta } = await ask(
      trafficOverTime,
      answerTrafficOverTime,
      `${RANGE}&zone=America/New_York`,
    );
    expect(meta).toMatchObject({
      from: range.from,
      to: range.to,
      widened: null,
      bucket: '15 minutes',
      complete: false,
    });
    const ends = [...rows.buckets.slice(1), rows.end];
    for (const series of rows.series) {
      const mine = slots.filter((slot) => inRange(slot) && crossing(slot) && slot.flow.type === series.key);
      const expected = rows.buckets.map((start, i) =>
        String(bytesOf(mine.filter(({ at: t }) => t >= start && t < (ends[i] ?? 0)))),
      );
      expect(series.bytes, series.key).toEqual(expected);
    }
    expect(rows.series.map(({ key }) => key)).toEqual([
      'ISP Regional',
      'CDN',
      'Hyperscaler',
      'Neocloud',
      'Migration',
      'Unclassified',
    ]);
  });

  test('covered seconds, gaps and partial buckets follow who sent when', async () => {
    const { rows, meta } = await ask(trafficOverTime, answerTrafficOverTime, `${RANGE}&zone=Asia/Kathmandu`);
    const { any, whole, share } = coveredSlots();
    const ends = [...rows.buckets.slice(1), rows.end];
    const within = (set: Set<number>, i: number) =>
      [...set].filter((slot) => slot >= (rows.buckets[i] ?? 0) && slot < (ends[i] ?? 0)).length * 300;
    expect(rows.coveredSeconds).toEqual(rows.buckets.map((_, i) => within(any, i)));
    rows.buckets.forEach((start, i) => {
      const inside = Math.min(ends[i] ?? 0, range.to) - Math.max(start, range.from);
      const isCut = start < range.from || (ends[i] ?? 0) > range.to;
      const flags = rows.flags[i] ?? 0;
      expect((flags & BUCKET_FLAGS.uncovered) !== 0).toBe(within(any, i) === 0);
      expect((flags & BUCKET_FLAGS.partial) !== 0).toBe(isCut || within(whole, i) < inside);
      expect(flags & BUCKET_FLAGS.provisional).toBe(0);
    });
    expect(rows.seconds).toEqual(rows.coveredSeconds);
    expect(meta.coverage).toBeCloseTo(share, 12);
    expect(rows.flags.filter((flags) => (flags & BUCKET_FLAGS.uncovered) !== 0)).toHaveLength(4);
  });

  test.each(['both', 'ingress', 'egress'] as const)(
    'statistics of %s come from the covered five-minute slots',
    async (dir) => {
      const { rows } = await ask(trafficOverTime, answerTrafficOverTime, `${RANGE}&dir=${dir}`);
      const { any } = coveredSlots();
      const wanted = slots.filter(
        (slot) => inRange(slot) && (dir === 'both' ? crossing(slot) : slot.flow.direction === dir),
      );
      const whole = bytesOf(wanted);
      for (const series of [...rows.series, ...rows.totals]) {
        const mine = series.key === 'Total' ? wanted : wanted.filter(({ flow }) => flow.type === series.key);
        const { statistics } = series;
        expect(series.direction).toBe(dir);
        expect(statistics.total).toBe(String(bytesOf(mine)));
        expect(statistics.p95, series.key).toBe(p95ByHand(mine));
        expect(statistics.mean).toBeCloseTo(Number(bytesOf(mine) * 8n) / (any.size * 300), 0);
        expect(statistics.share).toBeCloseTo(Number(bytesOf(mine)) / Number(whole), 12);
      }
    },
  );

  test('types and Unclassified add up to the total, ingress and egress to both', async () => {
    const both = (await ask(trafficOverTime, answerTrafficOverTime, RANGE)).rows;
    const mirrored = (await ask(trafficOverTime, answerTrafficOverTime, `${RANGE}&mirror=1`)).rows;
    const columnSums = (rows: TrafficColumns, keys: (key: string, direction: string) => boolean) =>
      rows.buckets.map((_, i) =>
        rows.series
          .filter(({ key, direction }) => keys(key, direction))
          .reduce((sum, { bytes }) => sum + BigInt(bytes[i] ?? '0'), 0n),
      );
    expect(columnSums(both, () => true).map(String)).toEqual(both.totals[0]?.bytes);
    for (const { key, bytes } of both.series) {
      expect(columnSums(mirrored, (name) => name === key).map(String)).toEqual(bytes);
    }
    for (const whole of mirrored.totals) {
      expect(columnSums(mirrored, (_, direction) => direction === whole.direction).map(String)).toEqual(
        whole.bytes,
      );
    }
    const egress = (await ask(trafficOverTime, answerTrafficOverTime, `${RANGE}&dir=egress`)).rows;
    expect(mirrored.totals.find(({ direction }) => direction === 'egress')?.statistics).toEqual(
      egress.totals[0]?.statistics,
    );
  });

  test('filters keep and leave out', async () => {
    const { rows } = await ask(
      trafficOverTime,
      answerTrafficOverTime,
      `${RANGE}&region=US-West,US-East&type=!CDN&ip=4`,
    );
    const mine = slots.filter(
      (slot) =>
        inRange(slot) &&
        crossing(slot) &&
        slot.flow.region !== 'EU-Central' &&
        slot.flow.type !== 'CDN' &&
        slot.flow.ip === 4,
    );
    expect(rows.totals[0]?.statistics.total).toBe(String(bytesOf(mine)));
    expect(rows.series.map(({ key }) => key)).not.toContain('CDN');
  });
});

test('2^60 bytes arrive digit for digit', async () => {
  const query = 'from=2025-11-01T06:00:00Z&to=2025-11-01T06:05:00Z&dir=egress&type=CDN';
  const expected = bytesOf(
    slots.filter(
      (slot) =>
        slot.at >= at('2025-11-01T06:00:00Z') &&
        slot.at < at('2025-11-01T06:05:00Z') &&
        slot.flow.direction === 'egress' &&
        slot.flow.type === 'CDN',
    ),
  );
  expect(expected).toBeGreaterThanOrEqual(2n ** 60n);
  const drawn = await ask(trafficOverTime, answerTrafficOverTime, query);
  expect(total(drawn.rows.series.find(({ key }) => key === 'CDN')?.bytes ?? [])).toBe(expected);
  expect((await ask(headline, answerHeadline, query)).rows.current.volume).toBe(String(expected));
  expect((await ask(regionTypeHeatmap, answerRegionTypeHeatmap, query)).rows.total.volume).toBe(
    String(expected),
  );
});

describe('headline', () => {
  test('volume, mean, p95, addresses and magnitude are those of the records', async () => {
    const { rows, meta } = await ask(headline, answerHeadline, `${RANGE}&compare=none`);
    const mine = slots.filter((slot) => inRange(slot) && crossing(slot));
    const hours = slots.filter(
      (slot) =>
        slot.at >= at('2025-11-01T05:00:00Z') && slot.at < at('2025-11-03T18:00:00Z') && crossing(slot),
    );
    const addresses = addressesBy(hours, () => 'all').get('all')?.size ?? 0;
    const sums = sumBy(mine, () => 'all').get('all');
    expect(rows.current).toMatchObject({
      volume: String(sums?.bytes),
      packets: String(sums?.packets),
      flowRecords: String(sums?.flowRecords),
      p95: p95ByHand(mine),
      p95Ingress: p95ByHand(mine.filter(({ flow }) => flow.direction === 'ingress')),
      p95Egress: p95ByHand(mine.filter(({ flow }) => flow.direction === 'egress')),
      uniques: addresses,
      uniquesPlusMinus: 0,
      coveredSeconds: coveredSlots().any.size * 300,
      uniquesFrom: at('2025-11-01T05:00:00Z'),
      uniquesTo: at('2025-11-03T18:00:00Z'),
    });
    expect(rows.current.magnitude).toBeCloseTo(Number(bytesOf(hours) * 8n) / addresses, 0);
    expect(meta.notes.map(({ code }) => code)).toEqual(['uniques_widened']);
    expect(rows).toMatchObject({ previous: null, previousMissing: 'not_compared' });
  });

  test('the previous period is the one that ends where this one starts', async () => {
    const later = await ask(headline, answerHeadline, 'from=2025-11-02T00:00:00Z&to=2025-11-03T00:00:00Z');
    const earlier = await ask(headline, answerHeadline, 'from=2025-11-01T00:00:00Z&to=2025-11-02T00:00:00Z');
    expect(later.rows.previous).toEqual(earlier.rows.current);
    expect(earlier.rows).toMatchObject({ previous: null, previousMissing: 'no_data' });
  });
});

test('the heatmap: every cell, row, column and the whole are those of the records, and shares add up to one', async () => {
  const { rows } = await ask(
    regionTypeHeatmap,
    answerRegionTypeHeatmap,
    'from=2025-11-01T05:00:00Z&to=2025-11-03T18:00:00Z',
  );
  const mine = slots.filter(
    (slot) => slot.at >= at('2025-11-01T05:00:00Z') && slot.at < at('2025-11-03T18:00:00Z') && crossing(slot),
  );
  const check = (cell: (typeof rows)['total'] | null | undefined, matching: Slot[]) => {
    const sums = sumBy(matching, () => 'all').get('all');
    const addresses = addressesBy(matching, () => 'all').get('all')?.size ?? 0;
    if (!sums) return expect(cell ?? null).toBeNull();
    expect(cell).toMatchObject({
      volume: String(sums.bytes),
      uniques: addresses,
      sampledPackets: String(sums.sampledPackets),
      fewPackets: sums.sampledPackets > 0n && sums.sampledPackets < 400n,
    });
    expect(cell?.magnitude).toBeCloseTo(Number(sums.bytes * 8n) / addresses, 0);
  };
  rows.regions.forEach((region, r) => {
    rows.types.forEach((type, t) => {
      check(
        rows.cells[r]?.[t],
        mine.filter(({ flow }) => flow.region === region && flow.type === type),
      );
    });
    check(
      rows.regionTotals[r],
      mine.filter(({ flow }) => flow.region === region),
    );
  });
  rows.types.forEach((type, t) => {
    check(
      rows.typeTotals[t],
      mine.filter(({ flow }) => flow.type === type),
    );
  });
  check(rows.total, mine);
  expect(rows.cells.flat().reduce((sum, cell) => sum + (cell?.share ?? 0), 0)).toBeCloseTo(1, 9);
});

test('the data page: who sent, unknown rates, directions, what was not counted', async () => {
  const { rows } = await ask(dataStatus, answerDataStatus, RANGE);
  const mine = slots.filter(inRange);
  const byDirection = sumBy(mine, ({ flow }) => flow.direction);
  expect(rows.bytesByDirection).toEqual(
    Object.fromEntries(
      ['ingress', 'egress', 'internal', 'transit'].map((name) => [
        name,
        String(byDirection.get(name)?.bytes ?? 0n),
      ]),
    ),
  );
  for (const status of rows.exporters) {
    const started = mine.filter(
      ({ flow, flowRecords }) => flow.exporter === status.exporter && flowRecords > 0n,
    );
    const unknown = started.filter(({ flow }) => flow.rate === 0);
    expect(status).toMatchObject({
      expected: true,
      configured: true,
      silent: true,
      flowRecords: String(started.length),
    });
    expect(status.unknownRateShare).toBeCloseTo(unknown.length / started.length, 12);
  }
  expect(rows.notCounted).toBeNull();
  expect(rows.warnings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['unknown_rate', 'silent', 'geo_not_ready']),
  );
  expect(rows.empty).toBe(false);
});

test('of a day, the data page also counts what internal interfaces saw', async () => {
  const day = { from: at('2025-11-02T00:00:00Z'), to: at('2025-11-03T00:00:00Z') };
  const { rows } = await ask(
    dataStatus,
    answerDataStatus,
    'from=2025-11-02T00:00:00Z&to=2025-11-03T00:00:00Z',
  );
  const leftOut = all.filter(
    (flow) => !flow.counted && flow.startMs >= day.from * 1000 && flow.startMs < day.to * 1000,
  );
  expect(rows.notCounted).toEqual({
    flowRecords: String(leftOut.length),
    bytes: String(leftOut.reduce((sum, flow) => sum + flow.bytesRaw * BigInt(flow.rate), 0n)),
  });
});

test('where most bytes are transit, own prefixes are missing, and those with the most bytes are proposed', async () => {
  const at10 = at('2025-12-01T10:00:00Z') * 1000;
  const lost = flows
    .filter(({ direction, ip, counted }) => direction === 'transit' && ip === 4 && counted)
    .slice(0, 20)
    .map((flow) => ({ ...flow, startMs: at10, durationMs: 0, rate: 1, bytesRaw: 1_000n }));
  await insertFlows(engine().owner, lost);
  forgetFacts();
  const { rows } = await ask(
    dataStatus,
    answerDataStatus,
    'from=2025-12-01T10:00:00Z&to=2025-12-01T10:05:00Z',
  );
  expect(rows.transitShare).toBe(1);
  // Every one of them has an end in 20.9.0.0/16, and the other in 20.0.0.0/16.
  expect(rows.proposedPrefixes).toEqual([
    { prefix: '20.0.0.0/16', bytes: '20000' },
    { prefix: '20.9.0.0/16', bytes: '20000' },
  ]);
  expect(rows.warnings.find(({ code }) => code === 'mostly_transit')?.hint).toContain('20.9.0.0/16');
});
