import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BUCKET_FLAGS,
  bucketCoverage,
  coverageOf,
  coveredIntervals,
  type ExporterFacts,
  expectedExporters,
  onceExpectedExporters,
  watermarkOf,
} from './coverage';
import { secondsByBucket, secondsOf, unionOf, within } from './intervals';
import { p95Of, rankOfP95 } from './percentile';

const DAY = 86_400;
const NOW = 1_000_000_200;

function exporter(name: string, change: Partial<ExporterFacts> = {}): ExporterFacts {
  return {
    exporter: name,
    configured: false,
    retired: false,
    expectedUntil: null,
    firstSeen: NOW - 10 * DAY,
    lastSeen: NOW - 300,
    lastReceived: NOW - 60,
    daysSeen: 10,
    lagSeconds: 120,
    regions: ['US-West'],
    ...change,
  };
}

const names = (exporters: ExporterFacts[]) => exporters.map((each) => each.exporter);

describe('expected is', () => {
  test('who is configured, or was seen on three days, until retired', () => {
    const all = [
      exporter('seen', { daysSeen: 3 }),
      exporter('new', { daysSeen: 2 }),
      exporter('configured', { configured: true, daysSeen: 1 }),
      exporter('never', { configured: true, firstSeen: null, daysSeen: 0 }),
      exporter('retired', { configured: true, retired: true }),
    ];
    expect(names(expectedExporters(all))).toEqual(['seen', 'configured', 'never']);
  });

  test('also who is retired by now, when it comes to the time before', () => {
    const all = [
      exporter('new', { daysSeen: 2 }),
      exporter('retired', { configured: true, retired: true, expectedUntil: NOW - DAY }),
      exporter('leaving', { configured: true, expectedUntil: NOW + DAY }),
    ];
    expect(names(expectedExporters(all))).toEqual(['leaving']);
    expect(names(onceExpectedExporters(all))).toEqual(['retired', 'leaving']);
  });

  test('everybody seen, where that leaves nobody who ever sent', () => {
    const all = [
      exporter('new', { daysSeen: 1 }),
      exporter('never', { configured: true, firstSeen: null, lastReceived: null, daysSeen: 0 }),
    ];
    expect(names(expectedExporters(all))).toEqual(['new']);
  });
});

describe('the watermark', () => {
  test('is the least of last receive time minus lag, on five minutes', () => {
    const all = [exporter('a'), exporter('b', { lastReceived: NOW - 1_000, lagSeconds: 77 })];
    expect(watermarkOf(all, NOW)).toBe(Math.floor((NOW - 1_077) / 300) * 300);
  });

  test('is not held back by one silent for a day, nor by one that never sent', () => {
    const all = [
      exporter('a', { lastReceived: NOW - 60, lagSeconds: 0 }),
      exporter('silent', { lastReceived: NOW - DAY - 1 }),
      exporter('never', { lastReceived: null }),
    ];
    expect(watermarkOf(all, NOW)).toBe(Math.floor((NOW - 60) / 300) * 300);
  });

  test('is now where everybody is silent, and none where nothing ever came', () => {
    expect(watermarkOf([exporter('a', { lastReceived: NOW - 3 * DAY })], NOW)).toBe(
      Math.floor(NOW / 300) * 300,
    );
    expect(watermarkOf([], NOW)).toBeNull();
  });
});

