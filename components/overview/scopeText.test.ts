import { describe, expect, it } from 'vitest';
import type { Meta } from '@/lib/flows/contracts/envelope';
import { termOf } from '@/lib/flows/filter/edit';
import { DEFAULT_SCOPE } from '@/lib/flows/scope';
import { fileName, headLines } from './scopeText';

const meta: Meta = {
  question: 'traffic-over-time',
  requestId: 'r',
  table: 'traffic_5m',
  reason: '',
  bucketSeconds: 300,
  bucket: '5 minutes',
  from: 1_795_262_400,
  to: 1_795_348_800,
  asked: { from: 1_795_262_400, to: 1_795_348_800 },
  widened: null,
  zone: 'UTC',
  complete: false,
  provisionalFrom: 1_795_348_200,
  watermark: 1_795_348_200,
  coverage: 1,
  kept: false,
  elapsedMs: 1,
  rowsRead: 1,
  taxonomyVersion: 3,
  metricsVersion: 1,
  notes: [{ code: 'x', text: 'Sampled.' }],
  statements: [],
};

describe('exported files', () => {
  it('say range, filters, definitions, notes, completeness and source', () => {
    const scope = { ...DEFAULT_SCOPE, filters: [termOf('region', ['US-West'], true)] };
    const lines = headLines(scope, meta, ['A definition.']);
    expect(lines[0]).toContain('[2026-11-21T12:00:00Z, 2026-11-22T12:00:00Z), half-open');
    expect(lines).toContain('Direction: ingress + egress; filter: region != US-West');
    expect(lines).toContain('A definition.');
    expect(lines).toContain('Note: Sampled.');
    expect(lines.join('\n')).toContain('provisional from 2026-11-22T11:50:00Z');
    expect(lines.at(-1)).toContain('traffic_5m; taxonomy 3; metrics 1');
  });

  it('have names that sort by time', () => {
    expect(fileName('traffic-by-type', meta, 'csv')).toBe(
      'weir-traffic-by-type_20261121T1200Z_20261122T1200Z.csv',
    );
  });
});
