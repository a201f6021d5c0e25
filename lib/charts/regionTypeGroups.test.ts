import { describe, expect, it } from 'vitest';
import type { HeatmapCell, HeatmapRows } from '@/lib/flows/contracts/regionTypeHeatmap';
import { prepareGroupHeatmap } from './prepareGroupHeatmap';
import { type RegionTypeMeasure, regionTypeGroups } from './regionTypeGroups';

const cell = (volume: string, more: Partial<HeatmapCell> = {}): HeatmapCell => ({
  volume,
  share: 0.5,
  traffic: 80,
  uniques: 10,
  uniquesPlusMinus: 1,
  magnitude: 12,
  sampledPackets: '9999',
  fewPackets: false,
  ...more,
});
const rows: HeatmapRows = {
  regions: ['CA-East', 'EU-Central'],
  types: ['CDN', 'Neocloud', 'Unclassified'],
  cells: [
    [cell('1152921504606846976'), cell('115292150460684697'), cell('0')],
    [cell('1152921504606846'), null, cell('11529215046068', { fewPackets: true })],
  ],
  regionTotals: [cell('1'), cell('2')],
  typeTotals: [cell('1'), cell('2'), cell('3')],
  total: cell('6'),
  uniquesFrom: 0,
  uniquesTo: 3600,
};

function drawn(
  of: HeatmapRows,
  options: { measure: RegionTypeMeasure; scale: 'linear' | 'log'; unit: 'bits' | 'bytes' },
) {
  return prepareGroupHeatmap(regionTypeGroups(of, options.measure), { ...options, delta: false });
}

describe('the heatmap of the Overview', () => {
  it('has types as rows in stack order and regions as columns, each total beside its own', () => {
    const shuffled = { ...rows, types: ['Unclassified', 'CDN', 'ISP Regional'] };
    const model = drawn(shuffled, { measure: 'volume', scale: 'linear', unit: 'bytes' });
    expect(model.rows.map(({ key }) => key)).toEqual(['ISP Regional', 'CDN', 'Unclassified']);
    expect(model.columns.map(({ key }) => key)).toEqual(['CA-East', 'EU-Central']);
    expect(model.rowTotals.map(({ exact }) => exact)).toEqual(['3', '2', '1']);
    expect(model.columnTotals.map(({ exact }) => exact)).toEqual(['1', '2']);
    expect(model.cells[2]?.map(({ exact }) => exact)).toEqual(['1152921504606846976', '1152921504606846']);
  });

  it('keeps every digit of a volume beyond 2^53', () => {
    const bytes = drawn(rows, { measure: 'volume', scale: 'linear', unit: 'bytes' });
    expect(bytes.cells[0]?.[0]?.exact).toBe('1152921504606846976');
    const bits = drawn(rows, { measure: 'volume', scale: 'linear', unit: 'bits' });
    expect(bits.cells[0]?.[0]?.exact).toBe('9223372036854775808');
  });

  it('no cell and zero have no color, and only no cell has no value', () => {
    const model = drawn(rows, { measure: 'volume', scale: 'log', unit: 'bytes' });
    expect(model.cells[1]?.[1]).toMatchObject({ value: null, tone: null, exact: '' });
    expect(model.cells[2]?.[0]).toMatchObject({ value: 0, tone: null, exact: '0' });
  });

  it('linear tones are proportional, log tones run between the ends of the data', () => {
    const linear = drawn(rows, { measure: 'volume', scale: 'linear', unit: 'bytes' });
    expect(linear.cells[1]?.[0]?.tone).toBeCloseTo(0.1, 6);
    const log = drawn(rows, { measure: 'volume', scale: 'log', unit: 'bytes' });
    expect(log.cells[0]?.[0]?.tone).toBe(1);
    expect(log.cells[0]?.[1]?.tone).toBeCloseTo(0.4, 2);
    expect(log.cells[2]?.[1]?.tone).toBe(0);
  });

  it('a region with nothing of the measure is left out; with nothing anywhere, all stay', () => {
    const quiet = {
      ...rows,
      cells: [rows.cells[0] ?? [], [cell('0'), null, null]],
      regionTotals: [cell('1'), cell('0')],
    };
    const by = (measure: 'volume' | 'uniqueness') =>
      drawn(quiet, { measure, scale: 'linear', unit: 'bits' }).columns.map(({ key }) => key);
    expect(by('volume')).toEqual(['CA-East']);
    expect(by('uniqueness')).toEqual(['CA-East', 'EU-Central']);
    const none = {
      ...rows,
      cells: [
        [null, null, null],
        [cell('0'), null, null],
      ],
      regionTotals: [cell('0'), cell('0')],
    };
    expect(drawn(none, { measure: 'volume', scale: 'log', unit: 'bits' }).columns).toHaveLength(2);
  });

  it('counts the cells whose data is thin', () => {
    expect(drawn(rows, { measure: 'traffic', scale: 'linear', unit: 'bits' }).thinCells).toBe(1);
  });
});