describe('coverage', () => {
  const range = { from: 0, to: 3_600 };
  const exporters = [
    {
      exporter: 'a',
      since: 0,
      until: null,
      covered: [
        { from: -600, to: 1_200 },
        { from: 1_800, to: 4_000 },
      ],
    },
    { exporter: 'b', since: 1_500, until: null, covered: [{ from: 1_500, to: 2_700 }] },
  ];

  test('is the share of expected exporter-slots before the watermark; nobody is missing before he first sent', () => {
    const { share, any } = coverageOf(exporters, range, 3_000, 3_400);
    // a: 1200 + 1200 of 3000, b: 1200 of 1500
    expect(share).toBeCloseTo(3_600 / 4_500, 12);
    expect(any).toEqual([
      { from: 0, to: 1_200 },
      { from: 1_500, to: 3_600 },
    ]);
  });

  test('after its last day an exporter is neither missing nor covering; before it, it is both', () => {
    const [a, b] = exporters as [(typeof exporters)[0], (typeof exporters)[0]];
    // a until 900: covered 900 of 900. b: 1200 of 1500, as before.
    const { share, any, all } = coverageOf([{ ...a, until: 900 }, b], range, 3_000, 3_400);
    expect(share).toBeCloseTo(2_100 / 2_400, 12);
    expect(any).toEqual([
      { from: 0, to: 900 },
      { from: 1_500, to: 2_700 },
    ]);
    expect(all).toEqual([{ from: 0, to: 2_700 }]);
    // Gone before the range begins: nothing is expected of it.
    expect(coverageOf([{ ...a, until: 0 }], range, 3_000, 3_400).share).toBeNull();
  });

  test('of buckets: covered before the watermark, drawn until now, with a reason for each doubt', () => {
    const { coveredSeconds, seconds, flags } = bucketCoverage(
      coverageOf(exporters, range, 3_000, 3_400),
      [0, 900, 1_200, 1_800, 2_700, 3_300],
      3_900,
    );
    const { partial, provisional, uncovered } = BUCKET_FLAGS;
    expect(coveredSeconds).toEqual([900, 300, 300, 900, 300, 0]);
    expect(seconds).toEqual([900, 300, 300, 900, 600, 100]);
    expect(flags).toEqual([0, 0, partial, 0, partial | provisional, partial | provisional]);
    expect(bucketCoverage(coverageOf([], range, 3_000, 3_400), [0], 3_600).flags).toEqual([
      provisional | uncovered,
    ]);
  });

  test('of a range that lies ahead is nothing, and not a zero', () => {
    const ahead = { from: 7_200, to: 7_500 };
    const result = bucketCoverage(coverageOf(exporters, ahead, 3_000, 3_400), [7_200], 7_500);
    expect(result.seconds).toEqual([0]);
    expect(result.flags[0]).toBe(BUCKET_FLAGS.provisional | BUCKET_FLAGS.uncovered | BUCKET_FLAGS.future);
    expect(coverageOf(exporters, ahead, 3_000, 3_400).share).toBeNull();
    expect(coveredIntervals(coverageOf(exporters, ahead, 3_000, 3_400))).toEqual([]);
  });
});

const ranges = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: -3, max: 40 }))
    .map(([from, length]) => ({ from, to: from + length })),
  { maxLength: 12 },
);

test('a union holds exactly the instants of its ranges, sorted and apart', () => {
  fc.assert(
    fc.property(ranges, (all) => {
      const union = unionOf(all);
      for (let t = 0; t < 350; t += 1) {
        const holds = ({ from, to }: { from: number; to: number }) => from <= t && t < to;
        expect(union.some(holds)).toBe(all.some(holds));
      }
      union.forEach((range, i) => {
        expect(range.from).toBeLessThan(range.to);
        const next = union[i + 1];
        if (next) expect(next.from).toBeGreaterThan(range.to);
      });
    }),
  );
});

test('seconds by bucket add up to the seconds inside all buckets', () => {
  fc.assert(
    fc.property(
      ranges,
      fc.uniqueArray(fc.integer({ min: 0, max: 320 }), { minLength: 1, maxLength: 20 }),
      (all, edges) => {
        const starts = [...edges].sort((a, b) => a - b);
        const union = unionOf(all);
        const seconds = secondsByBucket(union, starts, 330);
        expect(seconds.reduce((a, b) => a + b, 0)).toBe(
          secondsOf(within(union, { from: starts[0] ?? 0, to: 330 })),
        );
        seconds.forEach((value, i) => {
          expect(value).toBe(secondsOf(within(union, { from: starts[i] ?? 0, to: starts[i + 1] ?? 330 })));
        });
      },
    ),
  );
});

test('the 95th percentile is number ceil(0.95 N): of 20 the 19th', () => {
  expect([1, 2, 19, 20, 21, 40, 100, 288, 26_496].map(rankOfP95)).toEqual([
    1, 2, 19, 19, 20, 38, 95, 274, 25_172,
  ]);
  expect(p95Of(Array.from({ length: 20 }, (_, i) => i + 1))).toBe(19);
  expect(p95Of([])).toBeNull();
});
