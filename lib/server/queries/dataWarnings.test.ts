import { expect, test } from 'vitest';
import type { DataStatusRows, ExporterStatus } from '@/lib/flows/contracts/dataStatus';
import { warningsOf } from './dataWarnings';

function exporter(name: string, change: Partial<ExporterStatus>): ExporterStatus {
  return {
    exporter: name,
    name,
    regions: [],
    configured: false,
    expected: false,
    firstSeen: 0,
    lastSeen: 0,
    lastReceived: 0,
    silent: false,
    lagSeconds: 0,
    flowRecords: '0',
    unknownRateShare: 0,
    coverage: null,
    ...change,
  };
}

function unnamedIn(exporters: ExporterStatus[]): (string | undefined)[] {
  const status: Omit<DataStatusRows, 'warnings'> = {
    empty: false,
    firstData: 0,
    lastData: 0,
    watermark: 0,
    now: 0,
    exporters,
    unknownRateShare: 0,
    bytesByDirection: { ingress: '0', egress: '0', internal: '0', transit: '0' },
    transitShare: 0,
    unclassifiedShare: 0,
    notCounted: null,
    rejected: [],
    geoReady: true,
    taxonomyVersion: 1,
    geoVersion: 1,
    proposedPrefixes: [],
  };
  return warningsOf(status).flatMap(({ code, message }) => (code === 'unnamed' ? [message] : []));
}

const edge = exporter('edge', { configured: true, expected: true, flowRecords: '7' });

test('who sent flows of the range and does not stand in the network file is named, most records first', () => {
  expect(unnamedIn([edge, exporter('192.0.2.1', { flowRecords: '5' })])).toEqual([
    '1 exporter that is not in network.yaml sent flows: 192.0.2.1.',
  ]);
  // The last sent nothing in the range; counts are beyond what a float tells apart.
  const many = [
    exporter('a', { flowRecords: '9007199254740993' }),
    exporter('b', { flowRecords: '9007199254740995' }),
    exporter('c', { flowRecords: '1', expected: true }),
    exporter('d', { flowRecords: '2' }),
    exporter('e', {}),
  ];
  expect(unnamedIn([edge, ...many])).toEqual([
    '4 exporters that are not in network.yaml sent flows: b, a, d and 1 more.',
  ]);
});

test('nobody is named where all that sent are expected all the same, or nobody sent', () => {
  expect(unnamedIn([exporter('first', { expected: true, flowRecords: '5' })])).toEqual([]);
  expect(unnamedIn([edge, exporter('away', {})])).toEqual([]);
});
