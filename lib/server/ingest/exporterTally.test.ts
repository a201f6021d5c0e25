import { expect, test } from 'vitest';
import { QUALITY_FLAGS } from '@/lib/flows/qualityFlags';
import { exporterSettings } from './exporterSettings';
import { ExporterTally } from './exporterTally';
import { judgeBatch } from './judgeBatch';
import { RecentKeys } from './recentKeys';
import type { FlowRecord, ParsedRecord } from './record';
import { flowRecord, parsed } from './testing/records';

const HOUR = Date.UTC(2026, 10, 22, 10);
let port = 0;
const record = (change: Partial<FlowRecord>) =>
  flowRecord({ tsRecvMs: HOUR, exportVersion: 'netflow9', sequence: 7, srcPort: port++, ...change });

test('what became of records is counted by exporter, domain, version, format and hour of receipt', () => {
  const tally = new ExporterTally();
  tally.count(record({}), 'accepted');
  tally.count(record({ qualityFlags: QUALITY_FLAGS.tooLong }), 'accepted');
  tally.count(record({}), 'duplicates');
  tally.count(record({}), 'rejected');
  tally.count(record({ tsRecvMs: HOUR + 3_599_999, sequence: 8 }), 'accepted');
  for (const change of [
    { tsRecvMs: HOUR - 1 },
    { exporter: '192.0.2.2' },
    { obsDomain: 5 },
    { exportVersion: 'ipfix' as const },
    { sourceFormat: 'other' },
  ]) {
    tally.count(record(change), 'accepted');
  }
  const rows = tally.rows();
  expect(rows.map(({ accepted }) => accepted)).toEqual([3, 1, 1, 1, 1, 1]);
  expect(rows[0]).toEqual({
    hourMs: HOUR,
    exporter: '192.0.2.1',
    sourceFormat: 'test',
    exportVersion: 'netflow9',
    obsDomain: 0,
    accepted: 3,
    duplicates: 1,
    rejected: 1,
    flagged: 1,
    numbered: 4,
    stretches: [{ from: HOUR, to: HOUR + 3_599_999, first: 7, span: 2, received: 2 }],
    parallel: false,
    tooMany: false,
  });
  expect(rows[1]?.hourMs).toBe(HOUR - 3_600_000);
});

test('a number without a version, or without a time of receipt, says nothing', () => {
  const tally = new ExporterTally();
  tally.count(record({ exportVersion: 'unknown' }), 'accepted');
  tally.count(record({ exporter: 'b', qualityFlags: QUALITY_FLAGS.noReceiveTime }), 'accepted');
  tally.count(record({ exporter: 'c', sequence: null }), 'accepted');
  expect(tally.rows().map(({ numbered, stretches }) => [numbered, stretches])).toEqual([
    [1, []],
    [0, []],
    [0, []],
  ]);
});

test('a batch that is judged counts each of its records, the rejected ones in their packet too', () => {
  const ipfix = (sequence: number, change: Partial<FlowRecord> = {}) =>
    parsed(record({ exportVersion: 'ipfix', sequence, ...change }));
  const twice = ipfix(100);
  // Packets of 2, 3 and 1 records from 100, 102 and 107: 105 and 106 did not come. One of the second is rejected.
  const records: ParsedRecord[] = [
    twice,
    ipfix(100),
    ipfix(102),
    {
      ok: false,
      reason: 'not_a_flow',
      detail: '',
      raw: '',
      sentIn: record({ exportVersion: 'ipfix', sequence: 102 }),
    },
    ipfix(102),
    { ok: false, reason: 'malformed', detail: '', raw: '{' },
    twice,
    ipfix(107),
  ];
  const judged = judgeBatch(
    { id: 'id', key: 1n, offset: 0, records, known: null },
    new RecentKeys(),
    exporterSettings(new Map(), []),
    1_700_000_000,
  );
  expect(judged.exporters).toHaveLength(1);
  expect(judged.exporters[0]).toMatchObject({
    accepted: 5,
    duplicates: 1,
    rejected: 1,
    numbered: 6,
    stretches: [{ first: 100, span: 8, received: 6 }],
  });
});
