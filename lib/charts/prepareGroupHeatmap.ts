import type { Figures, GroupAxis, GroupMeasure, GroupRows } from '@/lib/flows/contracts/exploreGroups';
import { compareNetworkTypes } from '@/lib/flows/networkTypes';
import { axisLabel } from './axisLabel';
import { type Change, formatChange, type Quantity } from './format';
import { namesFrom } from './keyLabel';

export type ColorScale = 'linear' | 'log' | 'rank';

/** auto: as the values ask for */
export type ColorScaleChoice = ColorScale | 'auto';

/** A row or a column. */
export interface HeatLine {
  /** null = all others together */
  readonly key: string | null;
  readonly label: string;
}

export interface HeatCell {
  /** null: nothing was seen there */
  readonly value: number | null;
  /** exact decimal string for tables and CSV; '' where there is no value */
  readonly exact: string;
  /** 0 to 1 along the ramp, of a change -1 to 1; null draws no color */
  readonly tone: number | null;
  /** against the range that is compared; its direction is none where that is not known */
  readonly change: Change;
  /** now / before: 0 = gone, infinite = new; null = not compared */
  readonly factor: number | null;
  /** the value of the range that is compared */
  readonly before: number | null;
  readonly thin: boolean;
  readonly share: number;
  readonly plusMinus: number | null;
}

export interface GroupHeatmapModel {
  readonly measure: GroupMeasure;
  readonly quantity: Quantity;
  readonly rowAxis: GroupAxis;
  readonly columnAxis: GroupAxis;
  readonly rows: readonly HeatLine[];
  readonly columns: readonly HeatLine[];
  readonly cells: readonly (readonly HeatCell[])[];
  readonly rowTotals: readonly HeatCell[];
  readonly columnTotals: readonly HeatCell[];
  readonly total: HeatCell;
  /** what totals are called: distinct addresses, ratios and percentiles of everything are no sums of the cells */
  readonly totalLabel: 'Total' | 'All';
  /** cells show changes and not values */
  readonly isDelta: boolean;
  /** ends of the ramp: least non-zero and greatest value; of changes the greatest factor either way (2 = halved and doubled) */
  readonly ends: { readonly least: number; readonly most: number } | null;
  readonly scale: ColorScale;
  readonly thinCells: number;
  /** "12 of 148 metros"; one for each axis with more keys than are shown */
  readonly shown: readonly {
    readonly by: GroupAxis;
    readonly keys: number;
    readonly found: number;
    readonly foundAtLeast: boolean;
  }[];
}

export interface GroupHeatmapOptions {
  readonly measure: GroupMeasure;
  readonly unit: 'bits' | 'bytes';
  readonly scale: ColorScaleChoice;
  readonly delta: boolean;
}

/** Changes by a factor of eight and more look alike. */
const GREATEST_FACTOR = 8;

/** Where nothing changes more than this, the ramp does not exaggerate it. */
const LEAST_FACTOR = 1.1;

/**
 * A few changes beyond the usual would leave all others without a color: the ramp ends at the factor within which four of five cells stay, taken
 * twice. What goes further has the color of the end, and its number tells it.
 */
const USUAL_PART = 0.8;
const USUAL_POWER = 2;

