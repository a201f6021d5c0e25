import { describe, expect, test } from 'vitest';
import type { ExporterQuality } from '@/lib/flows/contracts/exporterQuality';
import { prepareDoubts } from './prepareExporters';
import type { Cell } from './tableModel';

const EXPORTER: ExporterQuality = {
  exporter: '192.0.2.3',
  name: 'edge3',
  regions: [],
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
  lag: null,
  flags: [],
  implausibleRecords: '0',
  formats: [{ format: 'goflow2-json', records: '1000' }],
  unknownBoundaryShare: 0,
  receipts: null,
  loss: null,
  coverage: 1,
};

const LOSS: NonNullable<ExporterQuality['loss']> = {
  share: 0.004,
  missing: '8',
  expected: '2000',
  atMost: true,
  restarts: 0,
  unknown: null,
  knownCounts: 1,
  counts: 1,
};

function cell(column: string, change: Partial<ExporterQuality>): Cell | undefined {
  const rows = { exporters: [{ ...EXPORTER, ...change }] };
  const sums = { storedRecords: '0', checkedRecords: '0', notCountedRecords: '0', notCountedBytes: '0' };
  const model = prepareDoubts({ ...rows, ...sums }, null);
  return model.rows[0]?.cells[model.columns.findIndex(({ key }) => key === column)];
}

describe('duplicates', () => {
  test('are records left out, of all that were received', () => {
    const receipts = { accepted: '970', duplicates: '20', rejected: '10', flagged: '0' };
    expect(cell('duplicates', { receipts })).toEqual({
      text: '20',
      exact: '20',
      title: '20 of 1,000 records received, 2.0\u2009%',
      tone: 'warn',
    });
  });

  test('are not known, and not zero, where nothing was counted', () => {
    expect(cell('duplicates', {})).toMatchObject({ text: 'not known', exact: 'not known' });
    expect(cell('duplicates', { formats: [] })?.text).toBe('–');
  });
});

describe('export loss', () => {
  test('is a bound where templates have numbers too, and exact where they have none', () => {
    expect(cell('loss', { loss: LOSS })).toMatchObject({
      text: '≤\u20090.4\u2009%',
      exact: '0.004',
      tone: 'warn',
      title:
        '8 of 2,000 packets or records are missing from the sequence; at most: templates, options or counters may be among them',
    });
    expect(cell('loss', { loss: { ...LOSS, atMost: false } })?.text).toBe('0.4\u2009%');
    expect(cell('loss', { loss: { ...LOSS, share: 0.02 } })?.tone).toBe('bad');
    expect(cell('loss', { loss: { ...LOSS, share: 0, missing: '0' } })).toMatchObject({
      text: '0\u2009%',
      tone: 'muted',
    });
  });

  test('says how often the count began anew, and of how many counts it is known', () => {
    expect(cell('loss', { loss: { ...LOSS, restarts: 2, counts: 3 } })?.title).toMatch(
      /the count began anew 2 times; known of 1 of 3 counts$/,
    );
  });

  test('says why it is not known', () => {
    const unknown = (reason: 'noNumbers' | 'mostlyMissing') =>
      cell('loss', { loss: { ...LOSS, share: null, unknown: reason } });
    expect(unknown('noNumbers')).toMatchObject({
      text: 'not known',
      title: 'its records carry no sequence number with a time of receipt',
      tone: 'muted',
    });
    expect(unknown('mostlyMissing')?.tone).toBe('warn');
  });
});
