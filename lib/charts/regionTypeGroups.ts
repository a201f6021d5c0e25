import type { Figures, GroupRows } from '@/lib/flows/contracts/exploreGroups';
import type { HeatmapCell, HeatmapRows } from '@/lib/flows/contracts/regionTypeHeatmap';

export type RegionTypeMeasure = 'volume' | 'traffic' | 'uniqueness' | 'magnitude';

/**
 * The Overview's answer, which has all of its measures at once, as groups of two axes, so that it is drawn like every other heatmap:
 * types are rows and regions columns, as on the page of heatmaps.
 * @param measure a region without any of it has no column, as long as another one has some
 */
export function regionTypeGroups(rows: HeatmapRows, measure: RegionTypeMeasure): GroupRows {
  // Addresses are of whole hours, so a region may be there whose records lie outside the range: nothing of it is in this measure.
  const hasSome = (r: number) =>
    [rows.regionTotals[r], ...(rows.cells[r] ?? [])].some((cell) => amountOf(cell ?? null, measure) > 0);
  const all = rows.regions.map((_, r) => r);
  const some = all.filter(hasSome);
  const kept = some.length > 0 ? some : all;
  const isOfAddresses = measure === 'uniqueness' || measure === 'magnitude';
  const both = (cell: HeatmapCell | undefined) => ({ now: cell ? figuresOf(cell) : null, before: null });
  return {
    axes: [
      { by: 'type', keys: rows.types, found: rows.types.length, foundAtLeast: false },
      { by: 'region', keys: kept.map((r) => rows.regions[r] ?? ''), found: kept.length, foundAtLeast: false },
    ],
    cells: kept.flatMap((r, column) =>
      (rows.cells[r] ?? []).flatMap((cell, t) =>
        cell === null ? [] : [{ at: [t, column], now: figuresOf(cell), before: null }],
      ),
    ),
    totals: [rows.typeTotals.map(both), kept.map((r) => both(rows.regionTotals[r]))],
    total: { now: figuresOf(rows.total), before: null },
    p95: null,
    names: [],
    addressesFrom: isOfAddresses ? rows.uniquesFrom : null,
    addressesTo: isOfAddresses ? rows.uniquesTo : null,
    compared: null,
    comparedMissing: null,
  };
}

function figuresOf(cell: HeatmapCell): Figures {
  return {
    sum: cell.volume,
    share: cell.share,
    rate: cell.traffic,
    p95: null,
    addresses: cell.uniques,
    plusMinus: cell.uniquesPlusMinus,
    magnitude: cell.magnitude,
    fewPackets: cell.fewPackets,
  };
}

function amountOf(cell: HeatmapCell | null, measure: RegionTypeMeasure): number {
  if (cell === null) return 0;
  if (measure === 'volume') return Number(cell.volume);
  if (measure === 'traffic') return cell.traffic ?? 0;
  return (measure === 'uniqueness' ? cell.uniques : cell.magnitude) ?? 0;
}
