import { describe, expect, it } from 'vitest';
import { heatNotes } from './heatNotes';
import type { GroupHeatmapModel } from './prepareGroupHeatmap';

const utc = (text: string) => Date.parse(`${text}Z`) / 1000;
const lines = (...labels: string[]) => labels.map((label) => ({ key: label, label }));
const shared = { addressesFrom: null, addressesTo: null, compared: null, comparedMissing: null } as const;

function months(change: Partial<GroupHeatmapModel> = {}): GroupHeatmapModel {
  const cell = {} as GroupHeatmapModel['total'];
  return {
    measure: 'volume',
    quantity: 'bit',
    rowAxis: 'type',
    columnAxis: 'month',
    rows: lines('CDN'),
    columns: lines('Nov 2025', 'Dec 2025', 'Jan 2026'),
    cells: [],
    rowTotals: [],
    columnTotals: [],
    total: cell,
    totalLabel: 'Total',
    isDelta: false,
    ends: null,
    scale: 'linear',
    thinCells: 0,
    shown: [],
    ...change,
  };
}

describe('what stands below a heatmap', () => {
  const cut = { from: utc('2025-11-23T08:00:00'), to: utc('2026-01-23T08:00:00'), zone: 'UTC' };

  it('names the months that the range cuts, of sums', () => {
    expect(heatNotes(months(), shared, cut, false)).toEqual([
      'Only partly in the range, so less than a whole one: Nov 2025 and Jan 2026',
    ]);
    expect(heatNotes(months({ measure: 'traffic' }), shared, cut, false)).toEqual([]);
  });

  it('names none where the range begins and ends with a month of the zone', () => {
    const whole = { from: utc('2025-11-01T00:00:00'), to: utc('2026-02-01T00:00:00'), zone: 'UTC' };
    expect(heatNotes(months(), shared, whole, false)).toEqual([]);
    const elsewhere = { ...whole, zone: 'Asia/Kathmandu' };
    expect(heatNotes(months(), shared, elsewhere, false)).toHaveLength(1);
  });

  it('tells that All is no sum of months, where addresses are counted', () => {
    const whole = { from: utc('2025-11-01T00:00:00'), to: utc('2026-02-01T00:00:00'), zone: 'UTC' };
    const of = (measure: GroupHeatmapModel['measure'], change = {}) =>
      heatNotes(months({ measure, ...change }), shared, whole, false);
    expect(of('magnitude')).toEqual([
      'All: the volume of every month by its addresses, of which one in several months counts once',
    ]);
    expect(of('uniqueness')).toEqual(['All: addresses of every month, each counted once']);
    expect(of('magnitude', { columnAxis: 'metro' })).toEqual([]);
    expect(of('traffic')).toEqual([]);
  });

  it('says that months are whole where addresses are counted, and which is not over', () => {
    const asked = { from: utc('2025-11-24T10:00:00'), to: utc('2026-01-24T10:00:00'), zone: 'UTC' };
    const counted = {
      ...shared,
      addressesFrom: utc('2025-11-01T00:00:00'),
      addressesTo: utc('2026-02-01T00:00:00'),
    };
    expect(heatNotes(months({ measure: 'magnitude' }), counted, asked, false).slice(0, 2)).toEqual([
      'Whole months, volume and addresses: Nov 1, 2025 \u2013 Jan 31, 2026',
      'Jan 2026 so far: it is not over',
    ]);
    const over = { ...asked, to: utc('2026-02-01T00:00:00') };
    expect(heatNotes(months({ measure: 'uniqueness' }), counted, over, false).slice(0, 2)).toEqual([
      'Whole months, also those that the range cuts: Nov 1, 2025 \u2013 Jan 31, 2026',
      'All: addresses of every month, each counted once',
    ]);
  });

  it('names one day once', () => {
    const day = months({ columnAxis: 'day', columns: lines('Sun Nov 23') });
    const hours = { from: utc('2025-11-23T08:00:00'), to: utc('2025-11-23T12:00:00'), zone: 'UTC' };
    expect(heatNotes(day, shared, hours, false)[0]).toMatch(/: Sun Nov 23$/);
  });

  it('tells what is left out, which hours addresses are of, and what is compared', () => {
    const of = {
      ...shared,
      addressesFrom: utc('2026-07-01T00:00:00'),
      addressesTo: utc('2026-10-01T00:00:00'),
      compared: { from: utc('2026-04-01T00:00:00'), to: utc('2026-07-01T00:00:00') },
    };
    const model = months({
      columnAxis: 'metro',
      measure: 'uniqueness',
      shown: [{ by: 'metro', keys: 12, found: 1_480, foundAtLeast: false }],
    });
    const range = { from: utc('2026-07-01T00:00:00'), to: utc('2026-10-01T00:00:00'), zone: 'UTC' };
    expect(heatNotes(model, of, range, true)).toEqual([
      'metro: 12 of 1,480, the rest is Other',
      'Whole hours: Jul 1 – Sep 30, 2026',
      'Compared with: Apr 1 – Jun 30, 2026',
    ]);
  });
});
