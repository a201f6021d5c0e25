import { ADDRESSES, DIMENSION_LABEL, type Dimension } from './dimensions';
import { countsAddresses, isAdditive, MEASURE_LABEL, type Measure } from './measures';
import { HEAVY_TABLES, hasDimensions, KEPT_HEAVIEST, TABLE_FACTS, TABLES, type Table } from './tables';

/**
 * How a measure can be answered by a dimension. `exact`: sums or exact order statistics from a rollup kept for years; `sketch`: merged
 * states with a stated error, for years; `raw`: only about as long as raw flows are kept; `none`: never.
 */
export type Answerable = 'exact' | 'sketch' | 'raw' | 'none';

export interface Answerability {
  how: Answerable;
  /** rollups that answer, finest first and the narrowest of equal slots first; raw flows stand in while they are kept */
  tables: readonly Table[];
  /** in words, for a greyed control or an error; empty where nothing limits the answer */
  why: string;
  /** what to change where the answer is limited */
  change: string;
}

/** Ways to count distinct addresses, finest periods first. The first whose tables all hold the dimensions is taken. */
export const UNIQUE_FAMILIES = [
  ['uniques_1h', 'uniques_1d', 'uniques_10d', 'uniques_1mo'],
  ['endpoints_1d', 'uniques_asn_1mo'],
  ['endpoints_1d', 'uniques_place_1mo'],
  ['endpoints_1d'],
  ['pairs_1d'],
] as const satisfies readonly (readonly Table[])[];

/** A whole dimension cannot be compared with itself in a distinct count. */
const MEANINGLESS: readonly Dimension[] = ['remoteAddress'];

const SLOT_OF_P95 = { p95: 300, p95Hourly: 3_600 } as const;

function rollupsFor(measure: Measure, dimensions: readonly Dimension[]): readonly Table[] {
  const holds = (table: Table) => hasDimensions(table, dimensions);
  if (countsAddresses(measure)) return UNIQUE_FAMILIES.find((family) => family.every(holds)) ?? [];
  const sums = TABLES.filter((table) => table !== 'flows' && TABLE_FACTS[table].additive && holds(table));
  return measure === 'p95' || measure === 'p95Hourly'
    ? sums.filter((table) => TABLE_FACTS[table].slotSeconds === SLOT_OF_P95[measure])
    : sums;
}

/** Of older single addresses only the heaviest of each month are left, by what the lists hold. */
function heavyHint(measure: Measure, dimensions: readonly Dimension[]): string {
  const isByAddress = dimensions.some((dimension) => ADDRESSES.includes(dimension));
  const isListed = HEAVY_TABLES.some((table) => hasDimensions(table, dimensions));
  return isAdditive(measure) && isByAddress && isListed
    ? `; of older months the ${KEPT_HEAVIEST.toLocaleString('en-US')} heaviest of each region and network type are kept, by whole UTC months`
    : '';
}

/** Whether and how a measure can be split and filtered by all these dimensions together. */
export function answerable(measure: Measure, dimensions: readonly Dimension[]): Answerability {
  const names = dimensions.map((dimension) => DIMENSION_LABEL[dimension]).join(', ');
  if (countsAddresses(measure) && dimensions.some((dimension) => MEANINGLESS.includes(dimension))) {
    return {
      how: 'none',
      tables: [],
      why: `${MEASURE_LABEL[measure]} by remote address is always about one address`,
      change: 'Choose volume or traffic by remote address, or another dimension.',
    };
  }
  const tables = rollupsFor(measure, dimensions);
  if (tables.some((table) => TABLE_FACTS[table].age === 'years')) {
    return { how: countsAddresses(measure) ? 'sketch' : 'exact', tables, why: '', change: '' };
  }
  const [shortLived] = tables;
  if (shortLived !== undefined) {
    return {
      how: 'raw',
      tables,
      why: `${MEASURE_LABEL[measure]} by ${names} is kept only by day in ${shortLived}, about as long as raw flows${heavyHint(measure, dimensions)}`,
      change: 'Drop a dimension, or choose a range for which it is kept.',
    };
  }
  return {
    how: 'raw',
    tables: [],
    why: `no rollup holds ${MEASURE_LABEL[measure]} by ${names} together: only raw flows can answer`,
    change:
      measure === 'p95' && answerable('p95Hourly', dimensions).how === 'exact'
        ? `Choose the ${MEASURE_LABEL.p95Hourly}, drop a dimension, or choose a range for which raw flows are kept.`
        : `Drop a dimension, or choose a range for which raw flows are kept (slots of ${TABLE_FACTS.flows.slot}).`,
  };
}
