import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { dataStatus } from '@/lib/flows/contracts/dataStatus';
import { headline } from '@/lib/flows/contracts/headline';
import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { BUCKET_FLAGS, trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { DEFAULT_SCOPE, type Scope } from '@/lib/flows/scope';
import { closeReader } from '@/lib/server/clickhouse/client';
import { answerDataStatus } from './dataStatus';
import { answerHeadline } from './headline';
import { answerRegionTypeHeatmap } from './regionTypeHeatmap';
import { testContext, useEngine } from './testing/useEngine';
import { answerTrafficOverTime } from './trafficOverTime';

let engine: TestClickHouse;

beforeAll(async () => {
  engine = await startTestClickHouse();
  await useEngine(engine.target);
});

afterAll(async () => {
  await closeReader();
  await engine?.stop();
});

const SCOPES: [string, Scope][] = [
  ['a day', DEFAULT_SCOPE],
  ['an hour', { ...DEFAULT_SCOPE, range: { kind: 'preset', preset: '1h' } }],
  ['the first days of all time', { ...DEFAULT_SCOPE, range: { kind: 'absolute', from: 0, to: 300_000 } }],
];

test.each(SCOPES)(
  'before the first record, %s is a gap and says so, not a zero and not an error',
  async (_, scope) => {
    const drawn = trafficOverTime.answer.parse(
      await answerTrafficOverTime({ scope, options: { mirror: true } }, testContext()),
    );
    expect(drawn.rows.seconds.every((seconds) => seconds === 0)).toBe(true);
    expect(drawn.rows.flags.every((flags) => (flags & BUCKET_FLAGS.uncovered) !== 0)).toBe(true);
    expect(drawn.rows.totals.map(({ statistics }) => statistics)).toEqual(
      Array.from({ length: 2 }, () => ({
        last: null,
        mean: null,
        p95: null,
        max: null,
        total: '0',
        share: 0,
      })),
    );
    expect(drawn.meta).toMatchObject({
      complete: false,
      watermark: null,
      coverage: null,
      provisionalFrom: null,
    });

    const figures = headline.answer.parse(await answerHeadline({ scope, options: {} }, testContext()));
    expect(figures.rows).toMatchObject({
      current: { volume: '0', meanRate: null, p95: null, uniques: 0, magnitude: null },
      previous: null,
      previousMissing: 'no_data',
    });

    const heatmap = regionTypeHeatmap.answer.parse(
      await answerRegionTypeHeatmap({ scope, options: {} }, testContext()),
    );
    expect(heatmap.rows).toMatchObject({
      regions: [],
      types: [],
      cells: [],
      total: { volume: '0', share: 0 },
    });

    const status = dataStatus.answer.parse(await answerDataStatus({ scope, options: {} }, testContext()));
    expect(status.rows).toMatchObject({
      empty: true,
      firstData: null,
      lastData: null,
      watermark: null,
      exporters: [],
      warnings: [],
    });
  },
);
