import { describe, expect, test } from 'vitest';
import type { DataStatusRows } from '@/lib/flows/contracts/dataStatus';
import type { DoubleCountingRows } from '@/lib/flows/contracts/doubleCounting';
import type { ExporterQuality, ExporterQualityRows } from '@/lib/flows/contracts/exporterQuality';
import type { ImportLedgerRows } from '@/lib/flows/contracts/importLedger';
import type { LateDataRows } from '@/lib/flows/contracts/lateData';
import { prepareVerdict, type Verdict, type VerdictInputs } from './prepareVerdict';

const exporter = (change: Partial<ExporterQuality>): ExporterQuality => ({
  exporter: '192.0.2.3',
  name: 'edge3',
  regions: ['US-West'],
  configured: true,
  expected: true,
  retired: false,
  silent: false,
  lastReceived: 1_000,
  recordsPerSecondNow: 1,
  recordsPerSecond: 1,
  flowRecords: '1000',
  unknownRateRecords: '0',
  unknownRateShare: 0,
  records: '1000',
  notCountedRecords: '0',
  notCountedBytes: '0',
  configuredRate: null,
  rates: [],
  lag: { records: '1000', median: 20, p99: 60 },
  flags: [],
  implausibleRecords: '0',
  formats: [],
  unknownBoundaryShare: 0,
  receipts: null,
  loss: null,
  coverage: 1,
  ...change,
});

const statesOf = ({ checks }: Verdict) => checks.map(({ state }) => state);

const quality = (...exporters: ExporterQuality[]): ExporterQualityRows => ({
  exporters,
  storedRecords: '1000',
  checkedRecords: '1000',
  notCountedRecords: '0',
  notCountedBytes: '0',
});

const status = {
  empty: false,
  exporters: [{ flowRecords: '1000' }],
  transitShare: 0,
  proposedPrefixes: [],
  rejected: [],
  unclassifiedShare: 0,
  geoReady: true,
} as unknown as DataStatusRows;

const right: VerdictInputs = {
  status,
  quality: quality(exporter({})),
  double: { doubleShare: 0, exporters: [] } as unknown as DoubleCountingRows,
  late: {
    lateRecords: '0',
    knownRecords: '1000',
    heldBackBy: null,
    lagSeconds: 60,
  } as unknown as LateDataRows,
  ledger: { inDoubt: 0, lost: 0 } as unknown as ImportLedgerRows,
};

const texts = (inputs: Partial<VerdictInputs>) =>
  prepareVerdict({ ...right, ...inputs }).findings.map(({ text }) => text);

