import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestClickHouse, type TestClickHouse } from '@/clickhouse/testing/testEngine';
import { coverageCalendar } from '@/lib/flows/contracts/coverageCalendar';
import { dataStatus } from '@/lib/flows/contracts/dataStatus';
import { doubleCounting } from '@/lib/flows/contracts/doubleCounting';
import { exporterQuality } from '@/lib/flows/contracts/exporterQuality';
import { headline } from '@/lib/flows/contracts/headline';
import { importLedger } from '@/lib/flows/contracts/importLedger';
import { lateData } from '@/lib/flows/contracts/lateData';
import { regionTypeHeatmap } from '@/lib/flows/contracts/regionTypeHeatmap';
import { rejectedRecords } from '@/lib/flows/contracts/rejectedRecords';
import { storedTables } from '@/lib/flows/contracts/storedTables';
import { BUCKET_FLAGS, trafficOverTime } from '@/lib/flows/contracts/trafficOverTime';
import { unclassifiedSources } from '@/lib/flows/contracts/unclassifiedSources';
import { DEFAULT_SCOPE, type Scope } from '@/lib/flows/scope';
import { closeReader } from '@/lib/server/clickhouse/client';
import { answerCoverageCalendar } from './coverageCalendar';
import { answerDataStatus } from './dataStatus';
import { answerDoubleCounting } from './doubleCounting';
import { answerExporterQuality } from './exporterQuality';
import { answerHeadline } from './headline';
import { answerImportLedger } from './importLedger';
import { answerLateData } from './lateData';
import { answerRegionTypeHeatmap } from './regionTypeHeatmap';
import { answerRejectedRecords } from './rejectedRecords';
import { answerStoredTables } from './storedTables';
import { testContext, useEngine } from './testing/useEngine';
import { answerTrafficOverTime } from './trafficOverTime';
import { answerUnclassifiedSources } from './unclassifiedSources';

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

test('before the first record, questions about the data answer that there is none', async () => {
  const asked = { scope: DEFAULT_SCOPE, options: {} };
  const quality = exporterQuality.answer.parse(await answerExporterQuality(asked, testContext()));
  expect(quality.rows).toMatchObject({ exporters: [], storedRecords: '0', notCountedRecords: '0' });
  const calendar = coverageCalendar.answer.parse(await answerCoverageCalendar(asked, testContext()));
  expect(calendar.rows.exporters).toEqual([]);
  expect(calendar.rows.total.expectedSeconds.every((seconds) => seconds === 0)).toBe(true);
  const late = lateData.answer.parse(await answerLateData(asked, testContext()));
  expect(late.rows).toMatchObject({ watermark: null, lagSeconds: null, heldBackBy: null, knownRecords: '0' });
  const ledger = importLedger.answer.parse(await answerImportLedger(asked, testContext()));
  expect(ledger.rows).toMatchObject({ batches: 0, records: '0', newest: [], sources: [] });
  const rejected = rejectedRecords.answer.parse(await answerRejectedRecords(asked, testContext()));
  expect(rejected.rows).toEqual({ records: '0', reasons: [] });
  const unclassified = unclassifiedSources.answer.parse(
    await answerUnclassifiedSources(asked, testContext()),
  );
  expect(unclassified.rows).toMatchObject({ bytes: '0', asns: [], prefixes: [] });
  const double = doubleCounting.answer.parse(await answerDoubleCounting(asked, testContext()));
  expect(double.rows).toMatchObject({ doubleShare: 0, exporters: [] });
  const tables = storedTables.answer.parse(await answerStoredTables(asked, testContext()));
  expect(tables.rows.references.every(({ version }) => version === 0)).toBe(true);
});
