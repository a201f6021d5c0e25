import type { HeatmapCell, HeatmapRows } from '@/lib/flows/contracts/regionTypeHeatmap';
import type { Quantity } from './format';

export type HeatmapMeasure = 'volume' | 'traffic' | 'uniqueness' | 'magnitude';

export interface PreparedCell {
  readonly row: string;
  readonly column: string;
  /** null: nothing was seen there */
  readonly value: number | null;
  /** exact decimal string for tables and CSV; '' where there is no value */
  readonly exact: string;
  /** 0 to 1 along the ramp; null draws no color: no cell, or exactly zero */
  readonly tone: number | null;
  /** too few sampled packets to trust: hatched */
  readonly thin: boolean;
  readonly share: number | null;
  readonly plusMinus: number | null;
}

export interface HeatmapModel {
  readonly measure: HeatmapMeasure;
  readonly quantity: Quantity;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly PreparedCell[])[];
  readonly rowTotals: readonly PreparedCell[];
  readonly columnTotals: readonly PreparedCell[];
  readonly total: PreparedCell;
  /** Least non-zero and greatest value of the cells: the ends of the ramp; null where all is empty. */
  readonly ends: { readonly least: number; readonly most: number } | null;
  /** Uniqueness and magnitude answer for whole hours, which may be wider than the range. */
  readonly uniquesFrom: number;
  readonly uniquesTo: number;
  readonly thinCells: number;
}

export interface HeatmapOptions {
  readonly measure: HeatmapMeasure;
  readonly scale: 'linear' | 'log';
  readonly unit: 'bits' | 'bytes';
}

const TOTAL = 'Total';

/** Region x network type, ready to draw: value, exact text, tone on the ramp, and where data is too thin to trust. */
export function prepareHeatmap(rows: HeatmapRows, options: HeatmapOptions): HeatmapModel {
  const read = (cell: HeatmapCell | null, row: string, column: string): PreparedCell => ({
    row,
    column,
    ...cellValue(cell, options),
    tone: null,
    thin: cell?.fewPackets ?? false,
    share: cell ? cell.share : null,
    plusMinus: cell && options.measure === 'uniqueness' ? cell.uniquesPlusMinus : null,
  });
  const all = rows.regions.map((region, r) => ({
    region,
    total: read(rows.regionTotals[r] ?? null, region, TOTAL),
    cells: rows.types.map((type, t) => read(rows.cells[r]?.[t] ?? null, region, type)),
  }));
  // Addresses are of whole hours, so a region may be there whose records lie outside the range: nothing of it is in this measure.
  const something = all.filter(({ total, cells }) => [total, ...cells].some(({ value }) => value));
  const kept = something.length > 0 ? something : all;
  const plain = kept.map(({ cells }) => cells);
  const values = plain.flat().flatMap((cell) => (cell.value !== null && cell.value > 0 ? [cell.value] : []));
  const ends = values.length > 0 ? { least: Math.min(...values), most: Math.max(...values) } : null;
  const cells = plain.map((row) =>
    row.map((cell) => ({ ...cell, tone: ends ? toneOf(cell.value, ends, options.scale) : null })),
  );
  return {
    measure: options.measure,
    quantity: quantityOf(options),
    rows: kept.map(({ region }) => region),
    columns: rows.types,
    cells,
    rowTotals: kept.map(({ total }) => total),
    columnTotals: rows.types.map((type, t) => read(rows.typeTotals[t] ?? null, TOTAL, type)),
    total: read(rows.total, TOTAL, TOTAL),
    ends,
    uniquesFrom: rows.uniquesFrom,
    uniquesTo: rows.uniquesTo,
    thinCells: cells.flat().filter((cell) => cell.thin).length,
  };
}

function quantityOf({ measure, unit }: HeatmapOptions): Quantity {
  switch (measure) {
    case 'volume':
      return unit === 'bits' ? 'bit' : 'B';
    case 'traffic':
      return unit === 'bits' ? 'bit/s' : 'B/s';
    case 'uniqueness':
      return 'count';
    case 'magnitude':
      return 'bit/address';
  }
}

function cellValue(
  cell: HeatmapCell | null,
  { measure, unit }: HeatmapOptions,
): { value: number | null; exact: string } {
  if (cell === null) return { value: null, exact: '' };
  const some = (value: number | null): { value: number | null; exact: string } => ({
    value,
    exact: value === null ? '' : String(value),
  });
  switch (measure) {
    case 'volume': {
      const exact = unit === 'bits' ? (BigInt(cell.volume) * 8n).toString() : cell.volume;
      return { value: Number(exact), exact };
    }
    case 'traffic':
      return some(cell.traffic === null || unit === 'bits' ? cell.traffic : cell.traffic / 8);
    case 'uniqueness':
      return some(cell.uniques);
    case 'magnitude':
      return some(cell.magnitude);
  }
}

/** Linear from zero, so that twice the value is twice as far along the ramp; log between the ends of the data. */
function toneOf(
  value: number | null,
  { least, most }: { least: number; most: number },
  scale: 'linear' | 'log',
): number | null {
  if (value === null || value <= 0) return null;
  if (scale === 'linear') return value / most;
  return most === least ? 1 : Math.log(value / least) / Math.log(most / least);
}

/** The cell an arrow key leads to, held inside the grid; null for keys that do not move. */
export function moveCell(
  key: string,
  at: { row: number; column: number },
  size: { rows: number; columns: number },
  ctrl = false,
): { row: number; column: number } | null {
  const hold = (value: number, count: number): number => Math.min(count - 1, Math.max(0, value));
  const to = (row: number, column: number) => ({
    row: hold(row, size.rows),
    column: hold(column, size.columns),
  });
  switch (key) {
    case 'ArrowUp':
      return to(at.row - 1, at.column);
    case 'ArrowDown':
      return to(at.row + 1, at.column);
    case 'ArrowLeft':
      return to(at.row, at.column - 1);
    case 'ArrowRight':
      return to(at.row, at.column + 1);
    case 'Home':
      return to(ctrl ? 0 : at.row, 0);
    case 'End':
      return to(ctrl ? size.rows - 1 : at.row, size.columns - 1);
    default:
      return null;
  }
}