describe('the verdict', () => {
  test('says that nothing is wrong where nothing is, and what was looked at', () => {
    const verdict = prepareVerdict(right);
    expect(verdict).toMatchObject({ findings: [], pending: false });
    expect(statesOf(verdict)).toEqual(Array(5).fill('checked'));
  });

  test('says that there is nothing to judge where no record begins in the range', () => {
    const none = { ...quality(), storedRecords: '0', checkedRecords: '0' };
    expect(prepareVerdict({ ...right, quality: none }).nothing).toBe(true);
    expect(prepareVerdict(right).nothing).toBe(false);
    expect(prepareVerdict({ ...right, quality: undefined }).nothing).toBe(false);
  });

  test('does not say so while an answer is under way, nor where one failed', () => {
    const waiting = prepareVerdict({ ...right, late: undefined });
    expect(waiting.pending).toBe(true);
    expect(statesOf(waiting)).toEqual(['checked', 'checked', 'checked', 'pending', 'checked']);
    const failed = prepareVerdict({ ...right, ledger: null });
    expect(failed.pending).toBe(false);
    expect(failed.checks.filter(({ state }) => state !== 'checked')).toEqual([
      { text: 'batches in doubt', state: 'failed' },
    ]);
  });

  test('names the exporter whose sampling rate is unknown, with the share and the line that mends it', () => {
    const { findings } = prepareVerdict({ ...right, quality: quality(exporter({ unknownRateShare: 0.31 })) });
    expect(findings).toHaveLength(1);
    expect(findings[0]?.text).toBe(
      '31.0\u2009% of records from edge3 have no sampling rate: they are left out of every scaled total. Set it.',
    );
    expect(findings[0]?.fix).toContain('`sampling_rate: N` under `address: 192.0.2.3`');
    expect(findings[0]?.fix).toContain('`npm run reference -- load`');
  });

  test('puts the most harmful first: what is lost, then by the share of the data', () => {
    const keys = prepareVerdict({
      ...right,
      ledger: { inDoubt: 1, lost: 0 } as unknown as ImportLedgerRows,
      status: { ...status, transitShare: 0.9, unclassifiedShare: 0.2 },
      quality: quality(
        exporter({ unknownRateShare: 0.5, flowRecords: '600' }),
        exporter({ exporter: 'b', name: 'b', flowRecords: '400', unknownRateShare: 1 }),
      ),
    }).findings.map(({ key }) => key);
    // 0.9 of the bytes, 400 of 1,000 records, 300 of 1,000 records, a quarter of 0.2.
    expect(keys).toEqual(['in_doubt', 'transit', 'rate b', 'rate 192.0.2.3', 'unclassified']);
  });

  test('tells a silent exporter from one that never came and from gaps', () => {
    expect(texts({ quality: quality(exporter({ silent: true, coverage: 0.1 })) })).toEqual([
      'No flows from edge3 since 1970-01-01 00:16 UTC.',
    ]);
    expect(texts({ quality: quality(exporter({ lastReceived: null, coverage: 0, lag: null })) })).toEqual([
      'Nothing has ever come from edge3.',
    ]);
    expect(texts({ quality: quality(exporter({ coverage: 0.9 })) })).toEqual([
      '10.0\u2009% of the time nothing came from edge3: totals of these hours are too low.',
    ]);
    // Retired: nothing is expected of it.
    expect(
      texts({ quality: quality(exporter({ expected: false, retired: true, silent: true, coverage: null })) }),
    ).toEqual([]);
  });

  test('says what never came, from one percent on', () => {
    const loss = (missing: number, atMost: boolean) => ({
      share: missing / 1_000,
      missing: String(missing),
      expected: '1000',
      atMost,
      restarts: 0,
      unknown: null,
      knownCounts: 1,
      counts: 1,
    });
    expect(texts({ quality: quality(exporter({ loss: loss(25, true) })) })).toEqual([
      'Up to 2.5\u2009% of what edge3 exported never came: its totals are too low.',
    ]);
    expect(texts({ quality: quality(exporter({ loss: loss(11, false) })) })).toEqual([
      '1.1\u2009% of what edge3 exported never came: its totals are too low.',
    ]);
    expect(texts({ quality: quality(exporter({ loss: loss(10, false) })) })).toEqual([]);
  });

  test('finds clocks that are off, one way and the other', () => {
    const lag = (median: number) => exporter({ lag: { records: '1000', median, p99: median } });
    expect(texts({ quality: quality(lag(28_800)) })[0]).toContain('received 8\u2009h after they end');
    expect(texts({ quality: quality(lag(-28_800)) })[0]).toContain('received 8\u2009h before they end');
    // An active timeout of half an hour is no wrong clock.
    expect(texts({ quality: quality(lag(1_800)) })).toEqual([]);
    const ahead = exporter({ flags: [{ flag: 'endsAfterReceipt', records: '200' }] });
    expect(texts({ quality: quality(ahead) })[0]).toContain('20.0\u2009% of records from edge3 end after');
  });

  test('says where quality is not known of all records yet', () => {
    const rows = { ...quality(exporter({})), checkedRecords: '400' };
    const [finding] = prepareVerdict({ ...right, quality: rows }).findings;
    expect(finding?.text).toContain('400 of 1,000 records');
    expect(finding?.fix).toContain('npm run reconcile');
  });
});
