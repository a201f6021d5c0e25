import { printInstant } from '@/lib/flows/urlState';
import { WEEK } from '../data/quarter';

const HOUR = 3600;
const STEP = 300;

/** Points of a series in the pictures that interaction is measured on: the most that can be asked for. */
export const POINTS = 2_000;

/** So many over the quarter that an exporter is hardly ever silent for five minutes: partial steps would be drawn apart. */
export const BROWSER_FLOWS = 3_000_000;

/**
 * The query of a range of 2,000 steps of five minutes (6 d 22 h 40 min) that begins `hours` before the bench's week. A range that nobody
 * has asked before is answered by ClickHouse, and not from the answers that the server keeps.
 */
export function rangeQuery(hours: number): string {
  const from = WEEK.from - hours * HOUR;
  return `from=${printInstant(from)}&to=${printInstant(from + POINTS * STEP)}`;
}
