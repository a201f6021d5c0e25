import { answerable } from './answerable';
import { DIMENSION_LABEL, DIMENSIONS, type Dimension } from './dimensions';
import { MEASURE_LABEL, type Measure } from './measures';
import { TABLE_FACTS, type Table } from './tables';

/** Measures that are answered alike, under the name of the first. */
const COLUMNS: readonly { title: string; measure: Measure }[] = [
  { title: 'traffic, volume, packets, flow records', measure: 'volume' },
  { title: MEASURE_LABEL.p95, measure: 'p95' },
  { title: MEASURE_LABEL.p95Hourly, measure: 'p95Hourly' },
  { title: 'uniqueness, magnitude', measure: 'uniqueness' },
];

/** How long in words, and from which table for years. */
function cell(measure: Measure, dimension: Dimension): string {
  const { how, tables } = answerable(measure, [dimension]);
  if (how === 'none') return 'not answered: always one address';
  if (tables.length === 0) return 'raw flows only';
  const years = tables.filter((table) => TABLE_FACTS[table].age === 'years');
  if (years.length === 0) return `as long as raw, by day (\`${tables[0]}\`)`;
  const widest = slotsOf(years);
  return how === 'exact' ? `exact, for years${widest}` : `merged states, for years${widest}`;
}

/** The finest slots that are kept for years, in brackets. */
function slotsOf(years: readonly Table[]): string {
  const [finest] = years;
  return finest === undefined ? '' : ` (from ${TABLE_FACTS[finest].slot})`;
}

/** The matrix of what can be answered, as the Markdown table of the catalogue: one dimension a row, in the order of `DIMENSIONS`. */
export function answerMatrix(): string {
  const rows = DIMENSIONS.map((dimension) => [
    DIMENSION_LABEL[dimension],
    ...COLUMNS.map(({ measure }) => cell(measure, dimension)),
  ]);
  const header = ['by', ...COLUMNS.map(({ title }) => title)];
  return [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
