import { describe, expect, it } from 'vitest';
import type { GroupRows } from '@/lib/flows/contracts/exploreGroups';
import { groupsSankey } from './groupsSankey';

const figures = (sum: string) => ({
  sum,
  share: 0,
  rate: null,
  p95: null,
  addresses: null,
  plusMinus: null,
  magnitude: null,
  fewPackets: false,
});
const rows = {
  axes: [
    { by: 'type', keys: ['CDN', 'Neocloud'], found: 2 },
    { by: 'asn', keys: ['15169'], found: 40 },
  ],
  cells: [
    { at: [0, 0], now: figures('70'), before: null },
    { at: [0, 1], now: figures('10'), before: null },
    { at: [1, 1], now: figures('20'), before: null },
  ],
  names: [{ dimension: 'asn', key: '15169', name: 'Google LLC' }],
} as unknown as GroupRows;

describe('groupsSankey', () => {
  const model = groupsSankey(rows, String);

  it('has a column for each axis, with what is not named as Other', () => {
    expect(
      model.columns.map(({ label, nodes }) => [label, nodes.map((node) => [node.label, node.text])]),
    ).toEqual([
      [
        'Network type',
        [
          ['CDN', '80'],
          ['Neocloud', '20'],
        ],
      ],
      [
        'ASN',
        [
          ['AS15169 Google LLC', '70'],
          ['Other', '30'],
        ],
      ],
    ]);
  });

  it('loses nothing on the way', () => {
    expect(model.total.value).toBe(100n);
    expect(model.links.map(({ value }) => value)).toEqual([70n, 10n, 20n]);
  });
});