/** Two axes as rows and columns, ready to draw: value, exact text, tone, change, and where data is too thin to trust. */
export function prepareGroupHeatmap(rows: GroupRows, options: GroupHeatmapOptions): GroupHeatmapModel {
  const [rowAxis, columnAxis] = rows.axes;
  if (rowAxis === undefined || columnAxis === undefined || rows.axes.length !== 2) {
    throw new Error('a heatmap has two axes');
  }
  const names = namesFrom(rows.names);
  const at = new Map(rows.cells.map((cell) => [cell.at.join(), cell]));
  const [rowOrder, columnOrder] = [placesOf(rowAxis, rows, 0), placesOf(columnAxis, rows, 1)];
  const line = ({ by, keys }: GroupRows['axes'][number], place: number): HeatLine => {
    const key = keys[place] ?? null;
    return { key, label: key === null ? 'Other' : axisLabel(by, key, names) };
  };
  const plain = rowOrder.map((row) =>
    columnOrder.map((column) => {
      const cell = at.get(`${row},${column}`);
      return cellOf(cell?.now ?? null, cell?.before ?? null, rows.compared !== null, options);
    }),
  );
  const total = (pair: { now: Figures | null; before: Figures | null } | undefined) =>
    cellOf(pair?.now ?? null, pair?.before ?? null, rows.compared !== null, options);
  const isDelta = options.delta && rows.compared !== null;
  const scale = options.scale === 'auto' ? scaleFor(plain, options.measure) : options.scale;
  const { tones, ends } = isDelta ? tonesOfChanges(plain) : tonesOfValues(plain, scale);
  const cells = plain.map((row, r) => row.map((cell, c) => ({ ...cell, tone: tones[r]?.[c] ?? null })));
  return {
    measure: options.measure,
    quantity: quantityOf(options),
    rowAxis: rowAxis.by,
    columnAxis: columnAxis.by,
    rows: rowOrder.map((place) => line(rowAxis, place)),
    columns: columnOrder.map((place) => line(columnAxis, place)),
    cells,
    rowTotals: rowOrder.map((place) => total(rows.totals[0]?.[place])),
    columnTotals: columnOrder.map((place) => total(rows.totals[1]?.[place])),
    total: total(rows.total),
    totalLabel: ['uniqueness', 'magnitude', 'p95'].includes(options.measure) ? 'All' : 'Total',
    isDelta,
    ends,
    scale,
    thinCells: cells.flat().filter(({ thin }) => thin).length,
    shown: rows.axes.flatMap(({ by, keys, found, foundAtLeast }) =>
      foundAtLeast || found > keys.length ? [{ by, keys: keys.length, found, foundAtLeast }] : [],
    ),
  };
}

/** Two orders of magnitude: beyond them a linear ramp shows one cell and gives all others the same color. */
const MOST_LINEAR = 100;

/** Sums are compared as sums and stay linear; ratios such as bits by address differ by factors. */
function scaleFor(cells: readonly (readonly HeatCell[])[], measure: GroupMeasure): ColorScale {
  if (measure !== 'magnitude') return 'linear';
  const values = cells.flat().flatMap(({ value }) => (value !== null && value > 0 ? [value] : []));
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return values.some((value) => most / value > MOST_LINEAR) ? 'log' : 'linear';
}

/** Positions of an axis as they are drawn: types in stack order, regions by name, all else as it comes; all others last, where there are any. */
function placesOf({ by, keys }: GroupRows['axes'][number], rows: GroupRows, axis: number): number[] {
  const places = keys.map((_, place) => place);
  const key = (place: number) => keys[place] ?? '';
  if (by === 'type') places.sort((a, b) => compareNetworkTypes(key(a), key(b)));
  if (by === 'region' || by === 'ip' || by === 'direction') places.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const others = rows.cells.some(({ at }) => at[axis] === keys.length);
  return others ? [...places, keys.length] : places;
}

export function quantityOf({ measure, unit }: Pick<GroupHeatmapOptions, 'measure' | 'unit'>): Quantity {
  switch (measure) {
    case 'volume':
      return unit === 'bits' ? 'bit' : 'B';
    case 'traffic':
    case 'p95':
      return unit === 'bits' ? 'bit/s' : 'B/s';
    case 'packets':
    case 'flowRecords':
    case 'uniqueness':
      return 'count';
    case 'magnitude':
      return 'bit/address';
    default:
      throw new Error(`a heatmap of ${measure} is not drawn`);
  }
}

