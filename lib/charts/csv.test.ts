import { describe, expect, it } from 'vitest';
import type { TrafficColumns } from '@/lib/flows/contracts/trafficOverTime';
import { BUCKET_FLAGS } from '@/lib/flows/coverage';
import { trafficCsv } from './csv';

const statistics = { last: null, mean: null, p95: null, max: null, total: '0', share: 0 };
const rows: TrafficColumns = {
  buckets: [1_793_455_200, 1_793_455_500],
  end: 1_793_455_800,
  coveredSeconds: [300, 0],
  seconds: [300, 0],
  flags: [0, BUCKET_FLAGS.uncovered],
  series: [{ key: 'CDN', direction: 'both', bytes: ['1152921504606846977', '0'], statistics }],
  totals: [{ key: 'Total, all', direction: 'both', bytes: ['1152921504606846977', '0'], statistics }],
};
const text = trafficCsv(
  rows,
  { zone: 'Asia/Kathmandu' },
  { title: 'Where does traffic go?', lines: ['two\nlines'] },
);

describe('trafficCsv', () => {
  it('carries 2^60 + 1 bytes without losing a digit', () => {
    expect(text).toContain('whole,1152921504606846977,1152921504606846977');
  });

  it('gives the rate in whole bits a second, by the divisor that the line names', () => {
    // 1152921504606846977 x 8 / 300 = 30744573456182586.05
    expect(text).toContain('1152921504606846977,30744573456182586,30744573456182586');
    const behind = trafficCsv(
      { ...rows, coveredSeconds: [300, 0], seconds: [300, 120], flags: [0, BUCKET_FLAGS.provisional] },
      { zone: 'UTC' },
      { title: 't', lines: [] },
    );
    expect(behind.trimEnd().split('\r\n').at(-1)).toContain(',0,120,provisional,0,0,0,0');
  });

  it('leaves uncovered buckets empty instead of writing zero', () => {
    expect(text.trimEnd().split('\r\n').at(-1)).toBe(
      '2026-10-31T14:05:00Z,2026-10-31 19:50,0,0,uncovered,,,,',
    );
  });

  it('says what stands below, and quotes what must be quoted', () => {
    const lines = text.split('\r\n');
    expect(lines.slice(0, 2)).toEqual(['# Where does traffic go?', '# two lines']);
    expect(lines[2]).toContain('"Total, all both bytes"');
  });
});
