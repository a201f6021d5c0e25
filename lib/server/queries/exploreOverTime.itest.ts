import { describe, expect, test } from 'vitest';
import { engineWithFlows } from '@/clickhouse/testing/engineWithFlows';
import { exploreOverTime } from '@/lib/flows/contracts/exploreOverTime';
import { DIMENSIONS } from '@/lib/flows/dimensions';
import { answerExploreOverTime } from './exploreOverTime';
import { ask } from './testing/ask';
import { addressesBy, type Slot, sumBy } from './testing/expected';
import {
  at,
  bucketOf,
  counted,
  expectedSums,
  flows,
  HOUR,
  inRange,
  KEY,
  keepFlows,
  RANGE,
  range,
  slots,
} from './testing/exploreFixture';

const engine = engineWithFlows(flows);

const overTime = (query: string) =>
  ask(exploreOverTime, answerExploreOverTime, `${RANGE}&compare=none&${query}`);

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
    await keepFlows(engine().owner, 1);
    const { rows } = await asked('by=asn&top=2').finally(() => keepFlows(engine().owner, 0));
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

describe('means of what is kept by day, where raw flows are gone', () => {
  const DAY = 24 * HOUR;
  /** Five-minute slots of an exporter that sent in them, or in both beside them: its covered time. */
  const sent = new Map<string, Set<number>>();
  for (const { at: minute, flow } of slots) {
    const own = sent.get(flow.exporter) ?? new Set();
    sent.set(flow.exporter, own.add(minute - (minute % 300)));
  }
  const isCovered = (slot: number) =>
    [...sent.values()].some((own) => own.has(slot) || (own.has(slot - 300) && own.has(slot + 300)));
  const coveredSeconds = (from: number, to: number) => {
    let seconds = 0;
    for (let slot = from; slot < to; slot += 300) seconds += isCovered(slot) ? 300 : 0;
    return seconds;
  };
  const first = at('2025-11-01T00:00:00Z');

  const byAddress = (query: string) =>
    ask(exploreOverTime, answerExploreOverTime, `compare=none&by=remoteAddress&top=3&${query}`);
  const asked = async (query: string) => {
    await keepFlows(engine().owner, 1);
    return byAddress(query).finally(() => keepFlows(engine().owner, 0));
  };

  test.each([
    ['traffic', 'bytes', 8],
    ['packets', 'packets', 1],
  ] as const)(
    '%s by address: what the days hold, by their covered seconds',
    async (measure, value, units) => {
      const { rows, meta } = await asked(
        `from=2025-11-01T00:00:00Z&to=2025-11-04T00:00:00Z&measure=${measure}`,
      );
      expect([meta.table, rows.p95]).toEqual(['endpoints_1d', null]);
      const seconds = coveredSeconds(first, range.to);
      // The last two hours have gaps.
      expect(seconds).toBeLessThan(3 * DAY);
      const settled = slots.filter((slot) => counted(slot) && slot.at >= first && slot.at < range.to);
      const mean = (own: readonly Slot[]) =>
        (Number(own.reduce((sum, slot) => sum + slot[value], 0n)) * units) / seconds;
      const shown = rows.series.flatMap(({ keys }) => keys ?? []);
      expect(shown).toHaveLength(3);
      for (const { keys, statistics } of rows.series) {
        const own = settled.filter(({ flow }) => {
          const address = KEY.remoteAddress(flow);
          return keys === null ? !shown.includes(address) : address === keys[0];
        });
        expect(statistics.mean).toBeCloseTo(mean(own), 3);
        expect(statistics.p95).toBeNull();
      }
      expect(rows.totals[0]?.statistics.mean).toBeCloseTo(mean(settled), 3);
      expect(meta.notes.map(({ text }) => text).join()).toMatch(
        /No p95: .* Means are of the drawn buckets\./,
      );
    },
  );

  test('over days without a gap they are the means of five-minute slots', async () => {
    const days = 'from=2025-11-02T00:00:00Z&to=2025-11-03T00:00:00Z&step=1d';
    expect(coveredSeconds(range.from, range.from + DAY)).toBe(DAY);
    const fine = await byAddress(days);
    const coarse = await asked(days);
    expect([fine.rows.p95, coarse.rows.p95]).toEqual(['slots', null]);
    const means = ({ rows }: typeof fine) =>
      [...rows.series, ...rows.totals].map(({ statistics }) => Math.round(statistics.mean ?? Number.NaN));
    expect(means(coarse)).toEqual(means(fine));
  });
});

describe('distinct addresses over time', () => {
  test.each([
    'type',
    'asn',
    'country',
    'remotePrefix',
    // These are in no rollup of addresses: raw flows are counted.
    'linkKind',
    'provider',
    'exporter',
    'interface',
    'protocol',
    'servicePort',
  ] as const)('by %s', async (dimension) => {
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

  test('from raw flows in days of Kathmandu, whose midnight is at 18:15 UTC', async () => {
    const { rows, meta } = await overTime('measure=uniqueness&by=exporter&top=2&step=1d&zone=Asia/Kathmandu');
    expect([meta.table, meta.bucket, meta.zone]).toEqual(['flows', '1 day', 'Asia/Kathmandu']);
    const midnights = ['2025-11-01T18:15:00Z', '2025-11-02T18:15:00Z', '2025-11-03T18:15:00Z'].map(at);
    expect(rows.buckets).toEqual(midnights);
    for (const { keys, addresses } of rows.series) {
      const own = inRange.filter(({ flow }) => keys === null || flow.exporter === keys[0]);
      const counts = midnights.map(
        (from) =>
          new Set(
            own
              .filter((slot) => slot.at >= from && slot.at < from + 24 * HOUR)
              .map(({ flow }) => flow.remoteAddress),
          ).size,
      );
      if (keys !== null) expect(addresses).toEqual(counts);
    }
  });

  test('where raw flows are gone it is refused with the date', async () => {
    await keepFlows(engine().owner, 1);
    const asked = overTime('measure=uniqueness&by=exporter').finally(() => keepFlows(engine().owner, 0));
    await expect(asked).rejects.toMatchObject({ code: 'not_retained' });
  });

  test('whole months are counted, and the answer says that they are more than was asked for', async () => {
    const { rows, meta } = await overTime('measure=uniqueness&by=type&top=1&step=1mo');
    const month = [at('2025-11-01T00:00:00Z'), at('2025-12-01T00:00:00Z')];
    expect([...rows.buckets, rows.end, meta.from, meta.to]).toEqual([...month, ...month]);
    expect(meta.notes.map(({ text }) => text)).toContain(
      'Addresses are counted in whole months: drawn from 2025-11-01 00:00 UTC until 2025-12-01 00:00 UTC.',
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