function cellOf(
  now: Figures | null,
  before: Figures | null,
  isCompared: boolean,
  options: GroupHeatmapOptions,
): HeatCell {
  const { value, exact } = shownValue(now, options);
  const then = shownValue(before, options).value;
  // Volumes of two periods are compared as rates: they may be of different lengths, and not covered alike.
  const compared = (figures: Figures | null): number | null => {
    if (figures === null) return 0;
    return options.measure === 'volume' ? figures.rate : shownValue(figures, options).value;
  };
  const isKnown = isCompared && (now !== null || before !== null);
  const [current, earlier] = isKnown ? [compared(now), compared(before)] : [null, null];
  return {
    value,
    exact,
    tone: null,
    change: formatChange(current, earlier),
    factor: factorOf(current, earlier),
    before: then,
    thin: now?.fewPackets ?? false,
    share: now?.share ?? 0,
    plusMinus: options.measure === 'uniqueness' ? (now?.plusMinus ?? null) : null,
  };
}

function shownValue(
  figures: Figures | null,
  { measure, unit }: GroupHeatmapOptions,
): { value: number | null; exact: string } {
  if (figures === null) return { value: null, exact: '' };
  const some = (value: number | null) => ({ value, exact: value === null ? '' : String(value) });
  const bytes = unit === 'bytes';
  switch (measure) {
    case 'volume': {
      const exact = bytes ? figures.sum : (BigInt(figures.sum) * 8n).toString();
      return { value: Number(exact), exact };
    }
    case 'packets':
    case 'flowRecords':
      return { value: Number(figures.sum), exact: figures.sum };
    case 'traffic':
      return some(figures.rate === null || !bytes ? figures.rate : figures.rate / 8);
    case 'p95':
      return some(figures.p95 === null || !bytes ? figures.p95 : figures.p95 / 8);
    case 'uniqueness':
      return some(figures.addresses);
    default:
      return some(figures.magnitude);
  }
}

type Toned = { tones: (number | null)[][]; ends: { least: number; most: number } | null };

function tonesOfValues(cells: readonly (readonly HeatCell[])[], scale: ColorScale): Toned {
  const values = cells.flat().flatMap(({ value }) => (value !== null && value > 0 ? [value] : []));
  if (values.length === 0) return { tones: cells.map((row) => row.map(() => null)), ends: null };
  const sorted = [...values].sort((a, b) => a - b);
  const least = sorted[0] ?? 0;
  const most = sorted.at(-1) ?? 0;
  const rank = new Map(sorted.map((value, i) => [value, sorted.length === 1 ? 1 : i / (sorted.length - 1)]));
  const tone = (value: number): number => {
    if (scale === 'rank') return rank.get(value) ?? 0;
    // Linear from zero, so that twice the value is twice as far along the ramp; log between the ends of the data.
    if (scale === 'linear') return value / most;
    return most === least ? 1 : Math.log(value / least) / Math.log(most / least);
  };
  return {
    tones: cells.map((row) => row.map(({ value }) => (value !== null && value > 0 ? tone(value) : null))),
    ends: { least, most },
  };
}

/** Doubled is as far from the middle as halved. What is new or gone stands at the end. */
function tonesOfChanges(cells: readonly (readonly HeatCell[])[]): Toned {
  const factors = cells
    .flat()
    .flatMap(({ factor }) =>
      factor === null || factor === 0 || !Number.isFinite(factor) ? [] : [Math.max(factor, 1 / factor)],
    )
    .sort((a, b) => a - b);
  const widest = factors.at(-1) ?? 1;
  const usual = factors[Math.ceil(factors.length * USUAL_PART) - 1] ?? 1;
  const most = Math.min(GREATEST_FACTOR, Math.max(LEAST_FACTOR, Math.min(widest, usual ** USUAL_POWER)));
  const tone = (factor: number | null): number | null => {
    if (factor === null) return null;
    if (factor === 0) return -1;
    return Math.max(-1, Math.min(1, Math.log(factor) / Math.log(most)));
  };
  return {
    tones: cells.map((row) => row.map(({ factor }) => tone(factor))),
    ends: { least: 1 / most, most },
  };
}

function factorOf(now: number | null, before: number | null): number | null {
  if (now === null || before === null) return null;
  if (before === 0) return now === 0 ? 1 : Number.POSITIVE_INFINITY;
  return now / before;
}
