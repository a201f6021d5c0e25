import { DIMENSION_LABEL, type Dimension } from './dimensions';
import { countsAddresses, MEASURE_LABEL, type Measure } from './measures';
import { hasDimensions, TABLE_FACTS, type Table } from './tables';

/**
 * How a measure can be answered by a dimension. `exact`: sums or exact order statistics from a rollup kept for years; `sketch`: merged
 * states with a stated error, for years; `raw`: only while raw flows are kept; `none`: never.
 */
export type Answerable = 'exact' | 'sketch' | 'raw' | 'none';

export interface Answerability {
  how: Answerable;
  /** rollups that answer, coarsest first; raw flows stand in while they are kept */
  tables: readonly Table[];
  /** in words, for a greyed control or an error; empty where nothing limits the answer */
  why: string;
  /** what to change where the answer is limited */
  change: string;
}

const ADDITIVE_ROLLUPS = ['traffic_1h', 'traffic_5m', 'links_5m'] as const satisfies readonly Table[];
const FIVE_MINUTE_ROLLUPS = ['traffic_5m', 'links_5m'] as const satisfies readonly Table[];
const UNIQUE_ROLLUPS = ['uniques_1mo', 'uniques_1d', 'uniques_1h'] as const satisfies readonly Table[];

/** A whole dimension cannot be compared with itself in a distinct count. */
const MEANINGLESS: readonly Dimension[] = ['remoteAddress'];

function rollupsFor(measure: Measure): readonly Table[] {
  if (countsAddresses(measure)) return UNIQUE_ROLLUPS;
  return measure === 'p95' ? FIVE_MINUTE_ROLLUPS : ADDITIVE_ROLLUPS;
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
  const tables = rollupsFor(measure).filter((table) => hasDimensions(table, dimensions));
  if (tables.length > 0)
    return { how: countsAddresses(measure) ? 'sketch' : 'exact', tables, why: '', change: '' };
  return {
    how: 'raw',
    tables: [],
    why: `no rollup holds ${MEASURE_LABEL[measure]} by ${names} together: only raw flows can answer`,
    change: `Drop a dimension, or choose a range for which raw flows are kept (slots of ${TABLE_FACTS.flows.slot}).`,
  };
}
