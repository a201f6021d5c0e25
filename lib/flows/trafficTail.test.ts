import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TrafficColumns, TrafficSeries } from './contracts/trafficOverTime';
import { joinTail } from './trafficTail';

const TYPES = ['ISP Regional', 'CDN', 'Neocloud', 'Unclassified'] as const;
const PROVISIONAL = 2;

/** Bytes of each type in each bucket: what a database would hold at one time. */
type World = Record<(typeof TYPES)[number], number[]>;

/**
 * A whole answer of the world, worked out here the long way: types with bytes (and Unclassified), five-minute buckets that are covered up to
 * `settled`. Mean and p95 of the settled buckets alone.
 */
function full(
  world: World,
  settled: number,
  directions: TrafficSeries['direction'][] = ['both'],
): TrafficColumns {
  const length = world.CDN.length;
  const axis = world.CDN.map((_, i) => i);
  const shown = TYPES.filter((type) => type === 'Unclassified' || world[type].some((bytes) => bytes > 0));
  const sumOf = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const totals = axis.map((i) => sumOf(shown.map((type) => world[type][i] ?? 0)));
  const answered = (key: string, bytes: number[], direction: TrafficSeries['direction']): TrafficSeries => {
    const rates = bytes.slice(0, settled).map((value) => (value * 8) / 300);
    const sorted = [...rates].sort((a, b) => a - b);
    return {
      key,
      direction,
      bytes: bytes.map(String),
      statistics: {
        last: rates.at(-1) ?? null,
        max: sorted.at(-1) ?? null,
        mean: settled === 0 ? null : (sumOf(bytes.slice(0, settled)) * 8) / (settled * 300),
        p95: sorted[Math.ceil(0.95 * settled) - 1] ?? null,
        total: String(sumOf(bytes)),
        share: sumOf(totals) === 0 ? 0 : sumOf(bytes) / sumOf(totals),
      },
    };
  };
  return {
    buckets: axis.map((i) => i * 300),
    end: length * 300,
    coveredSeconds: axis.map((i) => (i < settled ? 300 : 0)),
    seconds: axis.map(() => 300),
    flags: axis.map((i) => (i < settled ? 0 : PROVISIONAL)),
    series: directions.flatMap((direction) => shown.map((type) => answered(type, world[type], direction))),
    totals: directions.map((direction) => answered('Total', totals, direction)),
  };
}

/** What the server answers of it from a bucket on: only types that have bytes there, zeros before, neither mean nor p95. */
function tailOf(world: World, settled: number, from: number): TrafficColumns {
  const cut = Object.fromEntries(
    TYPES.map((type) => [type, world[type].map((bytes, i) => (i < from ? 0 : bytes))]),
  ) as World;
  const blank = (series: TrafficSeries) => ({
    ...series,
    statistics: { ...series.statistics, mean: null, p95: null },
  });
  const rows = full(cut, settled);
  return { ...rows, series: rows.series.map(blank), totals: rows.totals.map(blank), tailFrom: from * 300 };
}

const bytes = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1e9 }));

test('a held answer and a tail are the whole answer, whatever came behind the tail\u2019s start', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 12 }).chain((length) => {
        const row = fc.array(bytes, { minLength: length, maxLength: length });
        const world = fc.record(
          Object.fromEntries(
            TYPES.map((type) => [type, fc.oneof(row, fc.constant(new Array<number>(length).fill(0)))]),
          ) as Record<keyof World, fc.Arbitrary<number[]>>,
        );
        return fc.record({
          old: world,
          news: world,
          settled: fc.integer({ min: 1, max: length - 1 }),
          // before the watermark, as far as exporters hold records back
          reach: fc.nat({ max: length }),
        });
      }),
      ({ old, news, settled, reach }) => {
        const later = Object.fromEntries(
          TYPES.map((type) => [
            type,
            old[type].map((value, i) => (i < settled ? value : value + (news[type][i] ?? 0))),
          ]),
        ) as World;
        expect(joinTail(full(old, settled), tailOf(later, settled, Math.max(0, settled - reach)))).toEqual(
          full(later, settled),
        );
      },
    ),
  );
});

describe('a tail that does not fit', () => {
  const world: World = {
    'ISP Regional': [1, 2, 3],
    CDN: [0, 0, 0],
    Neocloud: [4, 0, 1],
    Unclassified: [0, 0, 0],
  };
  const tail = tailOf(world, 2, 2);

  test('of other buckets, or of another direction, is not joined', () => {
    expect(joinTail(full(world, 2), tail)).not.toBeNull();
    expect(joinTail({ ...full(world, 2), buckets: [0, 300, 900] }, tail)).toBeNull();
    expect(joinTail(full(world, 2, ['egress']), tail)).toBeNull();
  });

  test('nor is an answer that is whole', () => {
    expect(joinTail(full(world, 2), full(world, 2))).toBeNull();
  });
});
